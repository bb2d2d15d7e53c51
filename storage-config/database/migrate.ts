import { asArchive } from '../../core/access/organisation-wall.ts'
import type { Database, Queryable } from '../../core/ports/database.ts'
import { sql as archive } from './migrations/0001-archive.ts'
import { sql as hanging } from './migrations/0002-hanging.ts'
import { sql as segments } from './migrations/0003-segments.ts'
import { sql as readingSettings } from './migrations/0004-reading-settings.ts'
import { sql as access } from './migrations/0005-access.ts'
import { sql as people } from './migrations/0006-people.ts'
import { sql as organisations } from './migrations/0007-organisations.ts'
import { sql as patients } from './migrations/0008-patients.ts'
import { sql as auditForwarding } from './migrations/0009-audit-forwarding.ts'
import { sql as retention } from './migrations/0010-retention.ts'
import { sql as wishedRenditions } from './migrations/0011-wished-renditions.ts'
import { sql as statisticsOfNames } from './migrations/0012-statistics-of-names.ts'
import { sql as letters } from './migrations/0013-letters.ts'
import { sql as joinedNames } from './migrations/0014-joined-names.ts'

/** In order, forward only. A migration that was released is never edited. */
const MIGRATIONS: readonly { name: string; sql: string }[] = [
  { name: '0001-archive', sql: archive },
  { name: '0002-hanging', sql: hanging },
  { name: '0003-segments', sql: segments },
  { name: '0004-reading-settings', sql: readingSettings },
  { name: '0005-access', sql: access },
  { name: '0006-people', sql: people },
  { name: '0007-organisations', sql: organisations },
  { name: '0008-patients', sql: patients },
  { name: '0009-audit-forwarding', sql: auditForwarding },
  { name: '0010-retention', sql: retention },
  { name: '0011-wished-renditions', sql: wishedRenditions },
  { name: '0012-statistics-of-names', sql: statisticsOfNames },
  { name: '0013-letters', sql: letters },
  { name: '0014-joined-names', sql: joinedNames },
]

/** A large archive takes its time to be rewritten; another process waits for it as long. */
const TIME = { timeoutMs: 24 * 3600_000 } as const

/** Brings the schema up to date, one process at a time, each migration in a transaction of its own. */
export async function migrate(database: Database): Promise<void> {
  await asArchive(() => database.transaction(applyMissing))
}

async function applyMissing(tx: Queryable): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtext('yunying-migrate'))`, [], TIME)
  await tx.query(
    'create table if not exists schema_migration (name text primary key, applied_at timestamptz not null default now())',
  )
  const applied = await tx.query<{ name: string }>('select name from schema_migration')
  const known = new Set(applied.map((row) => row.name))
  for (const migration of MIGRATIONS) {
    if (known.has(migration.name)) continue
    await tx.query(migration.sql, [], TIME)
    await tx.query('insert into schema_migration (name) values ($1)', [migration.name])
  }
}
