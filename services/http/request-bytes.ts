import { constants } from 'node:http2'
import type Koa from 'koa'
import { streamOf, type Request } from './messages.ts'

/** A sender may be slow, but not silent for longer than this. Milliseconds. */
const LONGEST_SILENCE = 60_000

/** What is read of a body nobody wants, so that the sender gets to read the answer. */
const LARGEST_DRAIN = 64 * 2 ** 20
const LONGEST_DRAIN = 10_000

/** What is held of a body before its sender has to wait: while one piece is worked on, the next ones arrive. Bytes. */
const MOST_HELD = 512 * 1024

/**
 * The bytes of a request's body as they arrive, with back-pressure. Ends the connection (by HTTP/2: the stream) when the sender is silent for
 * too long while somebody waits for its bytes (time spent on our side does not count). Stopping early leaves the
 * request open, so that it can still be answered. Errors: ECONNRESET when the client goes away.
 */
export function requestBytes(
  request: Request,
  longestSilence = LONGEST_SILENCE,
): AsyncIterableIterator<Uint8Array> {
  return new RequestBytes(request, longestSilence)
}

interface Waiting {
  readonly resolve: (result: IteratorResult<Uint8Array, undefined>) => void
  readonly reject: (error: Error) => void
}

/** Takes chunks as the connection gives them: an iterator of the stream's own would stop and start it at each. */
class RequestBytes implements AsyncIterableIterator<Uint8Array> {
  readonly #request: Request
  readonly #longestSilence: number
  /** From the first byte that somebody asks for. */
  #silence: NodeJS.Timeout | undefined
  readonly #held: Uint8Array[] = []
  #heldBytes = 0
  #waiting: Waiting | undefined
  #end: 'none' | 'whole' | Error = 'none'

  constructor(request: Request, longestSilence: number) {
    this.#request = request
    this.#longestSilence = longestSilence
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<IteratorResult<Uint8Array, undefined>> {
    const chunk = this.#held.shift()
    if (chunk !== undefined) {
      this.#heldBytes -= chunk.length
      if (this.#heldBytes < MOST_HELD) this.#request.resume()
      return Promise.resolve({ done: false, value: chunk })
    }
    if (this.#end === 'whole') return Promise.resolve({ done: true, value: undefined })
    if (this.#end !== 'none') return Promise.reject(this.#end)
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject }
      if (this.#silence === undefined) this.#start()
      else this.#silence.refresh()
    })
  }

  #start(): void {
    this.#silence = setTimeout(() => this.#cut(), this.#longestSilence)
    this.#request.on('data', this.#take)
    this.#request.on('end', this.#finish)
    this.#request.on('close', this.#finish)
    this.#request.on('error', this.#fail)
  }

  return(): Promise<IteratorResult<Uint8Array, undefined>> {
    clearTimeout(this.#silence)
    this.#request.off('data', this.#take)
    if (this.#silence !== undefined && this.#end === 'none') this.#request.pause()
    this.#end = 'whole'
    this.#held.length = 0
    return Promise.resolve({ done: true, value: undefined })
  }

  readonly #take = (chunk: Uint8Array): void => {
    const waiting = this.#waiting
    if (waiting !== undefined) {
      this.#waiting = undefined
      waiting.resolve({ done: false, value: chunk })
      return
    }
    this.#held.push(chunk)
    this.#heldBytes += chunk.length
    if (this.#heldBytes >= MOST_HELD) this.#request.pause()
  }

  /** Node ends quietly when the connection was cut between two chunks, or the stream was reset. */
  readonly #finish = (): void => {
    if (!this.#request.readableEnded || this.#request.aborted)
      return this.#fail(connectionReset('the connection was cut'))
    clearTimeout(this.#silence)
    if (this.#end === 'none') this.#end = 'whole'
    this.#waiting?.resolve({ done: true, value: undefined })
    this.#waiting = undefined
  }

  readonly #fail = (error: Error): void => {
    clearTimeout(this.#silence)
    if (this.#end === 'none') this.#end = error
    this.#waiting?.reject(error)
    this.#waiting = undefined
  }

  #cut(): void {
    if (this.#waiting !== undefined) {
      this.#request.destroy(connectionReset('the sender was silent for too long'))
    }
  }
}

const connectionReset = (message: string): Error => Object.assign(new Error(message), { code: 'ECONNRESET' })

/**
 * Reads and drops what is left of a body after an early answer, within limits: a client that is still sending would
 * otherwise lose the answer with the connection.
 */
export function drainRequest(ctx: Koa.Context): void {
  const req: Request = ctx.req
  if (req.complete || req.destroyed) return
  const stream = streamOf(req)
  if (stream === undefined) ctx.set('Connection', 'close')
  // Once the answer is sent the rest need not come (RFC 9113 8.1).
  else stream.once('finish', () => stream.close(constants.NGHTTP2_NO_ERROR))
  let left = LARGEST_DRAIN
  const tooLong = setTimeout(() => req.destroy(), LONGEST_DRAIN)
  req.on('data', (chunk: Buffer) => {
    left -= chunk.length
    if (left < 0) req.destroy()
  })
  req.once('close', () => clearTimeout(tooLong))
  req.on('error', () => clearTimeout(tooLong))
  req.resume()
}
