import type { Queryable } from '../ports/database.ts'
import { together, type StatementPart } from '../ports/statement-part.ts'
import type { JobQueue } from '../ports/job-queue.ts'
import type { JobKind } from './job-kind.ts'

export interface WorkRequest {
  readonly kind: JobKind
  /** Our Id, as the kind says. */
  readonly key: string
  readonly organisationId: string
  /** Waits this long, so that what arrives together is one run. Milliseconds. */
  readonly delayMs?: number
}

/**
 * Writes that this work wants doing, in the transaction of what makes it necessary. Asking again for work that waits
 * changes nothing but its number; asking while it runs makes it run once more.
 */
export async function requestWork(tx: Queryable, requests: readonly WorkRequest[]): Promise<void> {
  if (requests.length === 0) return
  const { text, params } = together([requestedWork(requests)])
  await tx.query(text, params, { name: 'request-work' })
}

/** As `requestWork`, as a part of the statement that makes it necessary. */
export function requestedWork(requests: readonly WorkRequest[]): StatementPart {
  // Always in the same order, so that two transactions never wait for each other in a ring.
  const sorted = [...requests].sort((a, b) => (a.kind + a.key < b.kind + b.key ? -1 : 1))
  return {
    ctes: (first) => `requested as (
     insert into work_item as w (kind, key, organisation_id, not_before)
     select r.kind, r.key, r.organisation_id, now() + make_interval(secs => r.delay_ms / 1000.0)
     from unnest($${first}::text[], $${first + 1}::uuid[], $${first + 2}::uuid[], $${first + 3}::integer[])
       as r(kind, key, organisation_id, delay_ms)
     on conflict (kind, key) do update set
       requested = w.requested + 1,
       state = case when w.state = 'failed' then 'pending' else w.state end,
       attempts = case when w.state = 'failed' then 0 else w.attempts end,
       not_before = case when w.state = 'failed' then excluded.not_before else w.not_before end
    )`,
    params: [
      sorted.map((request) => request.kind),
      sorted.map((request) => request.key),
      sorted.map((request) => request.organisationId),
      sorted.map((request) => request.delayMs ?? 0),
    ],
  }
}

/** Hints the queue, after the commit. A hint that does not arrive is sent again by the sweeper. */
export async function notifyWork(queue: JobQueue, requests: readonly WorkRequest[]): Promise<void> {
  await Promise.all(
    requests.map(({ kind, key, delayMs }) =>
      queue.notify(kind, key, delayMs === undefined ? {} : { delayMs }),
    ),
  )
}
