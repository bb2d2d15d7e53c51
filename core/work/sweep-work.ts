import type { Pacs } from '../pacs.ts'
import type { JobKind } from './job-kind.ts'

const MOST_AT_ONCE = 1000
const LOCK = 'sweep-work'

/**
 * Hints again at work that is due and that nobody does: its hint was lost, or its worker died and the lease ran out.
 * One process at a time sweeps. Returns how many hints were sent; undefined when another process sweeps.
 */
export async function sweepWork(pacs: Pick<Pacs, 'database' | 'queue'>): Promise<number | undefined> {
  return pacs.database.withLock(LOCK, async () => {
    const due = await pacs.database.query<{ kind: JobKind; key: string }>(
      `select kind, key from work_item
       where (state = 'pending' and not_before < now() - interval '1 second') or (state = 'running' and lease_until < now())
       order by not_before limit ${MOST_AT_ONCE}`,
    )
    for (const { kind, key } of due) await pacs.queue.notify(kind, key)
    return due.length
  })
}
