import { asArchive } from '../access/organisation-wall.ts'
import { createRoomBook } from '../organisations/storage-room.ts'
import type { Clock } from '../ports/clock.ts'
import { UniqueViolation, type Database } from '../ports/database.ts'
import type { JobQueue } from '../ports/job-queue.ts'
import type { Logger } from '../ports/logger.ts'
import { createGroupCommit } from './group-commit.ts'
import { createIdSequence } from './instance-id.ts'
import type { IngestWriter, PendingInstance } from './pending-instance.ts'
import type { RecentHeads } from './recent-heads.ts'
import { createSeriesMemory, type Placement, type SeriesMemory } from './series-memory.ts'
import { createWorkHints } from './work-hints.ts'
import { createWorkPacing } from './work-pacing.ts'
import { writeInstances, writeToKnownSeries, type WrittenBatch } from './write-instances.ts'

/** Instances in one transaction, at most: more gain nothing and make the others wait. */
const LARGEST_BATCH = 64
const ATTEMPTS = 5

/**
 * What other writers can make fail through no fault of the rows: PostgreSQL's serialization_failure, deadlock_detected,
 * foreign_key_violation (a study was removed meanwhile).
 */
const TRANSIENT: ReadonlySet<unknown> = new Set(['40001', '40P01', '23503'])

/** Made once a process by its composition root. */
export function createIngestWriter(parts: {
  readonly database: Database
  readonly queue: JobQueue
  readonly clock: Clock
  readonly log: Logger
  readonly heads: RecentHeads
}): IngestWriter {
  const nextId = createIdSequence(parts.clock)
  const hints = createWorkHints(parts.queue, parts.log)
  const memory = createSeriesMemory(parts.clock)
  const pacing = createWorkPacing()
  const rooms = createRoomBook(parts)

  async function write(batch: readonly PendingInstance[]): Promise<WrittenBatch> {
    const placed = knownPlacements(memory, batch)
    if (placed !== undefined) {
      try {
        return await writeToKnownSeries(parts.database, placed, pacing)
      } catch (error) {
        if (!mayPass(error)) throw error
        for (const one of batch) memory.forget(one)
      }
    }
    return parts.database.transaction((tx) => writeInstances(tx, batch, pacing))
  }

  const commit = createGroupCommit(async (batch: readonly PendingInstance[]) => {
    for (let attempt = 1; ; attempt++) {
      try {
        // A batch holds what several senders sent, of any organisation.
        const { outcomes, work, placed } = await asArchive(() => write(batch))
        for (const [pending, placement] of placed) memory.keep(pending, placement)
        hints.send(work)
        return outcomes
      } catch (error) {
        if (attempt === ATTEMPTS || !mayPass(error)) throw error
      }
    }
  }, LARGEST_BATCH)
  return {
    nextId,
    rooms,
    heads: parts.heads,
    async commit(pending) {
      const outcome = await commit(pending)
      if (outcome.kind === 'stored') {
        rooms.took(pending.organisationId, pending.size)
        if (pending.head !== undefined) parts.heads.keep(pending.objectKey, pending.head)
      }
      return outcome
    },
  }
}

/** Where each belongs, when all are of series stored to lately; a batch with a SOP Instance UID twice wants a closer look. */
function knownPlacements(
  memory: SeriesMemory,
  batch: readonly PendingInstance[],
): Map<PendingInstance, Placement> | undefined {
  const placed = new Map<PendingInstance, Placement>()
  const uids = new Set<string>()
  for (const one of batch) {
    const placement = memory.find(one)
    const uid = `${one.organisationId} ${one.identity.sopInstanceUid}`
    if (placement === undefined || uids.has(uid)) return undefined
    uids.add(uid)
    placed.set(one, placement)
  }
  return placed
}

/** Another process stored the same instance meanwhile, or stood in the way: the next attempt sees what it committed. */
function mayPass(error: unknown): boolean {
  if (error instanceof UniqueViolation) return true
  return error instanceof Error && TRANSIENT.has((error as Error & { code?: unknown }).code)
}
