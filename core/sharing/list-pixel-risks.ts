import { listInstances, type InstanceRecord } from '../archive/instance-record.ts'
import { instanceMetadataTexts } from '../archive/instance-metadata.ts'
import { isEncapsulatedDocument, pixelRisk } from '../deidentify/pixel-identity.ts'
import type { RefusalReason } from '../deidentify/refused.ts'
import { firstString, type DicomJson } from '../dicom/dicom-json.ts'
import type { Pacs } from '../pacs.ts'

/** Instances of a series that a person must look at before they leave without names, or that never do. */
export interface SeriesAtRisk {
  readonly seriesInstanceUid: string
  readonly modality: string
  readonly description: string
  readonly reason: RefusalReason
  readonly instances: number
  /** Those of them whose pixels can be blacked out, in their order. */
  readonly images: ImageAtRisk[]
}

/** Pixels of a frame, and how many frames there are. */
export interface ImageAtRisk {
  readonly sopInstanceUid: string
  readonly rows: number
  readonly columns: number
  readonly frames: number
}

/** Metadata that are read together. */
const PAGE = 100

/** What of a study would be asked about if it were de-identified: by series and reason. */
export async function listPixelRisks(
  pacs: Pick<Pacs, 'database' | 'objects'>,
  studyId: string,
): Promise<SeriesAtRisk[]> {
  const found = new Map<string, SeriesAtRisk>()
  let page: InstanceRecord[] = []
  const judge = async (): Promise<void> => {
    const texts = await instanceMetadataTexts(pacs, page)
    for (const [index, instance] of page.entries()) {
      const json = JSON.parse(texts[index] ?? '{}') as DicomJson
      const reason = reasonOf(instance, json)
      if (reason === undefined) continue
      const key = `${instance.seriesInstanceUid} ${reason}`
      const before = found.get(key)
      const images = before?.images ?? []
      images.push(...imageOf(instance))
      found.set(key, {
        seriesInstanceUid: instance.seriesInstanceUid,
        modality: firstString(json, '00080060') ?? '',
        description: firstString(json, '0008103E') ?? '',
        reason,
        instances: (before?.instances ?? 0) + 1,
        images,
      })
    }
    page = []
  }
  for await (const instance of listInstances(pacs.database, { studyId })) {
    page.push(instance)
    if (page.length === PAGE) await judge()
  }
  await judge()
  return [...found.values()]
}

function imageOf({ sopInstanceUid, layout: { pixels } }: InstanceRecord): ImageAtRisk[] {
  if (pixels === undefined) return []
  const { rows, columns, numberOfFrames } = pixels
  return [{ sopInstanceUid, rows, columns, frames: numberOfFrames }]
}

function reasonOf(instance: InstanceRecord, json: DicomJson): RefusalReason | undefined {
  if (isEncapsulatedDocument(instance.sopClassUid)) return 'encapsulated-document'
  return pixelRisk(json, {
    transferSyntaxUid: instance.transferSyntaxUid,
    hasPixels: instance.layout.frames.kind !== 'none',
  })
}
