import { createHash } from 'node:crypto'
import { YunyingError } from '../errors.ts'
import type { Queryable } from '../ports/database.ts'

/** How many tries in how long. */
export interface AttemptLimit {
  readonly most: number
  readonly seconds: number
}

/**
 * One more try of `key`, counted in the database: all processes count together. Errors: 'limit' code 'too-many-attempts',
 * which says when to try again.
 */
export async function countAttempt(database: Queryable, key: string, limit: AttemptLimit): Promise<void> {
  const [row] = await database.query<{ count: number; wait: number }>(
    `insert into attempt as a (attempt_key, count, ends_at) values ($1, 1, now() + make_interval(secs => $2))
     on conflict (attempt_key) do update set
       count = case when a.ends_at <= now() then 1 else a.count + 1 end,
       ends_at = case when a.ends_at <= now() then excluded.ends_at else a.ends_at end
     returning count, ceil(extract(epoch from ends_at - now()))::integer as wait`,
    [keyHash(key), limit.seconds],
  )
  if (row !== undefined && row.count > limit.most) throw tooMany(row.wait)
}

/** The same of what has been counted: nothing is added. */
export async function requireAttemptsLeft(
  database: Queryable,
  key: string,
  limit: AttemptLimit,
): Promise<void> {
  const [row] = await database.query<{ wait: number }>(
    `select ceil(extract(epoch from ends_at - now()))::integer as wait from attempt
     where attempt_key = $1 and count >= $2 and ends_at > now()`,
    [keyHash(key), limit.most],
  )
  if (row !== undefined) throw tooMany(row.wait)
}

const tooMany = (wait: number): YunyingError =>
  new YunyingError('limit', 'too-many-attempts', 'Too many attempts. Wait a few minutes and try again.', {
    retryAfterSeconds: Math.max(1, wait),
  })

/** What was tried was right: it starts anew. Also takes away what has ended, a little at a time. */
export async function forgetAttempts(database: Queryable, keys: readonly string[]): Promise<void> {
  await database.query(
    `delete from attempt where attempt_key = any($1) or attempt_key in (
       select attempt_key from attempt where ends_at < now() order by ends_at limit 50 for update skip locked)`,
    [keys.map(keyHash)],
  )
}

const keyHash = (key: string): Buffer => createHash('sha256').update(key).digest()
