import { createHash } from 'node:crypto'
import type { z } from 'zod'
import type { Principal } from '../access/principal.ts'
import { recordAudit } from '../audit/record-audit.ts'
import type { DifferingValue, QuarantineComparison } from '../contract/api.ts'
import { DicomFault } from '../dicom/dicom-fault.ts'
import type { DicomJson, DicomJsonElement, DicomJsonValue } from '../dicom/dicom-json.ts'
import { differingElements } from '../dicom/differing-elements.ts'
import { datasetToJson, findBulkValue } from '../dicom/parse-dataset.ts'
import { Tag } from '../dicom/tag.ts'
import { YunyingError } from '../errors.ts'
import type { Pacs } from '../pacs.ts'
import { findInstancesById, type InstanceRecord } from './instance-record.ts'
import { readQuarantined, type QuarantinedInstance } from './read-quarantined.ts'

type Compared = Pick<InstanceRecord, 'objectKey' | 'size' | 'layout' | 'transferSyntaxUid'>

/** What a person reads to the end. */
const MOST_ELEMENTS = 200
const LONGEST_TEXT = 200
/** Larger headers are documents. Bytes. */
const LARGEST_HEADER = 16 << 20

/**
 * In what an instance in quarantine differs from the one that is stored under its UID, audited as a look at both. Errors:
 * as `readQuarantined`; 'limit' code 'comparison-too-large'.
 */
export async function compareQuarantined(
  pacs: Pick<Pacs, 'database' | 'objects'>,
  principal: Principal,
  quarantineId: string,
  signal: AbortSignal,
): Promise<QuarantineComparison> {
  const received = await readQuarantined(pacs, principal, quarantineId, signal)
  await recordAudit(pacs.database, principal, {
    event: 'instances-accessed',
    outcome: 'success',
    studyInstanceUid: received.studyInstanceUid,
    detail: { action: 'quarantine-compared', quarantineId },
  })
  const kept = await findKept(pacs, received)
  if (kept === undefined) return { kept: null, elements: [], more: 0, pixels: 'unknown' }
  const [here, there] = [await headerOf(pacs, kept.instance), await headerOf(pacs, received)]
  const found = differingElements(here, there)
  return {
    kept: {
      studyInstanceUid: kept.instance.studyInstanceUid,
      seriesInstanceUid: kept.instance.seriesInstanceUid,
      size: kept.instance.size,
      ...kept.arrival,
    },
    elements: found.slice(0, MOST_ELEMENTS).map(({ path, keyword, first, second }) => ({
      path,
      // The dictionary is of data sets.
      keyword: keyword ?? (path === Tag.TransferSyntaxUID ? 'TransferSyntaxUID' : null),
      kept: presentValue(first),
      received: presentValue(second),
    })),
    more: Math.max(0, found.length - MOST_ELEMENTS),
    pixels: await comparePixels(pacs, kept.instance, received, signal),
  }
}

interface Kept {
  readonly instance: InstanceRecord
  readonly arrival: {
    readonly receivedAt: string
    readonly receivedBy: string | null
    readonly source: string
  }
}

/** By its UID, which is one instance's in an organisation: a reindex gives it another Id. */
async function findKept(
  pacs: Pick<Pacs, 'database'>,
  { organisationId, sopInstanceUid }: QuarantinedInstance,
): Promise<Kept | undefined> {
  const [row] = await pacs.database.query<{
    instance_id: string
    received_at: Date
    received_by: string | null
    source: string
  }>(
    `select i.instance_id, i.received_at, coalesce(u.email, i.received_by::text) as received_by, i.source
     from instance i left join app_user u on u.user_id = i.received_by
     where i.organisation_id = $1 and i.sop_instance_uid = $2`,
    [organisationId, sopInstanceUid],
  )
  if (row === undefined) return undefined
  const [instance] = await findInstancesById(pacs.database, [row.instance_id])
  if (instance === undefined) return undefined
  const { received_at: receivedAt, received_by: receivedBy, source } = row
  return { instance, arrival: { receivedAt: receivedAt.toISOString(), receivedBy, source } }
}

/** Every attribute but the pixels, the transfer syntax too; of a value that is not inline its size and hash. */
async function headerOf(pacs: Pick<Pacs, 'objects'>, instance: Compared): Promise<DicomJson> {
  const { layout, size, objectKey, transferSyntaxUid } = instance
  const deflated = layout.frames.kind === 'deflated'
  const length = Math.min(layout.headerEnd, size)
  if (length > LARGEST_HEADER) {
    throw new YunyingError(
      'limit',
      'comparison-too-large',
      'These instances are too large to be compared here. Download them.',
    )
  }
  const bytes = await pacs.objects.read(objectKey, { offset: 0, length })
  // A deflated data set would be inflated for each of its values.
  const bulkDataUri = (path: string): string =>
    deflated ? '' : fingerprint(findBulkValue(bytes, path)?.bytes)
  const json = readable(bytes, bulkDataUri)
  for (const tag of [Tag.PixelData, Tag.FloatPixelData, Tag.DoubleFloatPixelData]) delete json[tag]
  return { ...json, [Tag.TransferSyntaxUID]: { vr: 'UI', Value: [transferSyntaxUid] } }
}

function readable(bytes: Uint8Array, bulkDataUri: (path: string) => string): DicomJson {
  try {
    return datasetToJson(bytes, { bulkDataUri })
  } catch (error) {
    if (!(error instanceof DicomFault)) throw error
    return {}
  }
}

function fingerprint(value: Uint8Array | undefined): string {
  return value === undefined ? '' : `${value.length}:${createHash('sha256').update(value).digest('hex')}`
}

/** Whether what lies behind the headers, Pixel Data, is the same, byte for byte. Not said where it is written otherwise. */
async function comparePixels(
  pacs: Pick<Pacs, 'objects'>,
  kept: Compared,
  received: Compared,
  signal: AbortSignal,
): Promise<QuarantineComparison['pixels']> {
  const both = [kept, received]
  if (both.every(({ layout }) => layout.frames.kind === 'none')) return 'none'
  if (both.some(({ layout }) => layout.frames.kind === 'none')) return 'differ'
  const comparable = both.every(
    ({ layout, size }) => layout.frames.kind !== 'deflated' && layout.headerEnd < size,
  )
  if (!comparable || kept.transferSyntaxUid !== received.transferSyntaxUid) return 'unknown'
  if (pixelLength(kept) !== pixelLength(received)) return 'differ'
  const [here, there] = [await hashPixels(pacs, kept, signal), await hashPixels(pacs, received, signal)]
  return here === there ? 'same' : 'differ'
}

const pixelLength = ({ layout, size }: Compared): number => size - layout.headerEnd

async function hashPixels(
  pacs: Pick<Pacs, 'objects'>,
  instance: Compared,
  signal: AbortSignal,
): Promise<string> {
  const range = { offset: instance.layout.headerEnd, length: pixelLength(instance) }
  const hash = createHash('sha256')
  for await (const chunk of await pacs.objects.stream(instance.objectKey, range, signal)) hash.update(chunk)
  return hash.digest('hex')
}

/** For a person to read: not the whole of a long text. */
function presentValue(element: DicomJsonElement | undefined): z.infer<typeof DifferingValue> {
  if (element === undefined) return null
  if (element.vr === 'SQ') return { items: element.Value?.length ?? 0 }
  if (element.InlineBinary !== undefined) return { bytes: Buffer.byteLength(element.InlineBinary, 'base64') }
  if (element.BulkDataURI !== undefined) return { bytes: Number.parseInt(element.BulkDataURI, 10) || 0 }
  const text = (element.Value ?? []).map(textOf).join('\\')
  return { text: text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text }
}

function textOf(value: DicomJsonValue): string {
  if (value === null) return ''
  if (typeof value !== 'object') return String(value)
  const { Alphabetic = '', Ideographic = '', Phonetic = '' } = value as Record<string, string>
  return [Alphabetic, Ideographic, Phonetic].join('=').replace(/=+$/, '')
}
