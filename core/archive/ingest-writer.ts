import type { Clock } from '../ports/clock.ts'
import type { Database } from '../ports/database.ts'
import type { JobQueue } from '../ports/job-queue.ts'
import type { Logger } from '../ports/logger.ts'
import { createGroupCommit } from './group-commit.ts'
import { createIdSequence } from './instance-id.ts'
import type { IngestWriter } from './pending-instance.ts'
import { createWorkHints } from './work-hints.ts'
import { LostRace, writeInstances } from './write-instances.ts'

/** Instances in one transaction, at most: more gain nothing and make the others wait. */
const LARGEST_BATCH = 64
const ATTEMPTS = 5

/** What other writers can make fail through no fault of the rows: PostgreSQL's serialization_failure, deadlock_detected. */
const TRANSIENT: ReadonlySet<unknown> = new Set(['40001', '40P01'])

/** Made once a process by its composition root. */
export function createIngestWriter(parts: {
  readonly database: Database
  readonly queue: JobQueue
  readonly clock: Clock
  readonly log: Logger
}): IngestWriter {
  const nextId = createIdSequence(parts.clock)
  const hints = createWorkHints(parts.queue, parts.log)
  const commit = createGroupCommit(async (batch: Parameters<typeof writeInstances>[1]) => {
    for (let attempt = 1; ; attempt++) {
      try {
        const written = await parts.database.transaction((tx) => writeInstances(tx, batch))
        hints.send(written.work)
        return written.outcomes
      } catch (error) {
        if (attempt === ATTEMPTS || !mayPass(error)) throw error
      }
    }
  }, LARGEST_BATCH)
  return { nextId, commit }
}

/** Another process stored the same instance meanwhile, or stood in the way: the next attempt sees what it committed. */
function mayPass(error: unknown): boolean {
  if (error instanceof LostRace) return true
  return error instanceof Error && TRANSIENT.has((error as Error & { code?: unknown }).code)
}
