import type { Queryable } from '../ports/database.ts'

/** Rows of a table as `to_jsonb` writes them. */
type Rows = readonly Readonly<Record<string, unknown>>[]

/** What of the rights is kept row by row, in the order in which it can be put back; each says which rows are worth keeping. */
const TABLES: readonly { readonly name: string; readonly where?: string }[] = [
  { name: 'user_group' },
  { name: 'user_group_member' },
  { name: 'access_rule', where: 't.expires_at is null or t.expires_at > now()' },
  { name: 'patient_account' },
  { name: 'patient_slip', where: 't.expires_at > now()' },
  { name: 'emergency_access' },
  { name: 'sign_in_settings' },
  { name: 'one_time_codes', where: 't.confirmed_at is not null' },
  { name: 'recovery_code' },
  { name: 'passkey' },
  { name: 'invitation', where: 't.accepted_at is null and t.revoked_at is null and t.expires_at > now()' },
  { name: 'identity_provider' },
  { name: 'provider_identity' },
  { name: 'retention_rule' },
  { name: 'study_hold', where: 't.lifted_at is null' },
]

/** Links that still open, with the UID of their study: our own ids are made anew by a reindex. */
const SHARES = `select to_jsonb(l) || jsonb_build_object('study_instance_uid', s.study_instance_uid) as row
  from share_link l join study s using (study_id) where l.revoked_at is null and l.expires_at > now() order by l.share_id`

export interface RegistryTables {
  readonly tables: Readonly<Record<string, Rows>>
  readonly shares: Rows
}

/** The rows that a registry keeps. */
export async function readRegistryTables(database: Queryable): Promise<RegistryTables> {
  const tables: Record<string, Rows> = {}
  for (const { name, where = 'true' } of TABLES) {
    const rows = await database.query<{ row: Record<string, unknown> }>(
      `select to_jsonb(t) as row from ${name} t where ${where}`,
    )
    tables[name] = rows.map(({ row }) => row)
  }
  const shares = await database.query<{ row: Record<string, unknown> }>(SHARES)
  return { tables, shares: shares.map(({ row }) => row) }
}

/** Puts the rows back into their empty tables; a table or a column that this version does not have is left out. */
export async function restoreRegistryTables(
  tx: Queryable,
  tables: RegistryTables['tables'] = {},
): Promise<void> {
  for (const { name } of TABLES) await insertRows(tx, name, tables[name] ?? [])
}

/** Puts links back whose studies a reindex has put back. */
export async function restoreShares(database: Queryable, shares: Rows = []): Promise<void> {
  const found = await database.query<{ organisation_id: string; uid: string; study_id: string }>(
    `select s.organisation_id, s.study_instance_uid as uid, s.study_id
     from jsonb_to_recordset($1::jsonb) as r(organisation_id uuid, study_instance_uid text)
     join study s on s.organisation_id = r.organisation_id and s.study_instance_uid = r.study_instance_uid`,
    [JSON.stringify(shares)],
  )
  const studyOf = new Map(found.map((row) => [`${row.organisation_id} ${row.uid}`, row.study_id]))
  const rows = shares.flatMap((share) => {
    const studyId = studyOf.get(`${String(share['organisation_id'])} ${String(share['study_instance_uid'])}`)
    return studyId === undefined ? [] : [{ ...share, study_id: studyId }]
  })
  await insertRows(database, 'share_link', rows)
}

async function insertRows(database: Queryable, table: string, rows: Rows): Promise<void> {
  if (rows.length === 0) return
  const known = await database.query<{ name: string }>(
    `select attname as name from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped`,
    [table],
  )
  // What an earlier version did not keep takes its default.
  const columns = known.map(({ name }) => name).filter((name) => rows.some((row) => name in row))
  await database.query(
    `insert into ${table} (${columns.join()}) select ${columns.join()}
     from jsonb_populate_recordset(null::${table}, $1::jsonb) on conflict do nothing`,
    [JSON.stringify(rows)],
  )
}
