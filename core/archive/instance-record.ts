import { YunyingError, notFound } from '../errors.ts'
import type { Queryable } from '../ports/database.ts'
import type { ObjectKey } from '../ports/object-store.ts'
import type { InstanceLayout } from './instance-layout.ts'

/** An instance as retrieval needs it. */
export interface InstanceRecord {
  readonly instanceId: string
  readonly organisationId: string
  readonly studyId: string
  readonly seriesId: string
  readonly studyInstanceUid: string
  readonly seriesInstanceUid: string
  readonly sopInstanceUid: string
  readonly sopClassUid: string
  readonly transferSyntaxUid: string
  readonly objectKey: ObjectKey
  /** Bytes. */
  readonly size: number
  /** Lower-case hexadecimal, of the bytes as received. */
  readonly sha256: string
  readonly layout: InstanceLayout
}

const SELECT = `select i.instance_id as "instanceId", i.organisation_id as "organisationId", i.study_id as "studyId",
  i.series_id as "seriesId", st.study_instance_uid as "studyInstanceUid", se.series_instance_uid as "seriesInstanceUid",
  i.sop_instance_uid as "sopInstanceUid", i.sop_class_uid as "sopClassUid", i.transfer_syntax_uid as "transferSyntaxUid",
  i.object_key as "objectKey", i.size, encode(i.sha256, 'hex') as sha256, l.layout
  from instance i join instance_layout l using (instance_id) join series se using (series_id)
  join study st on st.study_id = i.study_id`
/** Rows are handed on in pages, so that a study of many thousands needs no more memory than a small one. */
const PAGE = 500

/** One instance of a study that was authorised. Errors: 'not-found' code 'instance-not-found'. */
export async function getInstance(
  database: Queryable,
  studyId: string,
  seriesInstanceUid: string,
  sopInstanceUid: string,
): Promise<InstanceRecord> {
  const rows = await database.query<InstanceRecord>(
    `${SELECT} where i.study_id = $1 and se.series_instance_uid = $2 and i.sop_instance_uid = $3`,
    [studyId, seriesInstanceUid, sopInstanceUid],
    { name: 'get-instance' },
  )
  const [row] = rows
  if (row === undefined) throw notFound('instance-not-found', 'There is no such instance in this study.')
  return row
}

/** Those of these instances of a series that are there, in any order; the study was authorised. */
export function findInstances(
  database: Queryable,
  studyId: string,
  seriesInstanceUid: string,
  sopInstanceUids: readonly string[],
): Promise<InstanceRecord[]> {
  return database.query<InstanceRecord>(
    `${SELECT} where i.study_id = $1 and se.series_instance_uid = $2 and i.sop_instance_uid = any($3::text[])`,
    [studyId, seriesInstanceUid, sopInstanceUids],
  )
}

/** The Id of a series of a study. Errors: 'not-found' code 'series-not-found'. */
export async function getSeriesId(
  database: Queryable,
  studyId: string,
  seriesInstanceUid: string,
): Promise<string> {
  const rows = await database.query<{ series_id: string }>(
    'select series_id from series where study_id = $1 and series_instance_uid = $2',
    [studyId, seriesInstanceUid],
    { name: 'get-series-id' },
  )
  const [row] = rows
  if (row === undefined) throw notFound('series-not-found', 'There is no such series in this study.')
  return row.series_id
}

/** The instances of a study, or of one series, in the order of series and instance numbers. */
export async function* listInstances(
  database: Queryable,
  of: { readonly studyId: string } | { readonly seriesId: string },
): AsyncGenerator<InstanceRecord> {
  const [column, id] = 'studyId' in of ? ['i.study_id', of.studyId] : ['i.series_id', of.seriesId]
  const ids = await database.query<{ instance_id: string }>(
    `select i.instance_id from instance i join series se using (series_id) where ${column} = $1
     order by se.series_number nulls last, se.series_instance_uid, i.instance_number nulls last, i.sop_instance_uid`,
    [id],
  )
  for (let at = 0; at < ids.length; at += PAGE) {
    const page = ids.slice(at, at + PAGE).map((row) => row.instance_id)
    const rows = await database.query<InstanceRecord>(`${SELECT} where i.instance_id = any($1::uuid[])`, [
      page,
    ])
    const byId = new Map(rows.map((row) => [row.instanceId, row]))
    for (const instanceId of page) {
      const row = byId.get(instanceId)
      if (row !== undefined) yield row
    }
  }
}

/** In which transfer syntaxes the instances of a study or series are stored. */
export async function listTransferSyntaxes(
  database: Queryable,
  of: { readonly studyId: string } | { readonly seriesId: string },
): Promise<string[]> {
  const [column, id] = 'studyId' in of ? ['study_id', of.studyId] : ['series_id', of.seriesId]
  const rows = await database.query<{ transfer_syntax_uid: string }>(
    `select distinct transfer_syntax_uid from instance where ${column} = $1`,
    [id],
  )
  return rows.map((row) => row.transfer_syntax_uid)
}

/** The layout of the pixels. Errors: 'not-found' code 'no-pixels' for an instance that has none that can be read. */
export function requirePixels(instance: InstanceRecord): NonNullable<InstanceLayout['pixels']> {
  const { pixels, frames } = instance.layout
  if (pixels === undefined || frames.kind === 'none') {
    throw new YunyingError(
      'not-found',
      'no-pixels',
      'This instance has no image. Retrieve the instance itself.',
    )
  }
  return pixels
}

/** The instances of these Ids that are there; the caller has authorised them. */
export async function findInstancesById(
  database: Queryable,
  instanceIds: readonly string[],
): Promise<InstanceRecord[]> {
  return database.query<InstanceRecord>(`${SELECT} where i.instance_id = any($1::uuid[])`, [instanceIds])
}
