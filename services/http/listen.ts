import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { ConfigError, type Config } from '../../core/config.ts'
import type { Logger } from '../../core/ports/logger.ts'
import type { Handler } from './messages.ts'
import { IDLE_MS, openTlsServer, type TlsServer } from './tls-server.ts'

const RENEW_MS = 3_600_000

export interface Listening {
  readonly url: string
  /** From now on requests are answered; until then they are told that the service is starting. */
  serve(handler: Handler): void
  /** Stops taking requests, lets those under way end for up to `drainMs`, then cuts them. */
  close(drainMs: number): Promise<void>
}

/**
 * Takes the address the configuration names, before anything is made that a second process would make too. Uploads may
 * last hours, so only silence ends a request, not its length. Errors: ConfigError when the address cannot be had, or the
 * certificate.
 */
export async function listen(
  config: Pick<Config, 'host' | 'port' | 'tls'>,
  log: Pick<Logger, 'info' | 'warn'>,
): Promise<Listening> {
  let handler = starting
  const answer: Handler = (request, response) => handler(request, response)
  const tls = config.tls === undefined ? undefined : await openTlsServer(config.tls, answer)
  const open = tls ?? openPlainServer(answer)
  const { server } = open
  Object.assign(server, { requestTimeout: 0, headersTimeout: 60_000, keepAliveTimeout: IDLE_MS })
  server.on('connection', (socket: Socket) => socket.setNoDelay(true))
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(addressFault(error) ?? error))
    server.listen(config.port, config.host, resolve)
  })
  const { address, port, family } = server.address() as AddressInfo
  const host =
    address === '0.0.0.0' || address === '::' ? 'localhost' : family === 'IPv6' ? `[${address}]` : address
  const renewing =
    tls === undefined ? undefined : setInterval(() => void renewQuietly(tls, log), RENEW_MS).unref()
  return {
    url: `${tls === undefined ? 'http' : 'https'}://${host}:${port}`,
    serve: (next) => (handler = next),
    close: (drainMs) => {
      clearInterval(renewing)
      return drain(open, drainMs)
    },
  }
}

async function renewQuietly(tls: TlsServer, log: Pick<Logger, 'info' | 'warn'>): Promise<void> {
  try {
    if (await tls.renew()) log.info({}, 'a new certificate is used')
  } catch (error) {
    log.warn({ err: error }, 'the certificate cannot be read; the one before is used on')
  }
}

const FAULTS: Readonly<Record<string, string>> = {
  EADDRINUSE:
    'YUNYING_PORT: another program listens there, perhaps another Yunying; stop it, or set another port (it is 8080 unless set)',
  EACCES:
    'YUNYING_PORT: this user may not listen there (ports below 1024 belong to root); set another port, and put a proxy in front',
  EADDRNOTAVAIL:
    'YUNYING_HOST: this machine has no such address; 127.0.0.1 is itself, 0.0.0.0 is all of its addresses',
  ENOTFOUND:
    'YUNYING_HOST: no address is known by this name; 127.0.0.1 is this machine, 0.0.0.0 is all of its addresses',
}

function addressFault(error: Error): ConfigError | undefined {
  const fault = 'code' in error && typeof error.code === 'string' ? FAULTS[error.code] : undefined
  return fault === undefined ? undefined : new ConfigError([fault], { cause: error })
}

const starting: Handler = (request, response) => {
  response.statusCode = 503
  response.setHeader('Content-Type', 'application/problem+json')
  response.setHeader('Retry-After', '1')
  if (request.httpVersionMajor < 2) response.setHeader('Connection', 'close')
  const problem = { type: 'about:blank', title: 'Service Unavailable', status: 503 }
  response.end(
    JSON.stringify({ ...problem, code: 'starting', detail: 'The service is starting. Try again.' }),
  )
}

interface OpenServer {
  readonly server: Server | TlsServer['server']
  endSessions(): void
  closeIdle(): void
  cut(): void
}

function openPlainServer(answer: Handler): OpenServer {
  const server = createServer(answer)
  return {
    server,
    endSessions: () => undefined,
    closeIdle: () => server.closeIdleConnections(),
    cut: () => server.closeAllConnections(),
  }
}

/** Between two looks at what has become idle meanwhile. Milliseconds. */
const DRAIN_EVERY_MS = 200

async function drain({ server, endSessions, closeIdle, cut }: OpenServer, drainMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  endSessions()
  const ending = setInterval(closeIdle, DRAIN_EVERY_MS)
  const tooLong = setTimeout(cut, drainMs)
  await closed
  clearInterval(ending)
  clearTimeout(tooLong)
}
