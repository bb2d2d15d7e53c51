import type Koa from 'koa'
import { accessScope } from '../../../core/access/access-scope.ts'
import { recordAudit } from '../../../core/audit/record-audit.ts'
import { search, type SearchWithin } from '../../../core/archive/search.ts'
import { parseSearchQuery, type SearchLevel } from '../../../core/archive/search-query.ts'
import type { DicomJson } from '../../../core/dicom/dicom-json.ts'
import { toNativeXml } from '../../../core/dicom/native-xml.ts'
import type { Pacs } from '../../../core/pacs.ts'
import { chargeSearch, type Limits } from '../limits.ts'
import { ofStudy, signedIn, type RouteDefinition, type SignedInContext } from '../route.ts'
import { choose, parseAccept } from './accept.ts'
import { SERIES, STUDY } from './paths.ts'
import { sendMultipart } from './send.ts'
import { setWarnings } from './warning-header.ts'

const XML_TYPE = 'application/dicom+xml'
const OFFERED = ['application/dicom+json', 'application/json', 'multipart/related'] as const

/** QIDO-RS: Search Transaction (PS3.18 10.6). */
export function qidoRoutes(pacs: Pacs, limits: Limits): RouteDefinition[] {
  const answer =
    (level: SearchLevel, within: (context: SignedInContext) => SearchWithin) =>
    async (context: SignedInContext) =>
      answerSearch(pacs, limits, context, level, within(context))
  const everywhere = (): SearchWithin => ({})
  const inStudy = ({ params }: SignedInContext): SearchWithin => ({ studyInstanceUid: params['study'] ?? '' })
  const inSeries = ({ params }: SignedInContext): SearchWithin => ({
    studyInstanceUid: params['study'] ?? '',
    seriesInstanceUid: params['series'] ?? '',
  })
  return [
    signedIn('GET', '/dicom-web/studies', answer('study', everywhere)),
    signedIn('GET', '/dicom-web/series', answer('series', everywhere)),
    signedIn('GET', '/dicom-web/instances', answer('instance', everywhere)),
    ofStudy('GET', `${STUDY}/series`, answer('series', inStudy)),
    ofStudy('GET', `${STUDY}/instances`, answer('instance', inStudy)),
    ofStudy('GET', `${SERIES}/instances`, answer('instance', inSeries)),
  ]
}

async function answerSearch(
  pacs: Pacs,
  limits: Limits,
  context: SignedInContext,
  level: SearchLevel,
  within: SearchWithin,
): Promise<void> {
  const { ctx, query, principal, spender } = context
  const ranges = parseAccept(ctx.get('Accept'), query).filter(
    (range) => range.type !== 'multipart/related' || range.part === undefined || range.part === XML_TYPE,
  )
  const type = choose(ranges, OFFERED)
  const wanted = parseSearchQuery(query)
  await limits.searches.spend(principal, spender)
  const scope = accessScope(principal, pacs.clock.now())
  const result = await search(pacs, scope, level, wanted, within)
  // Within a study that one reads anyway, a list of what there is costs no more for being long.
  if (within.studyInstanceUid === undefined) chargeSearch(limits, spender, result.answers.length)
  await recordAudit(pacs.database, principal, {
    event: 'query',
    outcome: 'success',
    studyInstanceUid: within.studyInstanceUid,
    detail: { level, found: result.answers.length },
  })
  warn(ctx, result.more, result.unheeded)
  ctx.set('Cache-Control', 'private, no-store')
  const base = `${ctx.protocol}://${ctx.host}`
  const answers = result.answers.map((each) => withOrigin(each, pacs.config.publicUrl ?? base))
  if (type !== 'multipart/related') {
    ctx.set('Content-Type', type)
    ctx.body = JSON.stringify(answers)
    return
  }
  // A multipart body has at least one part: nothing found is said without a body.
  if (answers.length === 0) {
    ctx.status = 204
    return
  }
  await sendMultipart(
    context,
    XML_TYPE,
    answers.map((each) => ({ contentType: XML_TYPE, body: Buffer.from(toNativeXml(each)) })),
  )
}

/** As PS3.18 8.3.4.4 and 8.3.4.1 ask for it. */
function warn(ctx: Koa.Context, more: boolean, unheeded: readonly string[]): void {
  const warnings: string[] = []
  if (more) warnings.push('There are additional results that can be requested')
  if (unheeded.length > 0) {
    // Names come from the request: only what cannot break a header goes back.
    const names = unheeded.map((name) => name.replace(/[^\w.]/g, '').slice(0, 64)).join(', ')
    warnings.push(`These parameters were not supported: ${names}`)
  }
  setWarnings(ctx, warnings)
}

const RETRIEVE_URL = '00081190'

/** The rows know paths only; the address people use comes with the request. */
function withOrigin(answer: DicomJson, origin: string): DicomJson {
  const path = answer[RETRIEVE_URL]?.Value?.[0]
  return typeof path === 'string'
    ? { ...answer, [RETRIEVE_URL]: { vr: 'UR', Value: [origin + path] } }
    : answer
}
