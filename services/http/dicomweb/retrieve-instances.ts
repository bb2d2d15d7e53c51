import {
  getSeriesId,
  listInstances,
  listTransferSyntaxes,
  type InstanceRecord,
} from '../../../core/archive/instance-record.ts'
import { lyingInstance, servedInstance, streamInstance } from '../../../core/archive/serve-instance.ts'
import { transcodeInstance } from '../../../core/archive/transcode-instance.ts'
import { recordAudit } from '../../../core/audit/record-audit.ts'
import type { TransferLedger } from '../../../core/audit/transfer-ledger.ts'
import { EXPLICIT_VR_LITTLE_ENDIAN } from '../../../core/dicom/transfer-syntax.ts'
import type { Pacs } from '../../../core/pacs.ts'
import { allowedOnStudy, type RouteDefinition, type StudyContext } from '../route.ts'
import { parseAccept } from './accept.ts'
import { answeredFromCache, applyRange } from './conditional.ts'
import { instanceRepresentation, partContentType, type Representation } from './dicom-representation.ts'
import type { InstanceCache } from './instance-cache.ts'
import type { OutgoingPart } from './multipart-writer.ts'
import { INSTANCE, SERIES, STUDY } from './paths.ts'
import { sendBytes, sendLying, sendMultipart, sendStream } from './send.ts'

/** Smaller instances are read at once: a stream costs more than their bytes. Bytes. */
const LARGEST_READ = 4 << 20

/** Whole instances: of a study, of a series, one (PS3.18 10.4.1.1.1 to 10.4.1.1.3). */
export function instanceRoutes(
  pacs: Pacs,
  instances: InstanceCache,
  transfers: TransferLedger,
): RouteDefinition[] {
  return [
    allowedOnStudy('instance.retrieve', 'GET', STUDY, async (context) => {
      await sendAll(pacs, context, { studyId: context.study.studyId })
    }),
    allowedOnStudy('instance.retrieve', 'GET', SERIES, async (context) => {
      const { study, params } = context
      await sendAll(pacs, context, {
        seriesId: await getSeriesId(pacs.database, study.studyId, params['series'] ?? ''),
      })
    }),
    allowedOnStudy('instance.retrieve', 'GET', INSTANCE, async (context) => {
      const { study, params } = context
      const instance = await instances.get(study, params['series'] ?? '', params['instance'] ?? '')
      await sendOne(pacs, context, instance, transfers)
    }),
  ]
}

async function sendOne(
  pacs: Pacs,
  context: StudyContext,
  instance: InstanceRecord,
  transfers: TransferLedger,
): Promise<void> {
  const { ctx, query, principal, study, signal } = context
  const { encoding, multipart } = instanceRepresentation(
    parseAccept(ctx.get('Accept'), query),
    true,
  )(instance.transferSyntaxUid)
  if (
    answeredFromCache(
      ctx,
      `${instance.sha256.slice(0, 32)}.i.${encoding}${multipart ? '.m' : ''}`,
      'immutable',
    )
  )
    return
  await transfers.sent(principal, study)
  if (multipart) {
    await sendMultipart(context, 'application/dicom', [await partOf(pacs, instance, encoding, signal)])
    return
  }
  const type = partContentType(
    'instance',
    encoding === 'as-stored' ? instance.transferSyntaxUid : EXPLICIT_VR_LITTLE_ENDIAN,
  )
  // Never shown by a browser as something else.
  ctx.set('Content-Disposition', `attachment; filename="${instance.sopInstanceUid}.dcm"`)
  if (encoding === 'explicit-little-endian') {
    sendBytes(ctx, type, Buffer.concat(await transcodeInstance(pacs, instance)))
    return
  }
  if (instance.size <= LARGEST_READ) {
    await sendLying(context, type, lyingInstance(pacs, instance))
    return
  }
  const { size } = servedInstance(instance)
  const range = applyRange(ctx, size)
  sendStream(ctx, type, range?.length ?? size, streamInstance(pacs, instance, signal, range))
}

async function sendAll(
  pacs: Pacs,
  context: StudyContext,
  of: { readonly studyId: string } | { readonly seriesId: string },
): Promise<void> {
  const { ctx, query, principal, study, signal } = context
  const represent = instanceRepresentation(parseAccept(ctx.get('Accept'), query), false)
  // Behind the first part it would be too late to say that another cannot be had so.
  for (const syntax of await listTransferSyntaxes(pacs.database, of)) represent(syntax)
  const all = listInstances(pacs.database, of)
  const first = await all.next()
  if (first.done === true) {
    ctx.status = 204
    return
  }
  const firstPart = await partOf(pacs, first.value, represent(first.value.transferSyntaxUid).encoding, signal)
  // Reading is audited when access is decided; taking the files away is an event of its own (DCM 110104).
  await recordAudit(pacs.database, principal, {
    event: 'instances-transferred',
    outcome: 'success',
    studyId: study.studyId,
    studyInstanceUid: study.studyInstanceUid,
  })
  ctx.set('Cache-Control', 'private, no-cache')
  await sendMultipart(context, 'application/dicom', parts())

  async function* parts(): AsyncGenerator<OutgoingPart> {
    yield firstPart
    for await (const instance of all) {
      yield partOf(pacs, instance, represent(instance.transferSyntaxUid).encoding, signal)
    }
  }
}

async function partOf(
  pacs: Pacs,
  instance: InstanceRecord,
  encoding: Representation['encoding'],
  signal: AbortSignal,
): Promise<OutgoingPart> {
  const location = `/dicom-web/studies/${instance.studyInstanceUid}/series/${instance.seriesInstanceUid}/instances/${instance.sopInstanceUid}`
  if (encoding === 'as-stored') {
    return {
      contentType: partContentType('instance', instance.transferSyntaxUid),
      location,
      body:
        instance.size <= LARGEST_READ
          ? lyingInstance(pacs, instance)
          : streamInstance(pacs, instance, signal),
    }
  }
  const body = Buffer.concat(await transcodeInstance(pacs, instance))
  return { contentType: partContentType('instance', EXPLICIT_VR_LITTLE_ENDIAN), location, body }
}
