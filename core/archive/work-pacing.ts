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
/**
 * Between two words to open worklists about a study that keeps arriving. Each wakes a process of PostgreSQL's and every web process; the
 * reconciling that each batch asks for tells of the last. Milliseconds.
 */
const TOLD_EVERY_MS = 500
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
  /** Whether open worklists are to be told of the study now (as above): then they are taken to be told. */
  tells(studyId: string, now: number): boolean
}

export function createWorkPacing(): WorkPacing {
  const dueAt = new Map<string, number>()
  const toldAt = new Map<string, number>()
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
      keep(dueAt, name, due, now)
      return due - now
    },
    tells(studyId, now) {
      if (now - (toldAt.get(studyId) ?? -Infinity) < TOLD_EVERY_MS) return false
      keep(toldAt, studyId, now, now)
      return true
    },
  }
}

function keep(times: Map<string, number>, key: string, time: number, now: number): void {
  if (times.size >= MOST_KEYS) {
    for (const [each, earlier] of times) if (earlier < now - SPACE_MS) times.delete(each)
  }
  times.set(key, time)
}
