import { quantile } from '../figures.ts'

export interface Point {
  /** Since the soak began, ms. */
  readonly atMs: number
  readonly value: number
}

/** How something went on after the first quarter, which is its warm-up. */
export interface Trend {
  readonly secondQuarter: number
  readonly lastQuarter: number
  readonly perHour: number
  readonly grows: boolean
}

/** Above this share, and above an amount, the last quarter is more than noise away from the second. */
const NOISE = 0.05

/**
 * Whether a measure goes up: the medians of the second and of the last quarter, and the slope of all that follows the first,
 * which must not be chance.
 *
 * @param durationMs of the whole
 * @param amount a difference of this much means nothing
 */
export function trendOf(points: readonly Point[], durationMs: number, amount: number): Trend {
  const secondQuarter = median(valuesOf(points, durationMs, 1))
  const lastQuarter = median(valuesOf(points, durationMs, 3))
  const warm = points.filter(({ atMs }) => atMs >= durationMs / 4)
  const perMs = slope(warm)
  const more = lastQuarter - secondQuarter
  return {
    secondQuarter,
    lastQuarter,
    perHour: perMs * 3_600_000,
    grows: isRising(warm) && more > amount && more > NOISE * secondQuarter,
  }
}

/** The values of a quarter, from 0 to 3. */
export const valuesOf = (points: readonly Point[], durationMs: number, quarter: number): number[] =>
  points
    .filter(({ atMs }) => Math.min(3, Math.floor((4 * atMs) / durationMs)) === quarter)
    .map(({ value }) => value)

/** Theil and Sen: the median of the slopes of all pairs, which a few wild samples do not move. A millisecond. */
export function slope(points: readonly Point[]): number {
  const slopes = points.flatMap((from, index) =>
    points
      .slice(index + 1)
      .filter(({ atMs }) => atMs !== from.atMs)
      .map((to) => (to.value - from.value) / (to.atMs - from.atMs)),
  )
  return median(slopes)
}

/**
 * Mann and Kendall: whether later values are higher more often than chance would have it, 95 times of 100 (one-sided, normal approximation).
 * What goes up and down by ten from sample to sample may be six higher in one quarter than in another, and not grow.
 */
function isRising(points: readonly Point[]): boolean {
  const values = [...points].sort((a, b) => a.atMs - b.atMs).map(({ value }) => value)
  const higherLater = values.reduce(
    (sum, earlier, index) =>
      values.slice(index + 1).reduce((score, later) => score + Math.sign(later - earlier), sum),
    0,
  )
  const n = values.length
  return higherLater - 1 > RISING * Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18)
}

/** Of the normal distribution, 95 % lie below so many standard deviations. */
const RISING = 1.645

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return (quantile(sorted, 0.5) + quantile([...sorted].reverse(), 0.5)) / 2
}
