import type Koa from 'koa'
import { YunyingError } from '../../../core/errors.ts'
import type { ByteRange } from '../../../core/ports/object-store.ts'

/** What an authorised reader may keep for themselves: the bytes behind a UID never change. */
const IMMUTABLE = 'private, max-age=31536000, immutable'
/** May change with the next instance that arrives: ask again, and hear "not modified". */
const REVALIDATE = 'private, no-cache'

/** Sets the validator and says whether the client has this already (then the answer is 304 and nothing else is to be done). */
export function answeredFromCache(
  ctx: Koa.Context,
  etag: string,
  lasts: 'immutable' | 'revalidate',
): boolean {
  ctx.set('ETag', `"${etag}"`)
  ctx.set('Cache-Control', lasts === 'immutable' ? IMMUTABLE : REVALIDATE)
  ctx.vary('Accept')
  ctx.status = 200
  if (!knows(ctx.get('If-None-Match'), `"${etag}"`)) return false
  ctx.status = 304
  return true
}

/** RFC 9110 13.1.2. (Koa's `fresh` answers whole to `Cache-Control: no-cache`, which fetch adds to conditional requests.) */
function knows(ifNoneMatch: string, etag: string): boolean {
  return ifNoneMatch
    .split(',')
    .map((tag) => tag.trim().replace(/^W\//, ''))
    .some((tag) => tag === etag || tag === '*')
}

/** The one range that is asked for (RFC 9110 14.2), or undefined for the whole. Sets status and headers. Errors: 'invalid' code 'range-not-satisfiable' (416). */
export function applyRange(ctx: Koa.Context, size: number): ByteRange | undefined {
  ctx.set('Accept-Ranges', 'bytes')
  const header = ctx.get('Range')
  const ifRange = ctx.get('If-Range')
  const match = /^bytes=(\d*)-(\d*)$/.exec(header.trim())
  // Several ranges, or a range of something that changed: the whole is a right answer.
  if (match === null || (ifRange !== '' && ifRange !== ctx.response.get('ETag'))) {
    ctx.length = size
    return undefined
  }
  const [, first = '', last = ''] = match
  const offset = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1)
  if ((first === '' && last === '') || offset > end) {
    ctx.set('Content-Range', `bytes */${size}`)
    throw new YunyingError(
      'invalid',
      'range-not-satisfiable',
      `The answer has ${size} bytes; the range lies outside it.`,
    )
  }
  ctx.status = 206
  ctx.set('Content-Range', `bytes ${offset}-${end}/${size}`)
  ctx.length = end - offset + 1
  return { offset, length: end - offset + 1 }
}
