/** Nothing is said on less. Milliseconds under way. */
export const LEAST_MS = 50
/** What is older counts half, and half again. Milliseconds under way. */
export const WINDOW_MS = 2_000
/** As much as this within less is quick, and says so. Bytes. */
const LEAST_ARRIVED = 128 << 10

/** How fast answers arrive, all that arrive together. Bytes a millisecond; undefined: too few. */
export interface Arrivals {
  /** An answer that is over: when it began and was all here, milliseconds of one clock. */
  add(span: readonly [from: number, to: number], bytes: number): void
  pace(): number | undefined
  /** The same, of answers that took their time: what came at once, a busy machine may have seen late. */
  steadyPace(): number | undefined
}

export function openArrivals(): Arrivals {
  let [busyMs, until, bytes] = [0, -Infinity, 0]
  return {
    add([from, to], came) {
      // Several arrive at once, and share the link.
      busyMs += Math.max(0, to - Math.max(from, until))
      until = Math.max(until, to)
      bytes += came
      if (busyMs < WINDOW_MS) return
      busyMs /= 2
      bytes /= 2
    },
    pace: () =>
      (busyMs >= LEAST_MS && bytes > 0) || bytes >= LEAST_ARRIVED ? bytes / Math.max(1, busyMs) : undefined,
    steadyPace: () => (busyMs >= LEAST_MS ? bytes / busyMs : undefined),
  }
}
