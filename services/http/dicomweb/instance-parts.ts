import type Koa from 'koa'
import { invalid, YunyingError } from '../../../core/errors.ts'
import { parseContentType } from '../content-type.ts'
import { requestBytes } from '../request-bytes.ts'
import { readMultipart, type Part } from './multipart-reader.ts'

/**
 * The instances that a request carries: the parts of a multipart body, or one in a body of its own.
 * Errors: 'unsupported' code 'media-type-unsupported'; 'invalid' code 'multipart-boundary-missing'.
 * Source: PS3.18 10.5.2.
 */
export function instanceParts(ctx: Koa.Context): AsyncIterable<Part> {
  const { type, parameters } = parseContentType(ctx.get('Content-Type'))
  const encoding = ctx.get('Content-Encoding')
  if (encoding !== '' && encoding.toLowerCase() !== 'identity') {
    throw unsupported('Send the body without Content-Encoding.')
  }
  if (type === 'application/dicom') return onePart(ctx)
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
  return readMultipart(requestBytes(ctx.req), boundary)
}

async function* onePart(ctx: Koa.Context): AsyncGenerator<Part> {
  yield { headers: new Map(), body: requestBytes(ctx.req), release: () => undefined }
}

const unsupported = (message: string) => new YunyingError('unsupported', 'media-type-unsupported', message)
