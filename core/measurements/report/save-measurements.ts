import type { Principal } from '../../access/principal.ts'
import type { ReadableStudy } from '../../access/require-study.ts'
import { instanceMetadataTexts } from '../../archive/instance-metadata.ts'
import { findInstancesById, type InstanceRecord } from '../../archive/instance-record.ts'
import { storeInstance } from '../../archive/store-instance.ts'
import type { DraftMark, MarkDraft, SavedMeasurements, SaveMeasurements } from '../../contract/api.ts'
import type { DicomJson } from '../../dicom/dicom-json.ts'
import { newUid } from '../../dicom/uid.ts'
import { openPart10Writer } from '../../dicom/write-part10.ts'
import { invalid, isYunyingError, YunyingError } from '../../errors.ts'
import type { Pacs } from '../../pacs.ts'
import { readDraft, saveDraft } from '../drafts.ts'
import { buildReport } from './build-report.ts'
import type { ReportImage } from './measurement-group.ts'

type Parts = Pick<Pacs, 'database' | 'objects' | 'ingest' | 'clock' | 'log'>

/**
 * Makes a report of these marks of the draft and stores it as any instance; once it is durable, and not before, the marks
 * leave the draft. A failure in between leaves them in both, and saving them again makes a newer report of the same marks:
 * nothing is ever in neither.
 *
 * Errors: 'conflict' code 'draft-changed' when the draft is not the version that the reader saw; 'invalid' code
 * 'image-unknown' for a mark on an image that is not of this study; 'forbidden' for those who may not save.
 */
export async function saveMeasurements(
  pacs: Parts,
  principal: Principal,
  study: ReadableStudy,
  { language, version, marks: trackingUids }: SaveMeasurements,
): Promise<SavedMeasurements> {
  const draft = await readDraft(pacs, principal, study)
  const wanted = new Set(trackingUids)
  const marks = draft.marks.filter(({ trackingUid }) => wanted.has(trackingUid))
  if (draft.version !== version || marks.length < wanted.size) {
    throw new YunyingError('conflict', 'draft-changed', 'Measurements of this study were changed meanwhile.')
  }
  const records = await findImages(pacs, study, marks)
  const sopInstanceUid = newUid()
  const seriesInstanceUid = newUid()
  const bytes = openPart10Writer('ISO_IR 192')({
    dataset: buildReport({
      marks,
      images: new Map(records.map((record) => [record.sopInstanceUid, imageOf(record)])),
      instance: await metadataOf(pacs, records[0]),
      observer: await observerName(pacs, principal),
      language,
      complete: marks.length === draft.marks.length,
      sopInstanceUid,
      seriesInstanceUid,
      seriesNumber: await nextSeriesNumber(pacs, study),
      at: new Date(pacs.clock.now()),
    }),
  })
  await store(pacs, principal, study, bytes)
  return {
    sopInstanceUid,
    seriesInstanceUid,
    version: await withoutSaved(pacs, principal, study, draft, marks),
  }
}

async function findImages(
  pacs: Parts,
  study: ReadableStudy,
  marks: readonly DraftMark[],
): Promise<InstanceRecord[]> {
  const uids = [...new Set(marks.map(({ sopInstanceUid }) => sopInstanceUid))]
  const rows = await pacs.database.query<{ instance_id: string }>(
    'select instance_id from instance where study_id = $1 and sop_instance_uid = any($2::text[])',
    [study.studyId, uids],
  )
  if (rows.length < uids.length) {
    throw invalid('image-unknown', 'A measurement is on an image that is not of this study.')
  }
  return findInstancesById(
    pacs.database,
    rows.map((row) => row.instance_id),
  )
}

const imageOf = ({
  sopInstanceUid,
  sopClassUid,
  seriesInstanceUid,
  layout,
}: InstanceRecord): ReportImage => ({
  sopInstanceUid,
  sopClassUid,
  seriesInstanceUid,
  frames: layout.pixels?.numberOfFrames ?? 1,
})

/** Every attribute of one of the images: patient and study are copied from it. */
async function metadataOf(pacs: Parts, record: InstanceRecord | undefined): Promise<DicomJson> {
  if (record === undefined) throw invalid('image-unknown', 'No measurement was given.')
  const [text = '{}'] = await instanceMetadataTexts(pacs, [record])
  return JSON.parse(text) as DicomJson
}

async function observerName(pacs: Parts, principal: Principal): Promise<string> {
  if (principal.kind !== 'user') return principal.reason
  const [person] = await pacs.database.query<{ email: string; display_name: string }>(
    'select email, display_name from app_user where user_id = $1',
    [principal.userId],
  )
  return person === undefined ? '' : person.display_name.trim() || person.email
}

async function nextSeriesNumber(pacs: Parts, study: ReadableStudy): Promise<number> {
  const [row] = await pacs.database.query<{ next: number }>(
    // Numbers near the end of the field's range are no count.
    `select coalesce(max(series_number), 0) + 1 as next from series
     where study_id = $1 and series_number between 0 and 999999`,
    [study.studyId],
  )
  return row?.next ?? 1
}

async function store(
  pacs: Parts,
  principal: Principal,
  study: ReadableStudy,
  chunks: readonly Uint8Array[],
): Promise<void> {
  const answer = await storeInstance(pacs, principal, {
    bytes: streamOf(chunks),
    source: 'report',
    requiredStudyInstanceUid: study.studyInstanceUid,
    size: chunks.reduce((sum, chunk) => sum + chunk.length, 0),
  })
  if (answer.kind === 'stored') return
  if (answer.kind === 'rejected' && answer.reason === 'not-allowed') {
    throw new YunyingError('forbidden', 'not-allowed', answer.message)
  }
  throw new Error(`a report was not stored: ${answer.kind === 'rejected' ? answer.reason : answer.kind}`)
}

async function* streamOf(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks
}

/** What another window changed meanwhile stays in the draft, though the report has it as it was. Answers the new version. */
async function withoutSaved(
  pacs: Parts,
  principal: Principal,
  study: ReadableStudy,
  draft: MarkDraft,
  saved: readonly DraftMark[],
): Promise<number> {
  const texts = new Set(saved.map((mark) => JSON.stringify(mark)))
  const rest = draft.marks.filter((mark) => !texts.has(JSON.stringify(mark)))
  try {
    return await saveDraft(pacs, principal, study, { version: draft.version, marks: rest })
  } catch (error) {
    if (!isYunyingError(error) || error.code !== 'draft-changed') throw error
    const newer = await readDraft(pacs, principal, study)
    return withoutSaved(pacs, principal, study, newer, saved)
  }
}
