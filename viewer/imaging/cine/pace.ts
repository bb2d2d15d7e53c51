/** What is counted: this much of the past, and nothing is said on less than the other. Milliseconds. */
const WINDOW = 2_000
const LEAST = 1_000
/** As much of its rate is held: a screen does not draw at the very times of a clip. */
const HELD = 0.9
/** Nobody looked for so long: what was before says nothing. Milliseconds. */
const PAUSE = 1_000
/** Of what was before. */
const REMEMBERED = 0.95

/** How a clip is played that does not hold its rate. */
export interface Pace {
  /** Images a second that were shown, and that the clip has; whole numbers. */
  readonly shown: number
  readonly wanted: number
  /** They did not come, or were not decoded and drawn in time. */
  readonly because: 'link' | 'device'
}

/** Counts what is shown of a clip. */
export interface PaceMeter {
  /** With every drawing of the screen. */
  tick(now: number): void
  shown(): void
  /** Were due, and not here. */
  missed(count: number): void
  /** Were here or on their way through the decoder, and not drawn in time. */
  skipped(count: number): void
  /** Undefined: it holds its rate, or it is too early to say. */
  pace(): Pace | undefined
}

/** @param rate images a second that the clip has */
export function openPaceMeter(rate: number): PaceMeter {
  const shownAt: number[] = []
  let [began, at] = [NaN, NaN]
  /** Above none: the link has more to do with it. */
  let blame = 0
  function begin(now: number): void {
    began = at = now
    shownAt.length = blame = 0
  }
  return {
    tick(now) {
      if (!(now - at <= PAUSE)) begin(now)
      at = now
      while (shownAt.length > 0 && (shownAt[0] ?? 0) <= now - WINDOW) shownAt.shift()
    },
    shown: () => void shownAt.push(at),
    missed: (count) => void (count > 0 && (blame = blame * REMEMBERED + count)),
    skipped: (count) => void (count > 0 && (blame = blame * REMEMBERED - count)),
    pace() {
      const counted = Math.min(WINDOW, at - began)
      const shown = (1000 * shownAt.length) / counted
      if (!(counted >= LEAST) || shown >= rate * HELD) return undefined
      // Never more than it is, nor all of it.
      const [some, all] = [Math.floor(shown), Math.max(1, Math.round(rate))]
      return { shown: Math.min(some, all - 1), wanted: all, because: blame > 0 ? 'link' : 'device' }
    },
  }
}
