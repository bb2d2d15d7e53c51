import { Readable } from 'node:stream'
import { createGzip } from 'node:zlib'
import type Koa from 'koa'

/** One answer of texts that are made while it is read, compressed where the reader takes that. */
export function sendTexts(ctx: Koa.Context, type: string, texts: AsyncIterable<string>): void {
  ctx.set('Content-Type', type)
  ctx.vary('Accept-Encoding')
  const body = Readable.from(texts, { objectMode: false })
  if (ctx.acceptsEncodings('gzip', 'identity') !== 'gzip') {
    ctx.body = body
    return
  }
  ctx.set('Content-Encoding', 'gzip')
  const gzip = createGzip({ level: 4 })
  body.on('error', (error) => gzip.destroy(error))
  gzip.on('close', () => body.destroy())
  ctx.body = body.pipe(gzip)
}
