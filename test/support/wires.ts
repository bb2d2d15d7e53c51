import { connect, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2'
import { Agent, request } from 'node:https'

export interface WireRequest {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array | string
}

export interface WireAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}

/** A way to ask a server whose certificate is known. */
export interface Wire {
  /** The whole answer. Errors: what the connection says when the answer breaks off. */
  ask(path: string, asked?: WireRequest): Promise<WireAnswer>
  close(): void
}

const anyName = (): undefined => undefined

export function byHttp1(url: string, cert: string): Wire {
  const agent = new Agent({ ca: cert, checkServerIdentity: anyName, keepAlive: true })
  return {
    ask: (path, { method = 'GET', headers = {}, body } = {}) =>
      new Promise((resolve, reject) => {
        const asked = request(url + path, { method, headers, agent }, (answer) => {
          const chunks: Buffer[] = []
          answer.on('data', (chunk: Buffer) => chunks.push(chunk))
          answer.once('error', reject)
          answer.once('end', () =>
            resolve({
              status: answer.statusCode ?? 0,
              headers: answer.headers,
              body: Buffer.concat(chunks),
            }),
          )
        })
        asked.once('error', reject)
        asked.end(body)
      }),
    close: () => agent.destroy(),
  }
}

export interface Http2Wire extends Wire {
  readonly session: ClientHttp2Session
  /** A stream that was asked for, once its answer has begun. */
  open(path: string, asked?: WireRequest): Promise<ClientHttp2Stream>
}

/** One connection, all requests on it. */
export function byHttp2(url: string, cert: string): Http2Wire {
  const session = connect(url, {
    ca: cert,
    checkServerIdentity: anyName,
    // Of what waits to be sent, Node's client takes ten megabytes, and a test says all of it at once.
    maxSessionMemory: 1000,
  })
  session.on('error', () => undefined)
  const begin = ({ method = 'GET', headers = {}, body }: WireRequest, path: string): ClientHttp2Stream => {
    // What HTTP/1.1 sends of a body that it knows.
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    const stream = session.request({ ':method': method, ':path': path, ...length, ...headers })
    stream.end(body)
    return stream
  }
  return {
    session,
    ask: (path, asked = {}) =>
      new Promise((resolve, reject) => {
        const stream = begin(asked, path)
        const chunks: Buffer[] = []
        let head: Record<string, string | string[] | undefined> = {}
        stream.once('response', (headers) => (head = headers as typeof head))
        stream.on('data', (chunk: Buffer) => chunks.push(chunk))
        stream.once('error', reject)
        stream.once('aborted', () => reject(new Error('the answer was broken off')))
        stream.once('end', () =>
          resolve({ status: Number(head[':status']), headers: head, body: Buffer.concat(chunks) }),
        )
      }),
    open: (path, asked = {}) =>
      new Promise((resolve, reject) => {
        const stream = begin(asked, path)
        stream.once('response', () => resolve(stream))
        stream.once('error', reject)
      }),
    close: () => session.destroy(),
  }
}
