import http from 'node:http'
import https from 'node:https'

/** A server that says nothing for so long while we wait for it is down. Milliseconds. */
const SILENCE_MS = 10_000
const MOST_SOCKETS = 128
/** Answers the client gives up without reading; unread, they would keep their sockets. */
const UNREAD = new Set([408, 429, 499, 500, 502, 503, 504, 520])

export interface S3Transport {
  readonly transport: { request: typeof http.request }
  readonly agent: http.Agent
}

/** Requests over kept connections, each with a deadline for silence: connecting, sending and waiting for an answer. */
export function createS3Transport(tls: boolean): S3Transport {
  const options = { keepAlive: true, maxSockets: MOST_SOCKETS }
  const agent = tls ? new https.Agent(options) : new http.Agent(options)
  const send = tls ? https.request : http.request

  const request = (
    given: http.RequestOptions,
    onResponse: (response: http.IncomingMessage) => void,
  ): http.ClientRequest => {
    const sent = send({ ...given, agent, timeout: SILENCE_MS }, onResponse)
    sent.on('timeout', () => sent.destroy(timedOut()))
    sent.on('response', (response) => {
      if (UNREAD.has(response.statusCode ?? 0)) response.resume()
    })
    return sent
  }
  return { transport: { request: request as typeof http.request }, agent }
}

/**
 * The body of an answer as the reader asks for it. A reader may take its time; the server may not. Leaving the loop,
 * `return()` before the first byte and aborting all free the connection. Faults go through `translate`.
 */
export function readBody(
  response: NodeJS.ReadableStream,
  translate: (error: unknown) => unknown,
  signal?: AbortSignal,
): AsyncIterableIterator<Uint8Array> {
  const body = response as http.IncomingMessage
  body.setTimeout(0)
  const chunks = body[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>
  const abort = (): void => void body.destroy(new Error('the reader went away'))
  signal?.addEventListener('abort', abort, { once: true })
  if (signal?.aborted === true) abort()

  return {
    async next() {
      const late = setTimeout(() => body.destroy(timedOut()), SILENCE_MS)
      try {
        const next = await chunks.next()
        if (next.done === true) signal?.removeEventListener('abort', abort)
        return next
      } catch (error) {
        throw translate(error)
      } finally {
        clearTimeout(late)
      }
    },
    return() {
      signal?.removeEventListener('abort', abort)
      if (!body.readableEnded) body.destroy()
      return Promise.resolve({ done: true, value: undefined })
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

function timedOut(): Error {
  return Object.assign(new Error('the object store does not answer'), { code: 'ETIMEDOUT' })
}
