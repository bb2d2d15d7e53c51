import type { ArrivalKind } from '../work/job-kind.ts'

/** The first arrival is worked on as soon as those that came with it are there too: soon enough to watch. Milliseconds. */
const FIRST_MS: Readonly<Record<ArrivalKind, number>> = {
  'reconcile-study': 150,
  'extract-metadata': 250,
  'render-thumbnails': 150,
}
/** Between two runs for a study that keeps arriving: its instances are worked on together. Milliseconds. */
const SPACE_MS = 1_000
/** Arrivals a second above which the processor is theirs: a scanner at full speed, or several. */
const FLOOD = 40
/** How long what nobody waits for is put off in a flood; whoever asks for it earlier gets it made on the way. Milliseconds. */
const PUT_OFF_MS = 10_000
const PUT_OFF: ReadonlySet<ArrivalKind> = new Set(['extract-metadata'])
/** Keys remembered before those of studies at rest are let go. */
const MOST_KEYS = 10_000

/**
 * How long work that arriving instances ask for waits: the first run comes at once, the next ones spaced, so that a
 * scanner at full speed is not slowed down by what is derived from it. A process paces what it receives itself.
 */
export interface WorkPacing {
  /** So many instances are here now (milliseconds, the origin of `delayMs`): to be told before the work is asked for. */
  arrived(count: number, now: number): void
  /** Milliseconds from `now` (milliseconds, any origin) until the work is due. */
  delayMs(kind: ArrivalKind, key: string, now: number): number
}

export function createWorkPacing(): WorkPacing {
  const dueAt = new Map<string, number>()
  let [second, inThis, inLast] = [0, 0, 0]
  return {
    arrived(count, now) {
      const current = Math.floor(now / 1_000)
      if (current > second) {
        inLast = current === second + 1 ? inThis : 0
        inThis = 0
        second = current
      }
      inThis += count
    },
    delayMs(kind, key, now) {
      const name = `${kind} ${key}`
      const last = dueAt.get(name)
      if (last !== undefined && last > now) return last - now
      const wait = PUT_OFF.has(kind) && Math.max(inThis, inLast) > FLOOD ? PUT_OFF_MS : FIRST_MS[kind]
      const due = last === undefined ? now + wait : Math.max(now + wait, last + SPACE_MS)
      if (dueAt.size >= MOST_KEYS) {
        for (const [each, time] of dueAt) if (time < now - SPACE_MS) dueAt.delete(each)
      }
      dueAt.set(name, due)
      return due - now
    },
  }
}
