import { firstNumber, firstString, type DicomJson } from '../dicom/dicom-json.ts'
import type { Queryable } from '../ports/database.ts'
import type { StatementPart } from '../ports/statement-part.ts'
import { seriesAttributes } from './attribute-level.ts'
import { columnInteger, columnText, dateText, storableJson, timeText } from './row-text.ts'

/** What storing needs to know of a series that is there. A Series Instance UID is unique within its study. */
export interface SeriesRow {
  readonly series_id: string
  readonly study_id: string
  readonly series_instance_uid: string
  readonly first_instance_id: string
}

export interface SeriesKey {
  readonly studyId: string
  readonly seriesInstanceUid: string
}

/** A series as its first instance tells it. */
export interface NewSeries extends SeriesKey {
  readonly organisationId: string
  readonly seriesId: string
  readonly firstInstanceId: string
  readonly header: DicomJson
  /** Milliseconds since the epoch, UTC. */
  readonly lastReceivedAt: number
}

const COLUMNS = 'series_id, study_id, series_instance_uid, first_instance_id'

/** Those of the series that are there. */
export async function findSeries(tx: Queryable, keys: readonly SeriesKey[]): Promise<SeriesRow[]> {
  return tx.query<SeriesRow>(
    `select ${COLUMNS} from series join unnest($1::uuid[], $2::text[]) as k(study, uid)
       on study_id = k.study and series_instance_uid = k.uid`,
    [keys.map((key) => key.studyId), keys.map((key) => key.seriesInstanceUid)],
    { name: 'find-series' },
  )
}

/** Adds series without instances; one that another process adds at the same moment is left as it is. Answers only those added here. */
export async function insertSeries(tx: Queryable, series: readonly NewSeries[]): Promise<SeriesRow[]> {
  const rows = series.map((one) => ({
    series_id: one.seriesId,
    organisation_id: one.organisationId,
    study_id: one.studyId,
    series_instance_uid: one.seriesInstanceUid,
    first_instance_id: one.firstInstanceId,
    last_received_at: one.lastReceivedAt,
    ...seriesColumns(one.header),
  }))
  return tx.query<SeriesRow>(
    `insert into series (series_id, organisation_id, study_id, series_instance_uid, first_instance_id, last_received_at, ${ATTRIBUTE_COLUMNS})
     select series_id, organisation_id, study_id, series_instance_uid, first_instance_id,
       to_timestamp(last_received_at / 1000.0), ${ATTRIBUTE_COLUMNS}
     from jsonb_to_recordset($1::jsonb) as r(series_id uuid, organisation_id uuid, study_id uuid, series_instance_uid text,
       first_instance_id uuid, last_received_at float8, ${ATTRIBUTE_TYPES})
     order by study_id, series_instance_uid
     on conflict (study_id, series_instance_uid) do nothing
     returning ${COLUMNS}`,
    [storableJson(rows)],
    { name: 'insert-series' },
  )
}

/** As `updateStudyAttributes`, for series. */
export async function updateSeriesAttributes(
  tx: Queryable,
  series: readonly Pick<NewSeries, 'seriesId' | 'firstInstanceId' | 'header'>[],
): Promise<void> {
  const rows = series.map((one) => ({
    series_id: one.seriesId,
    first_instance_id: one.firstInstanceId,
    ...seriesColumns(one.header),
  }))
  await tx.query(
    `update series s set first_instance_id = r.first_instance_id, ${ATTRIBUTE_NAMES.map((name) => `${name} = r.${name}`).join(', ')}
     from jsonb_to_recordset($1::jsonb) as r(series_id uuid, first_instance_id uuid, ${ATTRIBUTE_TYPES})
     where s.series_id = r.series_id and r.first_instance_id < s.first_instance_id`,
    [storableJson(rows)],
  )
}

/**
 * Counts what this transaction adds, so that a series never claims fewer instances than it has: the series metadata
 * object is served only while it holds as many. (The reconcile-study job recomputes the count besides.)
 * The rows are locked in one order by all writers, and no indexed column changes, so the update stays cheap.
 */
export const countAddedInstances = (
  added: readonly { readonly seriesId: string; readonly count: number; readonly receivedAt: number }[],
): StatementPart => ({
  ctes: (first) => `added as (
       select * from unnest($${first}::uuid[], $${first + 1}::integer[], $${first + 2}::float8[])
         as a(series_id, count, received_at)
     ), locked as (
       select series_id from series where series_id = any($${first}::uuid[]) order by series_id for no key update
     ), counted as (
       update series s set instance_count = s.instance_count + a.count,
         last_received_at = greatest(s.last_received_at, to_timestamp(a.received_at / 1000.0))
       from added a join locked using (series_id) where s.series_id = a.series_id
     )`,
  params: [
    added.map((one) => one.seriesId),
    added.map((one) => one.count),
    added.map((one) => one.receivedAt),
  ],
})

const ATTRIBUTE_NAMES = [
  'modality',
  'series_number',
  'series_description',
  'body_part_examined',
  'pps_start_date',
  'pps_start_time',
  'attributes',
] as const
const ATTRIBUTE_COLUMNS = ATTRIBUTE_NAMES.join(', ')
const TYPE_OF: Partial<Record<string, string>> = { series_number: 'integer', attributes: 'jsonb' }
const ATTRIBUTE_TYPES = ATTRIBUTE_NAMES.map((name) => `${name} ${TYPE_OF[name] ?? 'text'}`).join(', ')

/** The modality as it is kept: also in the study's list. */
export const modalityOf = (header: DicomJson): string => columnText(firstString(header, '00080060'), 16)

/** The columns of a series that come from the attributes of its first instance. */
export function seriesColumns(header: DicomJson): Record<(typeof ATTRIBUTE_NAMES)[number], unknown> {
  const text = (tag: string, length: number): string => columnText(firstString(header, tag), length)
  return {
    modality: modalityOf(header),
    series_number: columnInteger(firstNumber(header, '00200011')),
    series_description: text('0008103E', 1024),
    body_part_examined: text('00180015', 256),
    pps_start_date: dateText(text('00400244', 64)),
    pps_start_time: timeText(text('00400245', 64)),
    attributes: seriesAttributes(header),
  }
}
