import {
  getSeriesId,
  listInstances,
  listTransferSyntaxes,
  type InstanceRecord,
} from '../../../core/archive/instance-record.ts'
import { encoderOf, htj2kInstance } from '../../../core/archive/htj2k-instance.ts'
import { listPixelKinds, type Rendition } from '../../../core/archive/rendition-table.ts'
import {
  lyingInstance,
  servedInstance,
  streamInstance,
  type Served,
} from '../../../core/archive/serve-instance.ts'
import { decodedSize, LARGEST_DECODED, transcodeInstance } from '../../../core/archive/transcode-instance.ts'
import { recordAudit } from '../../../core/audit/record-audit.ts'
import type { TransferLedger } from '../../../core/audit/transfer-ledger.ts'
import { EXPLICIT_VR_LITTLE_ENDIAN } from '../../../core/dicom/transfer-syntax.ts'
import { isYunyingError } from '../../../core/errors.ts'
import type { Pacs } from '../../../core/pacs.ts'
import { allowedOnStudy, type RouteDefinition, type StudyContext } from '../route.ts'
import { parseAccept } from './accept.ts'
import { answeredFromCache, applyRange } from './conditional.ts'
import {
  asksForHtj2k,
  instanceRepresentation,
  partContentType,
  type Offer,
  type Representation,
} from './dicom-representation.ts'
import type { InstanceCache } from './instance-cache.ts'
import type { OutgoingPart } from './multipart-writer.ts'
import { INSTANCE, SERIES, STUDY } from './paths.ts'
import type { RenditionCache } from './rendition-cache.ts'
import { sendBytes, sendLying, sendMultipart, sendStream } from './send.ts'

/** Smaller instances are read at once: a stream costs more than their bytes. Bytes. */
const LARGEST_READ = 4 << 20

/** Whole instances: of a study, of a series, one (PS3.18 10.4.1.1.1 to 10.4.1.1.3). */
export function instanceRoutes(
  pacs: Pacs,
  instances: InstanceCache,
  renditions: RenditionCache,
  transfers: TransferLedger,
): RouteDefinition[] {
  return [
    allowedOnStudy('instance.retrieve', 'GET', STUDY, async (context) => {
      await sendAll(pacs, context, renditions, { studyId: context.study.studyId })
    }),
    allowedOnStudy('instance.retrieve', 'GET', SERIES, async (context) => {
      const { study, params } = context
      await sendAll(pacs, context, renditions, {
        seriesId: await getSeriesId(pacs.database, study.studyId, params['series'] ?? ''),
      })
    }),
    allowedOnStudy('instance.retrieve', 'GET', INSTANCE, async (context) => {
      const { ctx, query, study, params } = context
      const instance = await instances.get(study, params['series'] ?? '', params['instance'] ?? '')
      const ranges = parseAccept(ctx.get('Accept'), query)
      const rendition = asksForHtj2k(ranges) ? await renditions.get(instance) : undefined
      const representation = instanceRepresentation(ranges, true)(offerOf(instance, rendition))
      await sendOne(pacs, context, { instance, renditions, rendition, ...representation }, transfers)
    }),
  ]
}

/** An instance, and how it leaves. */
interface Leaving extends Representation {
  readonly instance: InstanceRecord
  readonly renditions: RenditionCache
  readonly rendition: Rendition | undefined
}

async function sendOne(
  pacs: Pacs,
  context: StudyContext,
  leaving: Leaving,
  transfers: TransferLedger,
): Promise<void> {
  const { ctx, principal, study, signal } = context
  const { instance, encoding, multipart, rendition, transferSyntaxUid } = leaving
  const made = encoding === 'htj2k' ? `${encoding}-${encoderOf(rendition)}` : encoding
  const called = transferSyntaxUid === undefined ? '' : `.${transferSyntaxUid.split('.').at(-1)}`
  const etag = `${instance.sha256.slice(0, 32)}.i.${made}${called}${multipart ? '.m' : ''}`
  if (answeredFromCache(ctx, etag, 'immutable')) return
  await transfers.sent(principal, study)
  if (multipart) {
    await sendMultipart(context, 'application/dicom', [await partOf(pacs, leaving, signal)])
    return
  }
  const type = partContentType('instance', syntaxOf(leaving))
  // Never shown by a browser as something else.
  ctx.set('Content-Disposition', `attachment; filename="${instance.sopInstanceUid}.dcm"`)
  if (encoding === 'explicit-little-endian') {
    sendBytes(ctx, type, Buffer.concat(await transcodeInstance(pacs, instance)))
    return
  }
  if (encoding === 'htj2k') {
    const { size, body } = await htj2kBody(pacs, leaving)
    if (body instanceof Uint8Array) sendBytes(ctx, type, body)
    else sendStream(ctx, type, size, body)
    return
  }
  const served = servedAs(leaving)
  if (instance.size <= LARGEST_READ) {
    await sendLying(context, type, lyingInstance(pacs, served))
    return
  }
  const { size } = servedInstance(served)
  const range = applyRange(ctx, size)
  sendStream(ctx, type, range?.length ?? size, streamInstance(pacs, served, signal, range))
}

async function sendAll(
  pacs: Pacs,
  context: StudyContext,
  renditions: RenditionCache,
  of: { readonly studyId: string } | { readonly seriesId: string },
): Promise<void> {
  const { ctx, query, principal, study, signal } = context
  const ranges = parseAccept(ctx.get('Accept'), query)
  const represent = instanceRepresentation(ranges, false)
  const wantsHtj2k = asksForHtj2k(ranges)
  // Behind the first part it would be too late to say that another cannot be had so.
  if (wantsHtj2k) {
    for (const kind of await listPixelKinds(pacs.database, of)) represent({ ...kind, canMake: canMake(kind) })
  } else {
    for (const stored of await listTransferSyntaxes(pacs.database, of)) represent({ stored, ...NO_HTJ2K })
  }
  const all = listInstances(pacs.database, of)
  const first = await all.next()
  if (first.done === true) {
    ctx.status = 204
    return
  }
  const firstPart = await next(first.value)
  // Reading is audited when access is decided; taking the files away is an event of its own (DCM 110104).
  await recordAudit(pacs.database, principal, {
    event: 'instances-transferred',
    outcome: 'success',
    studyId: study.studyId,
    studyInstanceUid: study.studyInstanceUid,
  })
  ctx.set('Cache-Control', 'private, no-cache')
  await sendMultipart(context, 'application/dicom', parts())

  async function next(instance: InstanceRecord): Promise<OutgoingPart> {
    const rendition = wantsHtj2k ? await renditions.get(instance) : undefined
    const representation = represent(offerOf(instance, rendition))
    return partOf(pacs, { instance, renditions, rendition, ...representation }, signal)
  }

  async function* parts(): AsyncGenerator<OutgoingPart> {
    yield firstPart
    for await (const instance of all) yield next(instance)
  }
}

const NO_HTJ2K = { pixels: undefined, hasRendition: false, canMake: false }

const offerOf = (instance: InstanceRecord, rendition: Rendition | undefined): Offer => ({
  stored: instance.transferSyntaxUid,
  pixels: instance.layout.pixels,
  hasRendition: rendition !== undefined,
  canMake: canMake({ pixels: instance.layout.pixels }),
})

/** As a whole, it is made in memory. */
const canMake = ({ pixels }: Pick<Offer, 'pixels'>): boolean =>
  pixels !== undefined && decodedSize(pixels) <= LARGEST_DECODED

const syntaxOf = ({ encoding, transferSyntaxUid, instance }: Leaving): string =>
  transferSyntaxUid ??
  (encoding === 'explicit-little-endian' ? EXPLICIT_VR_LITTLE_ENDIAN : instance.transferSyntaxUid)

/** The instance as stored; its file meta group says the syntax that was asked for, where it is of that one too. */
const servedAs = ({ instance, transferSyntaxUid }: Leaving): Served =>
  transferSyntaxUid === undefined
    ? instance
    : { ...instance, transferSyntaxUid, layout: { ...instance.layout, hasMeta: false } }

async function htj2kBody(
  pacs: Pacs,
  leaving: Leaving,
): Promise<{ size: number; body: Uint8Array | AsyncIterable<Uint8Array> }> {
  const { instance, rendition, renditions } = leaving
  const make = (from: Rendition | undefined) => htj2kInstance(pacs, instance, syntaxOf(leaving), from)
  try {
    const { size, pieces } = await make(rendition)
    if (size > LARGEST_READ) return { size, body: pieces() }
    return { size, body: await gathered(pieces()) }
  } catch (error) {
    if (rendition === undefined || !isYunyingError(error) || error.code !== 'object-not-found') throw error
    // It was removed or made again meanwhile; the same frames are compressed now.
    renditions.forget(instance.instanceId)
    const { size, pieces } = await make(undefined)
    return { size, body: pieces() }
  }
}

async function gathered(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const list: Uint8Array[] = []
  for await (const piece of pieces) list.push(piece)
  return Buffer.concat(list)
}

async function partOf(pacs: Pacs, leaving: Leaving, signal: AbortSignal): Promise<OutgoingPart> {
  const { instance, encoding } = leaving
  const contentType = partContentType('instance', syntaxOf(leaving))
  const location = `/dicom-web/studies/${instance.studyInstanceUid}/series/${instance.seriesInstanceUid}/instances/${instance.sopInstanceUid}`
  if (encoding === 'explicit-little-endian')
    return { contentType, location, body: Buffer.concat(await transcodeInstance(pacs, instance)) }
  if (encoding === 'htj2k') return { contentType, location, body: (await htj2kBody(pacs, leaving)).body }
  const served = servedAs(leaving)
  return {
    contentType,
    location,
    body: instance.size <= LARGEST_READ ? lyingInstance(pacs, served) : streamInstance(pacs, served, signal),
  }
}
