import type { Pacs } from '../pacs.ts'
import type { Queryable } from '../ports/database.ts'
import { MOST_ATTEMPTS } from './claim-work.ts'
import type { JobKind } from './job-kind.ts'

const MOST_AT_ONCE = 1000
const MOST_RENDITIONS = 16
const LOCK = 'sweep-work'

/**
 * Hints again at work that is due and that nobody does: its hint was lost, or its worker died and the lease ran out.
 * One process at a time sweeps. Returns how many hints were sent; undefined when another process sweeps.
 */
export async function sweepWork(pacs: Pick<Pacs, 'database' | 'queue'>): Promise<number | undefined> {
  return pacs.database.withLock(LOCK, async () => {
    await releaseExpired(pacs.database)
    const due = await dueWork(pacs.database)
    let sent = 0
    for (const { kind, key } of due) {
      // The queue is down: the next sweep comes soon.
      if (!(await pacs.queue.notify(kind, key))) break
      sent++
    }
    return sent
  })
}

/**
 * Work whose worker died goes back to the others. What killed its worker five times waits for a person: it may be what
 * kills them. Returns how many.
 */
export async function releaseExpired(database: Queryable): Promise<number> {
  const rows = await database.query(
    `update work_item set lease_until = null,
       state = case when attempts >= ${MOST_ATTEMPTS} then 'failed' else 'pending' end,
       error_code = case when attempts >= ${MOST_ATTEMPTS} then 'worker-died' else error_code end,
       error_message = case when attempts >= ${MOST_ATTEMPTS} then 'The worker died each time it tried this.' else error_message end
     where state = 'running' and lease_until < now() returning 1`,
  )
  return rows.length
}

/** Work that has been due for a moment, so that its own hint had its chance; longest due first. */
export function dueWork(
  database: Queryable,
  limit = MOST_AT_ONCE,
): Promise<{ kind: JobKind; key: string }[]> {
  const due = `select kind, key from work_item where state = 'pending' and not_before < now() - interval '1 second'`
  // Renditions may wait in great number, one series at a time: they do not crowd out the others.
  return database.query(
    `(${due} and kind <> 'make-renditions' order by not_before limit $1)
     union all (${due} and kind = 'make-renditions' order by not_before limit ${MOST_RENDITIONS})`,
    [limit],
  )
}
