import { readFile } from 'node:fs/promises'
import type { Server } from 'node:http'
import { createSecureServer, type Http2SecureServer, type ServerHttp2Session } from 'node:http2'
import type { Socket } from 'node:net'
import { createSecureContext } from 'node:tls'
import { ConfigError, type Config } from '../../core/config.ts'
import { StreamAnswer, StreamRequest, type Handler } from './messages.ts'

type TlsFiles = NonNullable<Config['tls']>

/** Its types do not know what it has of HTTP/1.1. */
type NodeServer = Http2SecureServer & Partial<Pick<Server, 'closeIdleConnections'>>

export interface TlsServer {
  readonly server: NodeServer
  /** Takes the files up again if they changed: a certificate lasts for weeks, a process for months. True when they had. */
  renew(): Promise<boolean>
  /** Tells who speaks HTTP/2 to ask no more (GOAWAY): what they asked is answered, then their connections end. */
  endSessions(): void
  /** Ends the connections by HTTP/1.1 on which nothing is asked. */
  closeIdle(): void
  /** Cuts every connection. */
  cut(): void
}

/** How long a connection may be silent while nothing is asked on it. Milliseconds. */
export const IDLE_MS = 65_000

/**
 * What one connection may have under way, and how much of an upload may be on its way to a reader who is slower: enough for
 * 10 MB/s over 100 ms; a stream's share, then the connection's, for which it may hold memory. Bytes.
 */
const MOST_STREAMS = 128
const STREAM_WINDOW = 1 << 20
const CONNECTION_WINDOW = 4 << 20
/**
 * What may wait on a connection to be sent, beyond which Node refuses every further request on it (ENHANCE_YOUR_CALM). Its own ten
 * megabytes are five frames of a radiograph on a slow link; HTTP/1.1 has no such limit. Megabytes.
 */
const MOST_WAITING = 2_000
/** Of frames that break the rules, and of streams beyond the most, before a connection is cut. */
const MOST_INVALID_FRAMES = 100
const MOST_REJECTED_STREAMS = 100

/**
 * A server that speaks HTTP/2 and, for who does not, HTTP/1.1, over TLS 1.2 or newer. Streams that are opened and reset at once
 * (CVE-2023-44487) are counted by Node's library, which ends such a connection. Errors: ConfigError when the files cannot be read
 * or do not belong together.
 */
export async function openTlsServer(files: TlsFiles, handler: Handler, idleMs = IDLE_MS): Promise<TlsServer> {
  let used = await readPair(files)
  const server: NodeServer = createSecureServer(
    {
      ...used,
      allowHTTP1: true,
      Http2ServerRequest: StreamRequest,
      Http2ServerResponse: StreamAnswer,
      maxSessionMemory: MOST_WAITING,
      maxSessionInvalidFrames: MOST_INVALID_FRAMES,
      maxSessionRejectedStreams: MOST_REJECTED_STREAMS,
      settings: { maxConcurrentStreams: MOST_STREAMS, initialWindowSize: STREAM_WINDOW },
    },
    handler,
  )
  // It speaks HTTP/1.1 by the code of Node's own server, which finds these where that would keep them.
  Object.assign(server, { requireHostHeader: true })
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  const sessions = new Set<ServerHttp2Session>()
  server.on('session', (session) => {
    sessions.add(session)
    session.once('close', () => sessions.delete(session))
    session.setLocalWindowSize(CONNECTION_WINDOW)
    endWhenIdle(session, idleMs)
  })
  return {
    server,
    async renew() {
      const found = await readPair(files)
      if (found.cert.equals(used.cert) && found.key.equals(used.key)) return false
      server.setSecureContext(found)
      used = found
      return true
    },
    endSessions: () => sessions.forEach((session) => session.close()),
    closeIdle: () => server.closeIdleConnections?.(),
    cut: () => sockets.forEach((socket) => socket.destroy()),
  }
}

/** What is asked may take its time in silence; a connection on which nothing is asked may not. */
function endWhenIdle(session: ServerHttp2Session, idleMs: number): void {
  let open = 0
  session.on('stream', (stream) => {
    open++
    stream.once('close', () => open--)
  })
  session.setTimeout(idleMs)
  // Not by its callback, which hears the first silence alone.
  session.on('timeout', () => {
    if (open === 0) session.close()
  })
}

async function readPair({ certificate, key }: TlsFiles): Promise<{ cert: Buffer; key: Buffer }> {
  const pair = {
    cert: await readPem(certificate, 'YUNYING_TLS_CERT'),
    key: await readPem(key, 'YUNYING_TLS_KEY'),
  }
  try {
    createSecureContext(pair)
  } catch (error) {
    throw new ConfigError(
      [
        'YUNYING_TLS_CERT, YUNYING_TLS_KEY: the files do not hold a certificate and the key that belongs to it, as PEM',
      ],
      { cause: error },
    )
  }
  return pair
}

async function readPem(path: string, variable: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (error) {
    throw new ConfigError([`${variable}: the file cannot be read by this user`], { cause: error })
  }
}
