import type { ReadableStudy } from '../../access/require-study.ts'
import { instanceMetadataTexts } from '../../archive/instance-metadata.ts'
import { findInstancesById, type InstanceRecord } from '../../archive/instance-record.ts'
import { DraftMark, type MeasurementReport } from '../../contract/api.ts'
import { firstPersonName, firstString, items, type DicomJson } from '../../dicom/dicom-json.ts'
import { Tag } from '../../dicom/tag.ts'
import type { Pacs } from '../../pacs.ts'
import { calibrationOf } from '../calibration-of.ts'
import { framePlanesOf } from '../frame-planes.ts'
import type { Calibration, Geometry } from '../shapes.ts'
import { placeOnPlane } from '../spine-labels.ts'
import { readReport, referencedImages } from './read-report.ts'
import type { ReportMark } from './measurement-group.ts'

type Parts = Pick<Pacs, 'database' | 'objects'>

/** Enhanced, Comprehensive, Comprehensive 3D and Extensible SR: what TID 1500 is written as. */
const CLASSES = ['22', '33', '34', '35'].map((last) => `1.2.840.10008.5.1.4.1.1.88.${last}`)

/** The measurement reports of a study, whoever made them, the oldest first; those that have no measurements are left out. */
export async function listMeasurements(pacs: Parts, study: ReadableStudy): Promise<MeasurementReport[]> {
  const documents = await documentsOf(pacs, study)
  const images = await imagesOf(pacs, study, documents)
  return documents.flatMap((document) => {
    const read = readReport(document, {
      calibrationOf: ({ sopInstanceUid, frameNumber }, points): Calibration => {
        const metadata = images.get(sopInstanceUid)?.metadata
        return calibrationOf(metadata ?? {}, frameNumber, points)
      },
    })
    const marks = read.marks.flatMap((mark) => draftMark(mark, study, images.get(mark.sopInstanceUid)) ?? [])
    const undrawn = read.undrawn + read.marks.length - marks.length
    return marks.length + undrawn === 0 ? [] : [{ ...titleOf(document), marks, undrawn }]
  })
}

interface MeasuredImage {
  readonly record: InstanceRecord
  readonly metadata: DicomJson
}

async function documentsOf(pacs: Parts, study: ReadableStudy): Promise<DicomJson[]> {
  const rows = await pacs.database.query<{ instance_id: string }>(
    // The Id tells when it was received.
    `select instance_id from instance where study_id = $1 and sop_class_uid = any($2::text[]) order by instance_id`,
    [study.studyId, CLASSES],
  )
  return (await metadataOf(pacs, rows)).map(({ metadata }) => metadata)
}

/** The images of this study that the documents measure. */
async function imagesOf(
  pacs: Parts,
  study: ReadableStudy,
  documents: readonly DicomJson[],
): Promise<ReadonlyMap<string, MeasuredImage>> {
  const uids = [...new Set(documents.flatMap(referencedImages))]
  if (uids.length === 0) return new Map()
  const rows = await pacs.database.query<{ instance_id: string }>(
    'select instance_id from instance where study_id = $1 and sop_instance_uid = any($2::text[])',
    [study.studyId, uids],
  )
  const images = await metadataOf(pacs, rows)
  return new Map(images.map((image) => [image.record.sopInstanceUid, image]))
}

async function metadataOf(pacs: Parts, rows: readonly { instance_id: string }[]): Promise<MeasuredImage[]> {
  const found = await findInstancesById(
    pacs.database,
    rows.map((row) => row.instance_id),
  )
  const byId = new Map(found.map((record) => [record.instanceId, record]))
  const records = rows.flatMap((row) => byId.get(row.instance_id) ?? [])
  const texts = await instanceMetadataTexts(pacs, records)
  return records.map((record, index) => ({ record, metadata: JSON.parse(texts[index] ?? '{}') as DicomJson }))
}

/** Nothing for a mark on an image that is not here, or that no mark of ours can be. */
function draftMark(
  { findingSite: _, ...mark }: ReportMark,
  study: ReadableStudy,
  image: MeasuredImage | undefined,
): DraftMark | undefined {
  if (image === undefined) return undefined
  const parsed = DraftMark.safeParse({
    ...mark,
    geometry: placed(mark, image),
    studyInstanceUid: study.studyInstanceUid,
    seriesInstanceUid: image.record.seriesInstanceUid,
    hidden: false,
  })
  return parsed.success ? parsed.data : undefined
}

/** A vertebra with its place in the patient, which is its image's to say. */
function placed({ geometry, frameNumber, calibration }: ReportMark, { metadata }: MeasuredImage): Geometry {
  if (geometry.kind !== 'vertebra') return geometry
  const spacing = calibration.kind === 'patient' ? calibration.spacing : undefined
  const place = placeOnPlane(framePlanesOf(metadata)[frameNumber - 1], spacing, geometry.point)
  return place === undefined ? geometry : { ...geometry, place }
}

function titleOf(document: DicomJson): Omit<MeasurementReport, 'marks' | 'undrawn'> {
  const text = (tag: string): string => firstString(document, tag) ?? ''
  const observer = items(document, Tag.ContentSequence)
    .map((item) => firstPersonName(item, Tag.PersonName))
    .find((name) => name !== undefined)
  return {
    sopInstanceUid: text(Tag.SOPInstanceUID),
    seriesInstanceUid: text(Tag.SeriesInstanceUID),
    observer: observer ?? null,
    contentDate: text(Tag.ContentDate),
    contentTime: text(Tag.ContentTime),
  }
}
