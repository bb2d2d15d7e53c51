import { instanceMetadata } from '../archive/instance-metadata.ts'
import { listInstances, type InstanceRecord } from '../archive/instance-record.ts'
import type { Served } from '../archive/serve-instance.ts'
import type { DicomJson } from '../dicom/dicom-json.ts'
import type { DirectoryRecord } from '../dicom/media/directory-record.ts'
import { imageKeys, recordKeys } from '../dicom/media/record-keys.ts'
import { recordType } from '../dicom/media/record-type.ts'
import { Tag } from '../dicom/tag.ts'
import { notFound } from '../errors.ts'
import type { Pacs } from '../pacs.ts'
import { fileIdOf, studyDicomdir, type SeriesOfFiles } from './study-directory.ts'

/** An instance of a file-set, with the File ID it has there (PS3.10 8.2). */
export interface FileSetMember extends Served {
  readonly fileId: readonly string[]
}

/** A study as a DICOM file-set (PS3.10 8.1). */
export interface StudyFileSet {
  readonly dicomdir: Uint8Array
  readonly members: readonly FileSetMember[]
}

/**
 * The file-set of a study: which files it has, and the directory of them. It is made of what the archive keeps in its
 * database; of instances other than images also of their metadata. Errors: 'not-found' code 'study-empty'.
 */
export async function studyFileSet(
  pacs: Pick<Pacs, 'database' | 'objects'>,
  studyId: string,
): Promise<StudyFileSet> {
  const [study, rows] = await Promise.all([studyAttributes(pacs, studyId), readRows(pacs, studyId)])
  const members: FileSetMember[] = []
  const series: (SeriesOfFiles & { readonly seriesId: string })[] = []
  let current: (typeof series)[number] | undefined
  let firstMetadata: DicomJson = {}
  for await (const instance of listInstances(pacs.database, { studyId })) {
    // Study and series are kept as decoded text: in what it came, an instance says.
    if (current === undefined) firstMetadata = await instanceMetadata(pacs, instance)
    if (current?.seriesId !== instance.seriesId) {
      const { seriesId, seriesInstanceUid } = instance
      const uid = { [Tag.SeriesInstanceUID]: { vr: 'UI', Value: [seriesInstanceUid] } }
      current = { seriesId, attributes: { ...rows.series.get(seriesId), ...uid }, records: [] }
      series.push(current)
    }
    const { records } = current
    const fileId = fileIdOf(series.length - 1, records.length)
    records.push(await recordOf(pacs, instance, fileId, records.length + 1, rows.numbers))
    members.push(memberOf(instance, fileId))
  }
  if (members.length === 0) throw notFound('study-empty', 'This study has no instances.')
  return { dicomdir: studyDicomdir({ study, first: firstMetadata, series }), members }
}

/** Without the frame index, which may be long. */
function memberOf(instance: InstanceRecord, fileId: readonly string[]): FileSetMember {
  const { objectKey, size, sopClassUid, sopInstanceUid, transferSyntaxUid, layout } = instance
  const { datasetOffset, hasPreamble, hasMeta } = layout
  const where = { datasetOffset, hasPreamble, hasMeta }
  return { objectKey, size, sopClassUid, sopInstanceUid, transferSyntaxUid, layout: where, fileId }
}

async function recordOf(
  pacs: Pick<Pacs, 'database' | 'objects'>,
  instance: InstanceRecord,
  fileId: readonly string[],
  place: number,
  numbers: ReadonlyMap<string, number | null>,
): Promise<DirectoryRecord> {
  const { sopClassUid, sopInstanceUid, transferSyntaxUid } = instance
  const type = recordType(sopClassUid, instance.layout.frames.kind !== 'none')
  return {
    type,
    keys:
      type === 'IMAGE'
        ? imageKeys(numbers.get(instance.instanceId) ?? place)
        : recordKeys(type, await instanceMetadata(pacs, instance), place),
    file: { fileId, sopClassUid, sopInstanceUid, transferSyntaxUid },
    lower: [],
  }
}

async function studyAttributes(pacs: Pick<Pacs, 'database'>, studyId: string): Promise<DicomJson> {
  const [row] = await pacs.database.query<{ attributes: DicomJson }>(
    'select attributes from study where study_id = $1',
    [studyId],
  )
  return row?.attributes ?? {}
}

async function readRows(
  pacs: Pick<Pacs, 'database'>,
  studyId: string,
): Promise<{ series: ReadonlyMap<string, DicomJson>; numbers: ReadonlyMap<string, number | null> }> {
  const [series, instances] = await Promise.all([
    pacs.database.query<{ series_id: string; attributes: DicomJson }>(
      'select series_id, attributes from series where study_id = $1',
      [studyId],
    ),
    pacs.database.query<{ instance_id: string; instance_number: number | null }>(
      'select instance_id, instance_number from instance where study_id = $1',
      [studyId],
    ),
  ])
  return {
    series: new Map(series.map((row) => [row.series_id, row.attributes])),
    numbers: new Map(instances.map((row) => [row.instance_id, row.instance_number])),
  }
}
