import type { Clock } from '../ports/clock.ts'
import type { PendingInstance } from './pending-instance.ts'
import type { SeriesRow } from './series-table.ts'
import type { StudyRow } from './study-table.ts'

/** The rows an instance belongs to. */
export interface Placement {
  readonly study: StudyRow
  readonly series: SeriesRow
}

/** A series that arrives now is asked for often; what others changed meanwhile must not be believed for long. Milliseconds. */
const LIFE_MS = 30_000
const MOST_SERIES = 2_000

/**
 * The series this process stored to lately, so that the next instance of one is written without a look. What it says may be
 * outdated: the database's constraints have the last word.
 */
export interface SeriesMemory {
  /** Undefined too when the instance would come before the first of its study or series, whose attributes then change. */
  find(pending: PendingInstance): Placement | undefined
  keep(pending: PendingInstance, placement: Placement): void
  forget(pending: PendingInstance): void
}

export function createSeriesMemory(clock: Clock): SeriesMemory {
  const kept = new Map<string, { placement: Placement; until: number }>()
  const keyOf = ({ organisationId, identity }: PendingInstance): string =>
    `${organisationId} ${identity.studyInstanceUid} ${identity.seriesInstanceUid}`
  return {
    find(pending) {
      const entry = kept.get(keyOf(pending))
      if (entry === undefined || entry.until < clock.now()) return undefined
      const { study, series } = entry.placement
      const isFirst =
        pending.instanceId < study.first_instance_id || pending.instanceId < series.first_instance_id
      return isFirst ? undefined : entry.placement
    },
    keep(pending, placement) {
      const key = keyOf(pending)
      // The oldest goes first: a Map keeps the order of insertion.
      kept.delete(key)
      for (const oldest of kept.keys()) {
        if (kept.size < MOST_SERIES) break
        kept.delete(oldest)
      }
      kept.set(key, { placement, until: clock.now() + LIFE_MS })
    },
    forget: (pending) => void kept.delete(keyOf(pending)),
  }
}
