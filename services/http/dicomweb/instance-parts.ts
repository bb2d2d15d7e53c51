import type Koa from 'koa'
import { invalid, YunyingError } from '../../../core/errors.ts'
import { chunksOf } from '../../../core/chunks-of.ts'
import type { ObjectStore } from '../../../core/ports/object-store.ts'
import { parseContentType } from '../content-type.ts'
import { landBody } from '../land-body.ts'
import { requestBytes } from '../request-bytes.ts'
import { LINE_END, readMultipart, type Part } from './multipart-reader.ts'

/**
 * Hands over the instances that a request carries: the parts of a multipart body, or one in a body of its own. A small body is there as a
 * whole first, in memory that the store keeps it from as it lies; a larger one is read as it comes. Nobody has their bytes afterwards.
 * Errors: 'unsupported' code 'media-type-unsupported'; 'invalid' code 'multipart-boundary-missing'; what `use` throws.
 */
export async function useInstanceParts<T>(
  ctx: Koa.Context,
  objects: ObjectStore,
  use: (parts: AsyncIterable<Part>) => Promise<T>,
): Promise<T> {
  const read = partReader(ctx)
  const landed = await landBody(ctx.req, objects)
  if (landed === undefined) return use(read(requestBytes(ctx.req)))
  try {
    return await use(read(chunksOf(), landed.bytes))
  } finally {
    landed.release()
  }
}

/** What is there already, behind a line end; then the source. */
type PartReader = (source: AsyncIterable<Uint8Array>, begun?: Buffer) => AsyncIterable<Part>

/** As the request's own head wants its body read. Source: PS3.18 10.5.2. */
function partReader(ctx: Koa.Context): PartReader {
  const { type, parameters } = parseContentType(ctx.get('Content-Type'))
  const encoding = ctx.get('Content-Encoding')
  if (encoding !== '' && encoding.toLowerCase() !== 'identity') {
    throw unsupported('Send the body without Content-Encoding.')
  }
  if (type === 'application/dicom') return onePart
  const contained = parameters.get('type')?.toLowerCase()
  if (type !== 'multipart/related' || (contained !== undefined && contained !== 'application/dicom')) {
    throw unsupported(
      'Send multipart/related; type="application/dicom", or one instance as application/dicom.',
    )
  }
  const boundary = parameters.get('boundary')
  if (boundary === undefined || boundary === '') {
    throw invalid('multipart-boundary-missing', 'The Content-Type names no boundary.')
  }
  return (source, begun) => readMultipart(source, boundary, begun)
}

async function* onePart(source: AsyncIterable<Uint8Array>, begun?: Buffer): AsyncGenerator<Part> {
  const body = begun === undefined ? source : chunksOf(begun.subarray(LINE_END.length))
  yield { headers: new Map(), body, release: () => undefined }
}

const unsupported = (message: string) => new YunyingError('unsupported', 'media-type-unsupported', message)
