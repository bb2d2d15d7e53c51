import { firstPersonName, firstString, strings, type DicomJson } from '../dicom/dicom-json.ts'
import { unspacedName } from '../dicom/person-name.ts'
import type { Queryable } from '../ports/database.ts'
import { studyAttributes } from './attribute-level.ts'
import { foldText } from './fold-text.ts'
import { columnText, dateText, storableJson, timeText } from './row-text.ts'

/** What storing needs to know of a study that is there. */
export interface StudyRow {
  readonly study_id: string
  readonly organisation_id: string
  readonly study_instance_uid: string
  readonly patient_id: string
  readonly issuer_of_patient_id: string
  readonly first_instance_id: string
}

export interface StudyKey {
  readonly organisationId: string
  readonly studyInstanceUid: string
}

/** A study as its first instance tells it. */
export interface NewStudy extends StudyKey {
  readonly studyId: string
  readonly firstInstanceId: string
  readonly header: DicomJson
  /** Milliseconds since the epoch, UTC. */
  readonly firstReceivedAt: number
  readonly lastReceivedAt: number
  readonly modalities: readonly string[]
  readonly seriesCount: number
  readonly instanceCount: number
}

const COLUMNS = `study_id, organisation_id, study_instance_uid, patient_id, issuer_of_patient_id, first_instance_id`

/** Those of the studies that are there. */
export async function findStudies(tx: Queryable, keys: readonly StudyKey[]): Promise<StudyRow[]> {
  return tx.query<StudyRow>(
    `select ${COLUMNS} from study join unnest($1::uuid[], $2::text[]) as k(organisation, uid)
       on organisation_id = k.organisation and study_instance_uid = k.uid`,
    [keys.map((key) => key.organisationId), keys.map((key) => key.studyInstanceUid)],
    { name: 'find-studies' },
  )
}

/** Adds studies; one that another process adds at the same moment is left as it is. Answers only those added here. */
export async function insertStudies(tx: Queryable, studies: readonly NewStudy[]): Promise<StudyRow[]> {
  return tx.query<StudyRow>(
    `insert into study (study_id, organisation_id, study_instance_uid, ${ATTRIBUTE_COLUMNS}, modalities, series_count,
       instance_count, first_received_at, last_received_at, first_instance_id)
     select study_id, organisation_id, study_instance_uid, ${ATTRIBUTE_COLUMNS}, modalities, series_count,
       instance_count, to_timestamp(first_received_at / 1000.0), to_timestamp(last_received_at / 1000.0), first_instance_id
     from jsonb_to_recordset($1::jsonb) as r(study_id uuid, organisation_id uuid, study_instance_uid text,
       ${ATTRIBUTE_TYPES}, modalities text[], series_count integer, instance_count integer,
       first_received_at float8, last_received_at float8, first_instance_id uuid)
     order by organisation_id, study_instance_uid
     on conflict (organisation_id, study_instance_uid) do nothing
     returning ${COLUMNS}`,
    [storableJson(studies.map(insertedStudy))],
    { name: 'insert-studies' },
  )
}

/**
 * Gives studies the attributes of an instance that arrived before the one they have them from (it took longer), so that
 * they come out the same whatever was committed first.
 */
export async function updateStudyAttributes(
  tx: Queryable,
  studies: readonly Pick<NewStudy, 'studyId' | 'firstInstanceId' | 'header'>[],
): Promise<void> {
  const rows = studies.map((study) => ({
    study_id: study.studyId,
    first_instance_id: study.firstInstanceId,
    ...studyColumns(study.header),
  }))
  await tx.query(
    `update study s set first_instance_id = r.first_instance_id, ${ATTRIBUTE_NAMES.map((name) => `${name} = r.${name}`).join(', ')}
     from jsonb_to_recordset($1::jsonb) as r(study_id uuid, first_instance_id uuid, ${ATTRIBUTE_TYPES})
     where s.study_id = r.study_id and r.first_instance_id < s.first_instance_id`,
    [storableJson(rows)],
  )
}

const ATTRIBUTE_NAMES = [
  'patient_id',
  'issuer_of_patient_id',
  'patient_name',
  'patient_name_folded',
  'patient_birth_date',
  'patient_sex',
  'study_date',
  'study_time',
  'accession_number',
  'study_id_text',
  'study_description',
  'referring_physician_folded',
  'search_text',
  'attributes',
] as const
const ATTRIBUTE_COLUMNS = ATTRIBUTE_NAMES.join(', ')
const ATTRIBUTE_TYPES = ATTRIBUTE_NAMES.map(
  (name) => `${name} ${name === 'patient_name' || name === 'attributes' ? 'jsonb' : 'text'}`,
).join(', ')

function insertedStudy(study: NewStudy): object {
  return {
    study_id: study.studyId,
    organisation_id: study.organisationId,
    study_instance_uid: study.studyInstanceUid,
    modalities: study.modalities,
    series_count: study.seriesCount,
    instance_count: study.instanceCount,
    first_received_at: study.firstReceivedAt,
    last_received_at: study.lastReceivedAt,
    first_instance_id: study.firstInstanceId,
    ...studyColumns(study.header),
  }
}

/** The columns of a study that come from the attributes of its first instance. */
export function studyColumns(header: DicomJson): Record<(typeof ATTRIBUTE_NAMES)[number], unknown> {
  const text = (tag: string, length: number): string => columnText(firstString(header, tag), length)
  const patientName = firstPersonName(header, '00100010')
  const patientId = text('00100020', 256)
  const accessionNumber = text('00080050', 256)
  const studyDescription = text('00081030', 1024)
  const folded = foldedNames(header, '00100010')
  return {
    patient_id: patientId,
    issuer_of_patient_id: text('00100021', 256),
    patient_name: patientName ?? null,
    patient_name_folded: folded,
    patient_birth_date: dateText(text('00100030', 64)),
    patient_sex: text('00100040', 64),
    study_date: dateText(text('00080020', 64)),
    study_time: timeText(text('00080030', 64)),
    accession_number: accessionNumber,
    study_id_text: text('00200010', 256),
    study_description: studyDescription,
    referring_physician_folded: foldedNames(header, '00080090'),
    search_text: [
      ...[folded, patientId, accessionNumber, studyDescription].map(foldText),
      ...joinedNames(folded),
    ].join('\n'),
    attributes: studyAttributes(header),
  }
}

/** The groups of a person name, folded, each between bars: `|wang^xiaodong|王^小东|`; empty when there is no name. */
function foldedNames(header: DicomJson, tag: string): string {
  const name = firstPersonName(header, tag)
  const groups = name
    ? [name.Alphabetic, name.Ideographic, name.Phonetic]
    : // Some senders write names with another VR.
      strings(header, tag).slice(0, 1)
  const folded = groups
    .filter((group): group is string => typeof group === 'string' && group !== '')
    .map((group) => foldText(columnText(group, 1024)).replaceAll('|', ' '))
  return folded.length === 0 ? '' : `|${folded.join('|')}|`
}

/**
 * The groups of folded names as they are written and shown, or typed, where that is another way: 王小东 for `王^小东`, *zhangwei* for `zhang^wei`.
 * Migrations 0013 and 0014 have it in SQL.
 */
const joinedNames = (folded: string): string[] =>
  folded.split('|').flatMap((group) => {
    const joined = unspacedName(group) ?? joinedLetters(group)
    return joined === undefined || joined === group ? [] : [joined]
  })

/** As Pinyin is typed: without blanks. Undefined where there is more than the letters of English. */
function joinedLetters(group: string): string | undefined {
  const joined = group.split('^', 3).join('').replaceAll(' ', '')
  return /^[a-z]+$/.test(joined) ? joined : undefined
}

/** Whether an instance names another patient than the study it says it belongs to. */
export function patientDiffers(row: StudyRow, header: DicomJson): boolean {
  return (
    row.patient_id !== columnText(firstString(header, '00100020'), 256) ||
    row.issuer_of_patient_id !== columnText(firstString(header, '00100021'), 256)
  )
}
