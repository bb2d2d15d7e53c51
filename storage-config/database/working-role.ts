import pg from 'pg'
import { ConfigError } from '../../core/config.ts'
import type { Logger } from '../../core/ports/logger.ts'
import { asUnreachable } from './postgres-database.ts'
import { NOT_LEAKPROOF, SLOW_SEARCHES } from './searching-functions.ts'

/** Owns the archive's tables and works with them, where who logs in is above row-level security. */
export const WORKING_ROLE = 'yunying_archive'

const CONNECT_MS = 5_000
/** Made by another process of ours a moment ago: duplicate_object, unique_violation, tuple concurrently updated. */
const MADE_MEANWHILE = new Set(['42710', '23505', 'XX000'])
const INSUFFICIENT_PRIVILEGE = '42501'

/**
 * PostgreSQL lets superusers and roles with BYPASSRLS past every policy, so the archive never works as one. Where this
 * login is one, there is `WORKING_ROLE` for it afterwards, which owns what is in this database, also what an earlier version
 * made; answered is its name. Undefined when the login itself is bound by the policies.
 * Errors: ConfigError when the login is above the policies and may not make a role that is not.
 */
export async function prepareWorkingRole(
  address: pg.ClientConfig,
  log: Pick<Logger, 'warn'>,
): Promise<string | undefined> {
  const client = new pg.Client({ ...address, connectionTimeoutMillis: CONNECT_MS })
  // What breaks while we wait is told by the statement that waited.
  client.on('error', () => undefined)
  try {
    await client.connect()
  } catch (error) {
    throw asUnreachable(error)
  }
  try {
    const { rows } = await client.query<{ above: boolean; superuser: boolean }>(
      'select rolsuper or rolbypassrls as above, rolsuper as superuser from pg_roles where rolname = current_user',
    )
    if (rows[0]?.above !== true) {
      await warnOfSlowSearches(client, log)
      return undefined
    }
    await makeRole(client, rows[0].superuser)
    // One process at a time: two that hand over the same table stand in each other's way.
    await client.query('begin')
    await client.query(`select pg_advisory_xact_lock(hashtext('yunying-migrate'))`)
    await client.query(HAND_OVER)
    if (rows[0].superuser) await client.query(LEAKPROOF)
    await client.query('commit')
    if (!rows[0].superuser) await warnOfSlowSearches(client, log)
    return WORKING_ROLE
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code !== INSUFFICIENT_PRIVILEGE) throw error
    throw new ConfigError(
      [
        `YUNYING_DATABASE_URL: its login has BYPASSRLS, which would open the wall between organisations, and may not make the role ${WORKING_ROLE}; take BYPASSRLS from it`,
      ],
      { cause: error },
    )
  } finally {
    await client.end()
  }
}

async function makeRole(client: pg.Client, superuser: boolean): Promise<void> {
  const { rowCount } = await client.query('select 1 from pg_roles where rolname = $1', [WORKING_ROLE])
  if (rowCount !== 0) return
  try {
    // May log in where a password or the server's rules let it: the embedded server trusts who can enter its folder.
    await client.query(`create role ${WORKING_ROLE} login nosuperuser nobypassrls`)
    if (!superuser) await client.query(`grant ${WORKING_ROLE} to current_user`)
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || !MADE_MEANWHILE.has(error.code ?? '')) throw error
  }
}

/** A server that is not ours: its superuser says it once (docs/operations.md). Everything is found without it, only later. */
async function warnOfSlowSearches(client: pg.Client, log: Pick<Logger, 'warn'>): Promise<void> {
  const { rowCount } = await client.query(`select 1 ${NOT_LEAKPROOF} limit 1`)
  if (rowCount !== 0) log.warn({}, SLOW_SEARCHES)
}

/** What this login made in `public`, extensions apart, belongs to the working role from now on. */
const HAND_OVER = `do $$
declare found record;
begin
  if not has_database_privilege('${WORKING_ROLE}', current_database(), 'create') then
    execute format('grant create on database %I to ${WORKING_ROLE}', current_database());
  end if;
  if not has_schema_privilege('${WORKING_ROLE}', 'public', 'create') then
    grant usage, create on schema public to ${WORKING_ROLE};
  end if;
  for found in
    select 'table' as kind, c.oid::regclass::text as name from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm')
      and c.relowner = current_user::regrole
      and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
    union all
    select 'function', p.oid::regprocedure::text from pg_proc p
    where p.pronamespace = 'public'::regnamespace and p.proowner = current_user::regrole
      and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
  loop
    execute format('alter %s %s owner to ${WORKING_ROLE}', found.kind, found.name);
  end loop;
end $$`

const LEAKPROOF = `do $$
declare found regprocedure;
begin
  for found in select oid::regprocedure ${NOT_LEAKPROOF} loop
    execute format('alter function %s leakproof', found);
  end loop;
end $$`
