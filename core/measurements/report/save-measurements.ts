import type { Principal } from '../../access/principal.ts'
import type { ReadableStudy } from '../../access/require-study.ts'
import { findInstancesById, type InstanceRecord } from '../../archive/instance-record.ts'
import type { DraftMark, MarkDraft, SavedMeasurements, SaveMeasurements } from '../../contract/api.ts'
import type { DicomJson } from '../../dicom/dicom-json.ts'
import { newUid } from '../../dicom/uid.ts'
import { invalid, isYunyingError, YunyingError } from '../../errors.ts'
import type { Pacs } from '../../pacs.ts'
import { readDraft, saveDraft } from '../drafts.ts'
import { isCalibrating, isMeasured, type KeyTitle } from '../shapes.ts'
import { buildKeyObjects, type KeyObjectsInput } from './build-key-objects.ts'
import { buildReport } from './build-report.ts'
import type { DocumentInput } from './document-head.ts'
import type { ReportImage } from './measurement-group.ts'
import { metadataOf, nextSeriesNumber, observerName, storeMade } from './store-made.ts'

type Parts = Pick<Pacs, 'database' | 'objects' | 'ingest' | 'clock' | 'log'>

/**
 * Makes a report of what these marks of the draft measure, and selections of those that are key images, and stores them as
 * any instance; once all are durable, and not before, the marks leave the draft. A failure in between leaves them in both,
 * and saving them again makes a newer report of the same marks: nothing is ever in neither. Calibrations stay in the draft:
 * each measurement names the one that it was measured by.
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
  const all = draft.marks.filter(({ geometry }) => !isCalibrating(geometry))
  const marks = all.filter(({ trackingUid }) => wanted.has(trackingUid))
  if (draft.version !== version || marks.length < wanted.size) {
    throw new YunyingError('conflict', 'draft-changed', 'Measurements of this study were changed meanwhile.')
  }
  const records = await findImages(pacs, study, marks)
  const head = {
    images: new Map(records.map((record) => [record.sopInstanceUid, imageOf(record)])),
    instance: await metadataOf(pacs, records[0]),
    observer: await observerName(pacs, principal),
    language,
    at: new Date(pacs.clock.now()),
  }
  let seriesNumber = await nextSeriesNumber(pacs, study)
  const documents: SavedMeasurements['documents'] = []
  const measured = marks.flatMap(({ geometry, ...mark }) =>
    isMeasured(geometry) ? [{ ...mark, geometry }] : [],
  )
  const made: readonly { kind: (typeof documents)[number]['kind']; build(uids: Uids): DicomJson }[] = [
    ...(measured.length === 0
      ? []
      : [
          {
            kind: 'report' as const,
            build: (uids: Uids) =>
              buildReport({
                ...head,
                ...uids,
                marks: measured,
                complete: marks.length === all.length,
              }),
          },
        ]),
    ...selections(marks).map((selection) => ({
      kind: 'key-objects' as const,
      build: (uids: Uids) => buildKeyObjects({ ...head, ...uids, ...selection }),
    })),
  ]
  for (const { kind, build } of made) {
    const uids = { sopInstanceUid: newUid(), seriesInstanceUid: newUid(), seriesNumber: seriesNumber++ }
    await storeMade(pacs, principal, study, build(uids))
    documents.push({ kind, sopInstanceUid: uids.sopInstanceUid, seriesInstanceUid: uids.seriesInstanceUid })
  }
  return { documents, version: await withoutSaved(pacs, principal, study, draft, marks) }
}

type Uids = Pick<DocumentInput, 'sopInstanceUid' | 'seriesInstanceUid' | 'seriesNumber'>

/** Key images by why they are: a selection has one title and one description. */
function selections(marks: readonly DraftMark[]): Pick<KeyObjectsInput, 'title' | 'description' | 'keys'>[] {
  const found = new Map<string, { title: KeyTitle; description: string; keys: DraftMark[] }>()
  for (const mark of marks) {
    if (mark.geometry.kind !== 'key') continue
    const { title } = mark.geometry
    const selection = found.get(title + mark.label) ?? { title, description: mark.label, keys: [] }
    const isThere = selection.keys.some(
      ({ sopInstanceUid, frameNumber }) =>
        sopInstanceUid === mark.sopInstanceUid && frameNumber === mark.frameNumber,
    )
    if (!isThere) selection.keys.push(mark)
    found.set(title + mark.label, selection)
  }
  return [...found.values()]
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
