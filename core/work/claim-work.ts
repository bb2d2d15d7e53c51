import { isYunyingError } from '../errors.ts'
import type { Database } from '../ports/database.ts'
import type { JobKind } from './job-kind.ts'

/** After this many failures work waits for a person. */
export const MOST_ATTEMPTS = 5
/** Milliseconds before the next attempt: 1, 4, 16, 64 s. */
const backoffMs = (attempts: number): number => 1000 * 4 ** (attempts - 1)

/**
 * Work that was asked for again while it ran waits this long: while a study streams in, its work is done now and then,
 * not without a pause over ever more instances. Short enough for someone who watches. Milliseconds.
 */
const AGAIN_AFTER_MS = 1000

/** A piece of work that this worker may do until its lease ends. */
export interface WorkClaim {
  readonly kind: JobKind
  readonly key: string
  readonly organisationId: string
  /** The request this run answers; a later one makes it run again. */
  readonly requested: number
  readonly attempts: number
}

export type ClaimOutcome =
  | { readonly kind: 'claimed'; readonly claim: WorkClaim }
  /** It is due later: hint again after this long. Milliseconds. */
  | { readonly kind: 'early'; readonly waitMs: number }
  /** Done already, failed for good, or another worker has it. */
  | { readonly kind: 'none' }

/** Takes the work for `leaseMs`, unless it is not due, done, or taken. A lease that ran out can be taken over. */
export async function claimWork(
  database: Database,
  kind: JobKind,
  key: string,
  leaseMs: number,
): Promise<ClaimOutcome> {
  const rows = await database.query<{ organisation_id: string; requested: number; attempts: number }>(
    `update work_item set state = 'running', attempts = attempts + 1, lease_until = now() + make_interval(secs => $3 / 1000.0)
     where kind = $1 and key = $2 and not_before <= now()
       and (state = 'pending' or (state = 'running' and lease_until < now() and attempts < ${MOST_ATTEMPTS}))
     returning organisation_id, requested, attempts`,
    [kind, key, leaseMs],
    { name: 'claim-work' },
  )
  const row = rows[0]
  if (row !== undefined) {
    return {
      kind: 'claimed',
      claim: {
        kind,
        key,
        organisationId: row.organisation_id,
        requested: row.requested,
        attempts: row.attempts,
      },
    }
  }
  const early = await database.query<{ wait_ms: number }>(
    `select ceil(extract(epoch from not_before - now()) * 1000)::integer as wait_ms from work_item
     where kind = $1 and key = $2 and state = 'pending' and not_before > now()`,
    [kind, key],
    { name: 'early-work' },
  )
  return early[0] === undefined ? { kind: 'none' } : { kind: 'early', waitMs: Math.max(1, early[0].wait_ms) }
}

/** Keeps the claim for another `leaseMs`; false when another worker took it over. */
export async function extendLease(database: Database, claim: WorkClaim, leaseMs: number): Promise<boolean> {
  const rows = await database.query(
    `update work_item set lease_until = now() + make_interval(secs => $3 / 1000.0)
     where kind = $1 and key = $2 and state = 'running' and attempts = $4 returning 1`,
    [claim.kind, claim.key, leaseMs, claim.attempts],
  )
  return rows.length > 0
}

/** The work is done: its row goes. It stays when another worker took it over, or when it was asked for again: then resolves true. */
export async function finishWork(database: Database, claim: WorkClaim): Promise<boolean> {
  const done = await database.query(
    `delete from work_item where kind = $1 and key = $2 and requested = $3 and state = 'running' and attempts = $4
     returning 1`,
    [claim.kind, claim.key, claim.requested, claim.attempts],
    { name: 'finish-work' },
  )
  if (done.length > 0) return false
  const again = await database.query(
    `update work_item set state = 'pending', attempts = 0, lease_until = null, error_code = null, error_message = null,
       not_before = now() + make_interval(secs => ${AGAIN_AFTER_MS} / 1000.0)
     where kind = $1 and key = $2 and state = 'running' and attempts = $3 returning 1`,
    [claim.kind, claim.key, claim.attempts],
  )
  return again.length > 0
}

/**
 * The work failed: tried again later, or kept as failed after five attempts, with a stable code and a safe sentence.
 * A part that is down is nobody's fault: such an attempt is not counted. Resolves with the wait before the next
 * attempt in milliseconds, or undefined when it waits for a person or another worker took it over.
 */
export async function failWork(
  database: Database,
  claim: WorkClaim,
  error: unknown,
): Promise<number | undefined> {
  const down = isYunyingError(error) && error.kind === 'unavailable'
  const attempts = down ? claim.attempts - 1 : claim.attempts
  const final = attempts >= MOST_ATTEMPTS
  const waitMs = down ? 2000 : backoffMs(Math.max(1, attempts))
  const rows = await database.query(
    `update work_item set state = $3, attempts = $4, lease_until = null, error_code = $5, error_message = $6,
       not_before = now() + make_interval(secs => $7 / 1000.0)
     where kind = $1 and key = $2 and state = 'running' and attempts = $8 returning 1`,
    [
      claim.kind,
      claim.key,
      final ? 'failed' : 'pending',
      attempts,
      isYunyingError(error) ? error.code : 'internal-error',
      isYunyingError(error) ? error.message : 'Something unexpected happened; the log has it.',
      waitMs,
      claim.attempts,
    ],
  )
  if (rows.length === 0) return undefined
  return final ? undefined : waitMs
}
