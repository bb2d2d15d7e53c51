import type Koa from 'koa'
import { storeInstance } from '../../../core/archive/store-instance.ts'
import { toNativeXml } from '../../../core/dicom/native-xml.ts'
import { isValidUid } from '../../../core/dicom/uid.ts'
import { invalid, YunyingError } from '../../../core/errors.ts'
import type { Pacs } from '../../../core/pacs.ts'
import { parseContentType } from '../content-type.ts'
import { drainRequest, requestBytes } from '../request-bytes.ts'
import { allowed, type RouteDefinition, type SignedInContext } from '../route.ts'
import { storeParts } from '../store-parts.ts'
import { readMultipart, type Part } from './multipart-reader.ts'
import { stowResponse } from './stow-response.ts'

/** Store transaction: `POST /dicom-web/studies[/{study}]`. Source: PS3.18 10.5. */
export function stowRoutes(pacs: Pacs): RouteDefinition[] {
  return [
    allowed('instance.store', 'POST', '/dicom-web/studies', (context) => store(pacs, context)),
    allowed('instance.store', 'POST', '/dicom-web/studies/:study', (context) => store(pacs, context)),
  ]
}

async function store(pacs: Pacs, { ctx, params, principal }: SignedInContext): Promise<void> {
  try {
    const requiredStudyInstanceUid = params['study']
    if (requiredStudyInstanceUid !== undefined && !isValidUid(requiredStudyInstanceUid)) {
      throw invalid('study-uid-invalid', 'The address does not hold a valid Study Instance UID.')
    }
    const present = presenter(ctx)
    const stored = await storeParts(
      partsOf(ctx),
      (bytes) => storeInstance(pacs, principal, { bytes, source: 'stow-rs', requiredStudyInstanceUid }),
      pacs.log,
    )
    if (stored.length === 0) throw invalid('no-instances', 'The request holds no instances.')
    const studiesUrl = `${pacs.config.publicUrl?.replace(/\/+$/, '') ?? ctx.origin}/dicom-web/studies`
    const { status, body } = stowResponse(
      stored.map((one) => one.answer),
      studiesUrl,
    )
    ctx.status = status
    present(body)
  } catch (error) {
    drainRequest(ctx)
    throw error
  }
}

/** The instances of a request: the parts of a multipart body, or one in a body of its own. */
function partsOf(ctx: Koa.Context): AsyncIterable<Part> {
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

/** Chosen before anything is stored: an answer nobody can read comes first. PS3.18 10.5.3.3 knows JSON and XML. */
function presenter(ctx: Koa.Context): (body: ReturnType<typeof stowResponse>['body']) => void {
  const accepted = ctx.accepts([
    'application/dicom+json',
    'application/json',
    'application/dicom+xml',
    'application/xml',
    'text/xml',
  ])
  if (accepted === false) {
    throw new YunyingError(
      'not-acceptable',
      'media-type-not-acceptable',
      'The answer is application/dicom+json or application/dicom+xml.',
    )
  }
  if (typeof accepted === 'string' && accepted.endsWith('xml')) {
    return (body) => {
      ctx.set('Content-Type', 'application/dicom+xml')
      ctx.body = toNativeXml(body)
    }
  }
  return (body) => {
    ctx.set('Content-Type', 'application/dicom+json')
    ctx.body = JSON.stringify(body)
  }
}
