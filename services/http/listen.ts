import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Pacs } from '../../core/pacs.ts'
import type { App } from './app.ts'

export interface Listening {
  readonly url: string
  /** Stops taking requests, lets those under way end for up to `drainMs`, then cuts them. */
  close(drainMs: number): Promise<void>
}

/** Listens where the configuration says. Uploads may last hours, so only silence ends a request, not its length. */
export async function listen(pacs: Pacs, app: App): Promise<Listening> {
  const server = createServer(app.koa.callback())
  server.requestTimeout = 0
  server.headersTimeout = 60_000
  server.keepAliveTimeout = 65_000
  server.on('connection', (socket) => socket.setNoDelay(true))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(pacs.config.port, pacs.config.host, resolve)
  })
  const { address, port, family } = server.address() as AddressInfo
  const host =
    address === '0.0.0.0' || address === '::' ? 'localhost' : family === 'IPv6' ? `[${address}]` : address
  return { url: `http://${host}:${port}`, close: (drainMs) => drain(server, drainMs) }
}

async function drain(server: Server, drainMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  const cut = setTimeout(() => server.closeAllConnections(), drainMs)
  await closed
  clearTimeout(cut)
}
