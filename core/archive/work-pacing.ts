import type { ArrivalKind } from '../work/job-kind.ts'

/** The first arrival is worked on as soon as those that came with it are there too: soon enough to watch. Milliseconds. */
const FIRST_MS: Readonly<Record<ArrivalKind, number>> = {
  'reconcile-study': 150,
  'extract-metadata': 250,
  'render-thumbnails': 150,
}
/** Between two runs for a study that keeps arriving: its instances are worked on together. Milliseconds. */
const SPACE_MS = 1_000
/** Keys remembered before those of studies at rest are let go. */
const MOST_KEYS = 10_000

/**
 * How long work that arriving instances ask for waits: the first run comes at once, the next ones spaced, so that a
 * scanner at full speed is not slowed down by what is derived from it. A process paces what it receives itself.
 */
export interface WorkPacing {
  /** Milliseconds from `now` (milliseconds, any origin) until the work is due. */
  delayMs(kind: ArrivalKind, key: string, now: number): number
}

export function createWorkPacing(): WorkPacing {
  const dueAt = new Map<string, number>()
  return {
    delayMs(kind, key, now) {
      const name = `${kind} ${key}`
      const last = dueAt.get(name)
      if (last !== undefined && last > now) return last - now
      const due = last === undefined ? now + FIRST_MS[kind] : Math.max(now + FIRST_MS[kind], last + SPACE_MS)
      if (dueAt.size >= MOST_KEYS) {
        for (const [each, time] of dueAt) if (time < now - SPACE_MS) dueAt.delete(each)
      }
      dueAt.set(name, due)
      return due - now
    },
  }
}
