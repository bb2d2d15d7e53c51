import { once } from 'node:events'
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { createServer, type TlsOptions } from 'node:tls'

export interface SyslogReceiver {
  readonly port: number
  /** Whole lines, without their length, in the order they came; also those that came twice. */
  readonly lines: string[]
  readonly connections: () => number
  /** From here on each connection is broken off after so many lines; undefined: none is. */
  breakAfter(lines: number | undefined): void
  close(): Promise<void>
}

/** A receiver of syslog with octet counting, over TLS or, without options, plain TCP; on a port that was free, or this one. */
export async function openSyslogReceiver(tls: TlsOptions | undefined, port = 0): Promise<SyslogReceiver> {
  const lines: string[] = []
  const open = new Set<Socket>()
  let limit: number | undefined
  let connections = 0
  const receive = (socket: Socket): void => {
    connections += 1
    open.add(socket)
    socket.once('close', () => open.delete(socket))
    socket.on('error', () => undefined)
    let left = limit
    let waiting = Buffer.alloc(0)
    socket.on('data', (bytes) => {
      waiting = Buffer.concat([waiting, bytes])
      for (;;) {
        const digits = /^\d+ /.exec(waiting.subarray(0, 12).toString('latin1'))?.[0]
        const end = (digits?.length ?? 0) + Number(digits)
        if (digits === undefined || waiting.length < end) return
        // What comes after the break was never read by anybody.
        if (left === 0) {
          socket.destroy()
          return
        }
        if (left !== undefined) left -= 1
        lines.push(waiting.subarray(digits.length, end).toString('utf8'))
        waiting = waiting.subarray(end)
      }
    })
  }
  const server: Server = tls === undefined ? createTcpServer(receive) : createServer(tls, receive)
  server.on('tlsClientError', () => undefined)
  server.listen(port, 'localhost')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    lines,
    connections: () => connections,
    breakAfter: (given) => void (limit = given),
    async close() {
      server.close()
      for (const socket of open) socket.destroy()
      if (server.listening) await once(server, 'close')
    },
  }
}
