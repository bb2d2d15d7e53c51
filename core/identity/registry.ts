import { Readable } from 'node:stream'
import { asArchive } from '../access/organisation-wall.ts'
import type { Role } from '../access/principal.ts'
import { isReindexNeeded, markReindexNeeded } from '../archive/reindex-mark.ts'
import type { Pacs } from '../pacs.ts'
import type { Queryable } from '../ports/database.ts'
import type { ObjectKey, ObjectStore } from '../ports/object-store.ts'
import { createSharedRuns } from '../shared-runs.ts'
import {
  readRegistryTables,
  restoreRegistryTables,
  restoreShares,
  type RegistryTables,
} from './registry-tables.ts'

/**
 * Organisations, people, tokens, rules, grants and links, kept as one small object beside the instances, so that the object store
 * alone can rebuild the database with the same rights. Written after each change; the database is the truth while it lives.
 * What is optional was not kept by earlier versions: then a restored row is as old as its restoration.
 */
const REGISTRY_KEY = 'registry/registry.json' as ObjectKey

interface Registry extends Partial<RegistryTables> {
  readonly version: 1
  readonly organisations: {
    organisation_id: string
    name: string
    ae_title: string | null
    created_at?: string
    kind?: string
    ruled_roles?: string[]
    quota_bytes?: number | null
    time_zone?: string
    language?: string | null
    logo_key?: string | null
    emergency_enabled?: boolean
    emergency_minutes?: number
    patients_see_names?: boolean
  }[]
  readonly users: {
    user_id: string
    organisation_id: string
    email: string
    display_name: string
    password_hash: string | null
    must_change_password: boolean
    roles: Role[]
    language: string | null
    disabled_at: string | null
    created_at?: string
    kind?: string
    referrer_names?: string[]
  }[]
  readonly tokens: {
    token_hash: string
    user_id: string
    label: string
    expires_at: string | null
    created_at?: string
    token_id?: string
    actions?: string[] | null
  }[]
  /** By Study Instance UID: our own ids are made anew by a reindex. */
  readonly grants: {
    organisation_id: string
    study_instance_uid: string
    user_id: string
    expires_at: string | null
    granted_by?: string | null
    granted_at?: string
  }[]
}

/** Longer than many writers of a large installation need, one after the other: a second each, with 10,000 links and as many patients. */
const WAIT_MS = 50
const MOST_WAITS = 2_400

const runs = createSharedRuns<ObjectStore>()

/** Writes the registry as the database has it now; the last of several concurrent writers writes what all committed. */
export const publishRegistry = (pacs: Pick<Pacs, 'database' | 'objects'>): Promise<void> =>
  runs(pacs.objects, () => publishOnce(pacs))

async function publishOnce(pacs: Pick<Pacs, 'database' | 'objects'>): Promise<void> {
  const publish = async (): Promise<true> => {
    const body = Buffer.from(JSON.stringify(await currentRegistry(pacs)))
    await pacs.objects.put(REGISTRY_KEY, Readable.from([body]), { size: body.length })
    return true
  }
  // Another process is publishing: what they read may be older than our change, so wait and publish again.
  for (let attempt = 0; attempt < MOST_WAITS; attempt++) {
    if (await asArchive(() => pacs.database.withLock('publish-registry', publish))) return
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS))
  }
}

/** Puts organisations, people and tokens back into an empty database. False when there is none to restore, or the database has its own. */
export async function restoreRegistry(pacs: Pick<Pacs, 'database' | 'objects'>): Promise<boolean> {
  const registry = await readRegistry(pacs)
  if (registry === undefined) return false
  // From here on the database has people and no studies; a sweep must not take the instances for orphans.
  await markReindexNeeded(pacs.objects)
  return pacs.database.transaction(async (tx) => {
    const present = await tx.query('select 1 from organisation limit 1')
    if (present.length > 0) return false
    await tx.query(
      `insert into organisation (organisation_id, name, ae_title, created_at, kind, ruled_roles, quota_bytes, time_zone, language,
         logo_key, emergency_enabled, emergency_minutes, patients_see_names)
       select organisation_id, name, ae_title, coalesce(created_at, now()), coalesce(kind, 'hospital'),
         coalesce(ruled_roles, '{}'), quota_bytes, coalesce(time_zone, 'UTC'), language, logo_key,
         coalesce(emergency_enabled, true), coalesce(emergency_minutes, 60), coalesce(patients_see_names, false)
       from jsonb_to_recordset($1::jsonb) as r(organisation_id uuid, name text, ae_title text, created_at timestamptz,
         kind text, ruled_roles text[], quota_bytes bigint, time_zone text, language text, logo_key text,
         emergency_enabled boolean, emergency_minutes integer, patients_see_names boolean)`,
      [JSON.stringify(registry.organisations)],
    )
    await tx.query(
      `insert into app_user (user_id, organisation_id, email, display_name, password_hash, must_change_password, roles, language,
         disabled_at, created_at, kind, referrer_names)
       select user_id, organisation_id, email, display_name, password_hash, must_change_password, roles, language,
         disabled_at, coalesce(created_at, now()), coalesce(kind, 'person'), coalesce(referrer_names, '{}')
       from jsonb_to_recordset($1::jsonb) as r(user_id uuid, organisation_id uuid, email text, display_name text,
         password_hash text, must_change_password boolean, roles text[], language text, disabled_at timestamptz,
         created_at timestamptz, kind text, referrer_names text[])`,
      [JSON.stringify(registry.users)],
    )
    await tx.query(
      `insert into api_token (token_hash, user_id, label, expires_at, created_at, token_id, actions)
       select decode(token_hash, 'hex'), user_id, label, expires_at, coalesce(created_at, now()),
         coalesce(token_id, gen_random_uuid()), actions
       from jsonb_to_recordset($1::jsonb) as r(token_hash text, user_id uuid, label text, expires_at timestamptz,
         created_at timestamptz, token_id uuid, actions text[])`,
      [JSON.stringify(registry.tokens)],
    )
    await restoreRegistryTables(tx, registry.tables)
    return true
  })
}

/** Gives grants and links back to studies that a reindex has put back. Returns how many were restored. */
export async function restoreGrants(pacs: Pick<Pacs, 'database' | 'objects'>): Promise<number> {
  const registry = await readRegistry(pacs)
  if (registry === undefined) return 0
  const rows = await pacs.database.query<{ study_id: string }>(
    `insert into study_grant (study_id, user_id, expires_at, granted_by, granted_at)
     select s.study_id, r.user_id, r.expires_at, r.granted_by, coalesce(r.granted_at, now())
     from jsonb_to_recordset($1::jsonb) as r(organisation_id uuid, study_instance_uid text, user_id uuid,
       expires_at timestamptz, granted_by uuid, granted_at timestamptz)
     join study s on s.organisation_id = r.organisation_id and s.study_instance_uid = r.study_instance_uid
     join app_user u on u.user_id = r.user_id
     on conflict do nothing returning study_id`,
    [JSON.stringify(registry.grants)],
  )
  await restoreShares(pacs.database, registry.shares)
  return rows.length
}

async function readRegistry(pacs: Pick<Pacs, 'objects'>): Promise<Registry | undefined> {
  if ((await pacs.objects.head(REGISTRY_KEY)) === undefined) return undefined
  return JSON.parse(Buffer.from(await pacs.objects.read(REGISTRY_KEY)).toString('utf8')) as Registry
}

/**
 * What the database says; and, until a reindex has put the studies back, the grants and links that were kept before: their studies
 * are missing, not the rights.
 */
async function currentRegistry(pacs: Pick<Pacs, 'database' | 'objects'>): Promise<Registry> {
  const current = await readDatabase(pacs.database)
  if (!(await isReindexNeeded(pacs.objects))) return current
  const kept = await readRegistry(pacs)
  if (kept === undefined) return current
  const nameOf = (grant: Registry['grants'][number]): string =>
    `${grant.organisation_id} ${grant.study_instance_uid} ${grant.user_id}`
  const known = new Set(current.grants.map(nameOf))
  const shares = new Set(current.shares?.map((share) => share['share_id']))
  return {
    ...current,
    grants: [...current.grants, ...kept.grants.filter((grant) => !known.has(nameOf(grant)))],
    shares: [
      ...(current.shares ?? []),
      ...(kept.shares ?? []).filter((share) => !shares.has(share['share_id'])),
    ],
  }
}

/**
 * Everybody but the guests of links that open no more, which are many. Who might write by theirs stays: their name is on what
 * they wrote.
 */
const OF_USE = `not exists (
  select 1 from share_link l where l.guest_id = u.user_id and (l.revoked_at is not null or l.expires_at <= now())
    and l.rights <@ '{download}')`

async function readDatabase(database: Queryable): Promise<Registry> {
  return {
    version: 1,
    ...(await readRegistryTables(database)),
    organisations: await database.query(
      `select organisation_id, name, ae_title, created_at::text, kind, ruled_roles, quota_bytes, time_zone, language, logo_key,
         emergency_enabled, emergency_minutes, patients_see_names from organisation order by 1`,
    ),
    users: await database.query(
      `select user_id, organisation_id, email, display_name, password_hash, must_change_password, roles, language,
         disabled_at::text, created_at::text, kind, referrer_names from app_user u where ${OF_USE} order by 1`,
    ),
    tokens: await database.query(
      `select encode(token_hash, 'hex') as token_hash, user_id, label, expires_at::text, created_at::text,
         token_id, actions from api_token order by 1`,
    ),
    grants: await database.query(
      `select s.organisation_id, s.study_instance_uid, g.user_id, g.expires_at::text, g.granted_by, g.granted_at::text
       from study_grant g join study s using (study_id) order by 1, 2, 3`,
    ),
  }
}
