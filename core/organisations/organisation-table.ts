import type { Queryable, SqlValue } from '../ports/database.ts'
import { UniqueViolation } from '../ports/database.ts'
import { invalid, notFound, YunyingError } from '../errors.ts'

/** The first hospital that was made: its administrators run the installation for all. */
export const DEFAULT_ORGANISATION = `select organisation_id from organisation where kind = 'hospital'
  order by created_at, organisation_id limit 1`

export interface OrganisationRow {
  readonly organisation_id: string
  readonly name: string
  readonly ae_title: string | null
  readonly time_zone: string
  readonly language: 'en' | 'zh-CN' | null
  readonly quota_bytes: number | null
  readonly logo_key: string | null
  readonly created_at: Date
}

const COLUMNS = 'organisation_id, name, ae_title, time_zone, language, quota_bytes, logo_key, created_at'

/** Errors: 'not-found' code 'organisation-not-found'. */
export async function getOrganisation(database: Queryable, organisationId: string): Promise<OrganisationRow> {
  const [row] = await database.query<OrganisationRow>(
    `select ${COLUMNS} from organisation where organisation_id::text = $1 and kind = 'hospital'`,
    [organisationId],
  )
  if (row === undefined) throw notFound('organisation-not-found', 'There is no such organisation.')
  return row
}

/** Every hospital of the installation, oldest first, with how much each has. */
export function listOrganisations(
  database: Queryable,
): Promise<(OrganisationRow & { studies: number; people: number; rendition_bytes: number })[]> {
  return database.query(
    `with renditions as (
       select coalesce(l.organisation_id, se.organisation_id) as organisation_id, sum(r.size)::bigint as bytes
       from rendition r join series se using (series_id) left join share_link l on l.vault_id = se.organisation_id group by 1
     )
     select ${COLUMNS}, coalesce((select bytes from renditions d where d.organisation_id = o.organisation_id), 0) as rendition_bytes,
       (select coalesce(sum(t.studies), 0)::bigint from study_tally t where t.organisation_id = o.organisation_id) as studies,
       (select count(*) from app_user u where u.organisation_id = o.organisation_id and u.kind = 'person'
          and u.disabled_at is null) as people
     from organisation o where kind = 'hospital' order by created_at, organisation_id`,
  )
}

/** What may be said of an organisation; what is undefined stays as it is. */
export interface OrganisationFields {
  readonly name?: string | undefined
  readonly aeTitle?: string | null | undefined
  readonly timeZone?: string | undefined
  readonly language?: 'en' | 'zh-CN' | null | undefined
  readonly quotaBytes?: number | null | undefined
  readonly logoKey?: string | null | undefined
}

const COLUMN_OF = {
  name: 'name',
  aeTitle: 'ae_title',
  timeZone: 'time_zone',
  language: 'language',
  quotaBytes: 'quota_bytes',
  logoKey: 'logo_key',
} as const satisfies Record<keyof OrganisationFields, string>

/** Errors: 'conflict' code 'organisation-exists'; 'invalid' code 'time-zone-invalid'. */
export async function insertOrganisation(
  tx: Queryable,
  organisationId: string,
  fields: OrganisationFields & { readonly name: string },
): Promise<void> {
  const { columns, values } = await columnsOf(tx, fields)
  const names = ['organisation_id', ...columns]
  await named(() =>
    tx.query(
      `insert into organisation (${names.join()}) values (${names.map((_, index) => `$${index + 1}`).join()})`,
      [organisationId, ...values],
    ),
  )
}

/** Errors: as `insertOrganisation`. */
export async function updateOrganisation(
  tx: Queryable,
  organisationId: string,
  fields: OrganisationFields,
): Promise<void> {
  const { columns, values } = await columnsOf(tx, fields)
  if (columns.length === 0) return
  const sets = columns.map((column, index) => `${column} = $${index + 2}`)
  await named(() =>
    tx.query(`update organisation set ${sets.join()} where organisation_id = $1`, [
      organisationId,
      ...values,
    ]),
  )
}

async function columnsOf(
  tx: Queryable,
  fields: OrganisationFields,
): Promise<{ columns: string[]; values: SqlValue[] }> {
  if (fields.timeZone !== undefined) await requireTimeZone(tx, fields.timeZone)
  const given = (Object.keys(COLUMN_OF) as (keyof OrganisationFields)[]).filter(
    (name) => fields[name] !== undefined,
  )
  return {
    columns: given.map((name) => COLUMN_OF[name]),
    values: given.map((name) => fields[name] ?? null),
  }
}

/** The database reckons with it, so the database knows it. */
async function requireTimeZone(tx: Queryable, timeZone: string): Promise<void> {
  const known = await tx.query('select 1 from pg_timezone_names where name = $1', [timeZone])
  if (known.length === 0)
    throw invalid(
      'time-zone-invalid',
      'Name a time zone as the IANA does, such as Asia/Shanghai or Europe/Berlin.',
    )
}

async function named(write: () => Promise<unknown>): Promise<void> {
  try {
    await write()
  } catch (error) {
    if (!(error instanceof UniqueViolation)) throw error
    throw new YunyingError('conflict', 'organisation-exists', 'There is an organisation of this name.', {
      cause: error,
    })
  }
}
