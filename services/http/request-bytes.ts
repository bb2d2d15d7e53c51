import type { IncomingMessage } from 'node:http'
import type Koa from 'koa'

/** A sender may be slow, but not silent for longer than this. Milliseconds. */
const LONGEST_SILENCE = 60_000

/** What is read of a body nobody wants, so that the sender gets to read the answer. */
const LARGEST_DRAIN = 64 * 2 ** 20
const LONGEST_DRAIN = 10_000

/**
 * The bytes of a request's body as they arrive, with back-pressure. Ends the connection when the sender is silent for
 * too long while somebody waits for its bytes (time spent on our side does not count). Stopping early leaves the
 * request open, so that it can still be answered. Errors: ECONNRESET when the client goes away.
 */
export async function* requestBytes(
  request: IncomingMessage,
  longestSilence = LONGEST_SILENCE,
): AsyncGenerator<Uint8Array, void, undefined> {
  const chunks = request.iterator({ destroyOnReturn: false })
  const cut = (): unknown => request.destroy(connectionReset('the sender was silent for too long'))
  try {
    for (;;) {
      const silence = setTimeout(cut, longestSilence)
      const { done, value } = (await chunks.next().finally(() => clearTimeout(silence))) as IteratorResult<
        Uint8Array,
        undefined
      >
      if (done === true) {
        // Node ends the iteration quietly when the connection was cut between two chunks.
        if (!request.complete) throw connectionReset('the connection was cut')
        return
      }
      yield value
    }
  } finally {
    await chunks.return?.()
  }
}

const connectionReset = (message: string): Error => Object.assign(new Error(message), { code: 'ECONNRESET' })

/**
 * Reads and drops what is left of a body after an early answer, within limits: a client that is still sending would
 * otherwise lose the answer with the connection.
 */
export function drainRequest(ctx: Koa.Context): void {
  const { req } = ctx
  if (req.complete || req.destroyed) return
  ctx.set('Connection', 'close')
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
