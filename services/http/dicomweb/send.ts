import { Readable } from 'node:stream'
import type Koa from 'koa'
import { partOfLying, type LyingBytes } from '../../../core/archive/lying-bytes.ts'
import type { RouteContext } from '../route.ts'
import { applyRange } from './conditional.ts'
import { writeMultipart, type OutgoingPart, type Piece } from './multipart-writer.ts'

type Answering = Pick<RouteContext, 'ctx' | 'buffers' | 'signal'>

/**
 * Answers a multipart/related body; parts are made as the client reads them. Resolves when the answer is in memory, or sent.
 * Errors: those of the parts; after the first, the answer has begun and is broken off.
 */
export async function sendMultipart(
  answering: Answering,
  type: string,
  parts: AsyncIterable<OutgoingPart> | readonly OutgoingPart[],
): Promise<void> {
  const { ctx, buffers } = answering
  const multipart = writeMultipart(type, parts)
  ctx.set('Content-Type', multipart.contentType)
  ctx.status = 200
  if (ctx.method === 'HEAD') {
    ctx.body = null
    ctx.status = 200
    return
  }
  const whole = await multipart.whole(buffers)
  if (whole === undefined) await sendPieces(answering, multipart.pieces(buffers))
  else sendAtOnce(ctx, whole)
}

/** Answers bytes, or the range of them that is asked for. */
export function sendBytes(ctx: Koa.Context, contentType: string, bytes: Uint8Array): void {
  ctx.set('Content-Type', contentType)
  const range = applyRange(ctx, bytes.length)
  const body = range === undefined ? bytes : bytes.subarray(range.offset, range.offset + range.length)
  ctx.body = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
}

/** Answers bytes that lie in the store, or the range of them that is asked for: no more is read than is sent. */
export async function sendLying(
  { ctx, buffers }: Pick<Answering, 'ctx' | 'buffers'>,
  contentType: string,
  lying: LyingBytes,
): Promise<void> {
  ctx.set('Content-Type', contentType)
  const range = applyRange(ctx, lying.size) ?? { offset: 0, length: lying.size }
  if (ctx.method === 'HEAD') {
    // Its length is known without its bytes.
    ctx.respond = false
    ctx.res.end()
    return
  }
  const { bytes, giveBack } = await buffers.lendFilled(partOfLying(lying, range))
  sendAtOnce(ctx, { buffers: [bytes], giveBack })
}

/** Answers a stream that cannot be cut into ranges; its size, where that is known before. */
export function sendStream(
  ctx: Koa.Context,
  contentType: string,
  size: number | undefined,
  body: AsyncIterable<Uint8Array>,
): void {
  ctx.set('Content-Type', contentType)
  if (size !== undefined) ctx.length = size
  ctx.body = Readable.from(body, { objectMode: false, highWaterMark: 1 << 20 })
}

/** The whole body, by hand: it may be several buffers, and is none of ours to write in. */
function sendAtOnce(ctx: Koa.Context, { buffers, giveBack }: Piece): void {
  ctx.length = buffers.reduce((sum, { length }) => sum + length, 0)
  ctx.respond = false
  // Whoever went away while it was read needs no answer.
  if (!ctx.writable) return
  ctx.res.once('close', () => {
    // Of an answer that was broken off, or goes through HTTP/2's own queues, somebody may hold the bytes still.
    if (ctx.res.writableFinished && ctx.req.httpVersionMajor === 1) giveBack?.()
  })
  ctx.res.cork()
  for (const each of buffers) ctx.res.write(each)
  ctx.res.end()
}

/** Sends by hand: a stream between the parts and the socket would copy them. One piece waits while one is on its way. */
async function sendPieces(
  { ctx, signal }: Pick<Answering, 'ctx' | 'signal'>,
  pieces: AsyncGenerator<Piece>,
): Promise<void> {
  // What cannot be had at all is said before the answer begins.
  const first = await pieces.next()
  ctx.respond = false
  const gone = untilAborted(signal)
  let before = first.done === true ? Promise.resolve() : sent(ctx.res, first.value)
  for await (const piece of pieces) {
    const now = sent(ctx.res, piece)
    await Promise.race([before, gone])
    before = now
  }
  await Promise.race([before, gone])
  ctx.res.end()
}

/** Rejects when the client went away: what waits behind another answer of its connection is told of it by nobody else. */
function untilAborted(signal: AbortSignal): Promise<never> {
  const aborted = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason as Error)
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })
  aborted.catch(() => undefined)
  return aborted
}

/** Resolves when the system has taken the piece. */
function sent(response: Koa.Context['res'], { buffers, giveBack }: Piece): Promise<void> {
  const done = new Promise<void>((resolve, reject) => {
    const taken = (error: Error | null | undefined): void => {
      if (error !== null && error !== undefined) {
        reject(error)
        return
      }
      if (response.req.httpVersionMajor === 1) giveBack?.()
      resolve()
    }
    response.cork()
    buffers.forEach((each, index) => {
      response.write(each, index === buffers.length - 1 ? taken : undefined)
    })
    response.uncork()
  })
  // Whoever awaits it hears of a failure; where the piece before failed, nobody does.
  done.catch(() => undefined)
  return done
}
