import { promisify } from 'node:util'
import { gunzip, gunzipSync, gzip, gzipSync } from 'node:zlib'
import { DicomFault } from '../dicom/dicom-fault.ts'
import type { DicomJson } from '../dicom/dicom-json.ts'
import { datasetToJson } from '../dicom/parse-dataset.ts'
import { Tag } from '../dicom/tag.ts'
import type { Pacs } from '../pacs.ts'
import type { InstanceRecord } from './instance-record.ts'

/** A header beyond this is no header: a report or a document travels as bulk data. Bytes. */
const LARGEST_HEADER = 256 << 20

/** Where a value that is not inside the JSON is retrieved (PS3.18 10.4.1.1.5); a path, so that kept metadata fits any host. */
export function bulkDataUri(
  instance: Pick<InstanceRecord, 'studyInstanceUid' | 'seriesInstanceUid' | 'sopInstanceUid'>,
  path: string,
): string {
  const { studyInstanceUid, seriesInstanceUid, sopInstanceUid } = instance
  return `/dicom-web/studies/${studyInstanceUid}/series/${seriesInstanceUid}/instances/${sopInstanceUid}/bulkdata/${path}`
}

/**
 * Every attribute of an instance as DICOM JSON, from its bytes. What cannot be read is left out, never invented. `head`: its first bytes,
 * where they are at hand; where they are not enough, it is read from the store.
 */
export async function parseInstanceMetadata(
  pacs: Pick<Pacs, 'objects'>,
  instance: InstanceRecord,
  head?: Uint8Array,
): Promise<DicomJson> {
  const { headerEnd, frames, pixels } = instance.layout
  const length = Math.min(headerEnd, instance.size, LARGEST_HEADER)
  const bytes =
    head !== undefined && head.length >= length
      ? head.subarray(0, length)
      : await pacs.objects.read(instance.objectKey, { offset: 0, length })
  const json = readable(bytes, instance)
  if (frames.kind === 'none') return json
  const tag =
    pixels?.sampleKind === 'float'
      ? Tag.FloatPixelData
      : pixels?.sampleKind === 'double'
        ? Tag.DoubleFloatPixelData
        : Tag.PixelData
  const vr =
    tag === Tag.FloatPixelData
      ? 'OF'
      : tag === Tag.DoubleFloatPixelData
        ? 'OD'
        : frames.kind === 'encapsulated'
          ? 'OB'
          : 'OW'
  return { ...json, [tag]: { vr, BulkDataURI: bulkDataUri(instance, tag) } }
}

function readable(bytes: Uint8Array, instance: InstanceRecord): DicomJson {
  try {
    return datasetToJson(bytes, { bulkDataUri: (path) => bulkDataUri(instance, path) })
  } catch (error) {
    if (!(error instanceof DicomFault)) throw error
    return {
      [Tag.SOPClassUID]: { vr: 'UI', Value: [instance.sopClassUid] },
      [Tag.SOPInstanceUID]: { vr: 'UI', Value: [instance.sopInstanceUid] },
      [Tag.StudyInstanceUID]: { vr: 'UI', Value: [instance.studyInstanceUid] },
      [Tag.SeriesInstanceUID]: { vr: 'UI', Value: [instance.seriesInstanceUid] },
    }
  }
}

/** To a thread and back costs six times what packing the metadata of an instance does; beyond this it is the lesser evil. Characters, bytes. */
const LARGEST_AT_ONCE = 64 << 10
const LARGEST_PACKED_AT_ONCE = 8 << 10

export const gzipText = async (text: string): Promise<Buffer> =>
  text.length <= LARGEST_AT_ONCE ? gzipSync(text) : promisify(gzip)(text)
export const gunzipText = async (bytes: Uint8Array): Promise<string> =>
  (bytes.length <= LARGEST_PACKED_AT_ONCE ? gunzipSync(bytes) : await promisify(gunzip)(bytes)).toString(
    'utf8',
  )

/** The metadata of these instances, as JSON text each, in their order: kept where a worker made it, else made now. */
export async function instanceMetadataTexts(
  pacs: Pick<Pacs, 'objects' | 'database'>,
  instances: readonly InstanceRecord[],
): Promise<string[]> {
  const kept = await pacs.database.query<{ instance_id: string; dicom_json_gzip: Buffer }>(
    'select instance_id, dicom_json_gzip from instance_metadata where instance_id = any($1::uuid[])',
    [instances.map((instance) => instance.instanceId)],
    { name: 'instance-metadata' },
  )
  const byId = new Map(kept.map((row) => [row.instance_id, row.dicom_json_gzip]))
  const texts: string[] = []
  for (const instance of instances) {
    const gzipped = byId.get(instance.instanceId)
    texts.push(
      gzipped === undefined
        ? JSON.stringify(await parseInstanceMetadata(pacs, instance))
        : await gunzipText(gzipped),
    )
  }
  return texts
}

/** The same of one instance. */
export async function instanceMetadata(
  pacs: Pick<Pacs, 'objects' | 'database'>,
  instance: InstanceRecord,
): Promise<DicomJson> {
  const [text = '{}'] = await instanceMetadataTexts(pacs, [instance])
  return JSON.parse(text) as DicomJson
}
