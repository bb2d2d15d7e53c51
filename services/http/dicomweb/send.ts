import { Readable } from 'node:stream'
import type Koa from 'koa'
import { applyRange } from './conditional.ts'
import { writeMultipart, type OutgoingPart } from './multipart-writer.ts'

/** Answers a multipart/related body; parts are made as the client reads them. */
export function sendMultipart(
  ctx: Koa.Context,
  type: string,
  parts: AsyncIterable<OutgoingPart> | readonly OutgoingPart[],
): void {
  const multipart = writeMultipart(type, parts)
  ctx.set('Content-Type', multipart.contentType)
  if (ctx.method === 'HEAD') {
    if (multipart.body instanceof Readable) multipart.body.destroy()
    ctx.body = null
    ctx.status = 200
    return
  }
  ctx.body = multipart.body
}

/** Answers bytes, or the range of them that is asked for. */
export function sendBytes(ctx: Koa.Context, contentType: string, bytes: Uint8Array): void {
  ctx.set('Content-Type', contentType)
  const range = applyRange(ctx, bytes.length)
  const body = range === undefined ? bytes : bytes.subarray(range.offset, range.offset + range.length)
  ctx.body = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
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
