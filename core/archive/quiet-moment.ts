import { setTimeout as sleep } from 'node:timers/promises'
import { unavailable } from '../errors.ts'
import type { Pacs } from '../pacs.ts'

const LOOK_MS = 250
/** What waits longer than this for a worker waits because all are busy. */
const WAITING_MS = 250
/** A study that got an instance this recently is still arriving. */
const ARRIVING_MS = 3_000
/** Where something always arrives, the least urgent work is done all the same after this long. */
const PATIENCE_MS = 120_000
/** The same where other work always waits, as it does in a large installation: there is none of its kind beside it in a worker. */
const LONGER_PATIENCE_MS = 600_000

/**
 * Resolves when nothing more urgent is to be done: no other work waits for a worker, and nothing of the organisation is
 * arriving. For the least urgent kind of work, to be awaited between its steps. Errors: 'unavailable' code
 * 'worker-stopping' when the signal aborts.
 */
export function quietMoments(
  pacs: Pick<Pacs, 'database' | 'clock'>,
  organisationId: string,
  signal: AbortSignal,
): () => Promise<void> {
  /** When it was quiet: a look that found something else says nothing of the next moment. */
  let lookedAt = 0
  let waitedMs = 0
  return async () => {
    for (;;) {
      if (signal.aborted) throw workerStopping()
      if (pacs.clock.now() - lookedAt < LOOK_MS) return
      const { others, arriving } = await whatIsUrgent(pacs, organisationId)
      if ((!others || waitedMs >= LONGER_PATIENCE_MS) && (!arriving || waitedMs >= PATIENCE_MS)) {
        lookedAt = pacs.clock.now()
        return
      }
      const since = pacs.clock.now()
      await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined)
      waitedMs += pacs.clock.now() - since
    }
  }
}

async function whatIsUrgent(
  pacs: Pick<Pacs, 'database'>,
  organisationId: string,
): Promise<{ others: boolean; arriving: boolean }> {
  const [row] = await pacs.database.query<{ others: boolean; arriving: boolean }>(
    `select exists (select 1 from work_item where state = 'pending' and kind <> 'make-renditions'
         and not_before < now() - make_interval(secs => $2 / 1000.0)) as others,
       exists (select 1 from study where organisation_id = $1
         and last_received_at > now() - make_interval(secs => $3 / 1000.0)) as arriving`,
    [organisationId, WAITING_MS, ARRIVING_MS],
    { name: 'what-is-urgent' },
  )
  return row ?? { others: false, arriving: false }
}

/** The worker is asked to stop. */
export const workerStopping = (): Error =>
  unavailable('worker-stopping', 'The worker is stopping; the work goes on when it or another one runs.')
