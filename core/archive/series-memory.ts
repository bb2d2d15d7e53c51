import type { Clock } from '../ports/clock.ts'
import { createRemembered } from '../remembered.ts'
import type { PendingInstance } from './pending-instance.ts'
import type { SeriesRow } from './series-table.ts'
import type { StudyRow } from './study-table.ts'

/** The rows an instance belongs to. */
export interface Placement {
  readonly study: StudyRow
  readonly series: SeriesRow
}

/** A series that arrives now is asked for often; what others changed meanwhile must not be believed for long. Milliseconds. */
const REMEMBER = { forMs: 30_000, most: 2_000 }

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
  const kept = createRemembered<Placement>(clock, REMEMBER)
  const keyOf = ({ organisationId, identity }: PendingInstance): string =>
    `${organisationId} ${identity.studyInstanceUid} ${identity.seriesInstanceUid}`
  return {
    find(pending) {
      const placement = kept.get(keyOf(pending))
      if (placement === undefined) return undefined
      const { study, series } = placement
      const isFirst =
        pending.instanceId < study.first_instance_id || pending.instanceId < series.first_instance_id
      return isFirst ? undefined : placement
    },
    keep: (pending, placement) => kept.set(keyOf(pending), placement),
    forget: (pending) => kept.delete(keyOf(pending)),
  }
}
