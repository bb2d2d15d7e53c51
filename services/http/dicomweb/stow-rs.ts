import type Koa from 'koa'
import { storeInstance } from '../../../core/archive/store-instance.ts'
import { toNativeXml } from '../../../core/dicom/native-xml.ts'
import { isValidUid } from '../../../core/dicom/uid.ts'
import { invalid, YunyingError } from '../../../core/errors.ts'
import type { Pacs } from '../../../core/pacs.ts'
import { chargeStore, type Limits } from '../limits.ts'
import { drainRequest } from '../request-bytes.ts'
import { allowed, type RouteDefinition, type SignedInContext } from '../route.ts'
import { storeParts } from '../store-parts.ts'
import { useInstanceParts } from './instance-parts.ts'
import { notesOf, stowResponse } from './stow-response.ts'
import { setWarnings } from './warning-header.ts'

/** Store transaction: `POST /dicom-web/studies[/{study}]`. Source: PS3.18 10.5. */
export function stowRoutes(pacs: Pacs, limits: Limits): RouteDefinition[] {
  return [
    allowed('instance.store', 'POST', '/dicom-web/studies', (context) => store(pacs, limits, context)),
    allowed('instance.store', 'POST', '/dicom-web/studies/:study', (context) => store(pacs, limits, context)),
  ]
}

async function store(
  pacs: Pacs,
  limits: Limits,
  { ctx, params, principal, spender }: SignedInContext,
): Promise<void> {
  try {
    const requiredStudyInstanceUid = params['study']
    if (requiredStudyInstanceUid !== undefined && !isValidUid(requiredStudyInstanceUid)) {
      throw invalid('study-uid-invalid', 'The address does not hold a valid Study Instance UID.')
    }
    const present = presenter(ctx)
    await limits.uploads.spend(principal, spender)
    const keep = (bytes: AsyncIterable<Uint8Array>) =>
      storeInstance(pacs, principal, { bytes, source: 'stow-rs', requiredStudyInstanceUid, ownsChunks: true })
    const stored = await useInstanceParts(ctx, pacs.objects, (parts) =>
      storeParts(parts, (bytes) => chargeStore(limits, spender, keep(bytes)), pacs.log),
    )
    if (stored.length === 0) throw invalid('no-instances', 'The request holds no instances.')
    const here = pacs.config.publicUrl ?? `${ctx.protocol}://${ctx.host}`
    const studiesUrl = `${here}/dicom-web/studies`
    const answers = stored.map((one) => one.answer)
    const { status, body } = stowResponse(answers, studiesUrl)
    const notes = notesOf(answers)
    setWarnings(ctx, notes === undefined ? [] : [notes])
    ctx.status = status
    present(body)
  } catch (error) {
    drainRequest(ctx)
    throw error
  }
}

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
