import { forEachRun, type Runs } from './runs.ts'

/** Of painted pixels that have a value. */
export interface PaintedStatistics {
  readonly count: number
  readonly mean: number
  /** Sum of the squares of the distances from the mean. */
  readonly squares: number
  readonly minimum: number
  readonly maximum: number
}

export const NO_STATISTICS: PaintedStatistics = {
  count: 0,
  mean: 0,
  squares: 0,
  minimum: Infinity,
  maximum: -Infinity,
}

/**
 * Of one frame.
 *
 * @param values of all its pixels, in reading order
 * @param scale by which values are multiplied
 * @param padding values from and up to these are none
 */
export function paintedStatistics(
  runs: Runs,
  values: ArrayLike<number>,
  scale: number,
  padding: { readonly from: number; readonly to: number } | undefined,
): PaintedStatistics {
  let [count, mean, squares, minimum, maximum] = [0, 0, 0, Infinity, -Infinity]
  const { from: low, to: high } = padding ?? { from: Infinity, to: -Infinity }
  forEachRun(runs, values.length, (from, to) => {
    for (let at = from; at < to; at++) {
      const stored = values[at] ?? NaN
      if (Number.isNaN(stored) || (stored >= low && stored <= high)) continue
      const value = stored * scale
      count += 1
      // Welford's way: exact enough for millions of large values.
      const delta = value - mean
      mean += delta / count
      squares += delta * (value - mean)
      if (value < minimum) minimum = value
      if (value > maximum) maximum = value
    }
  })
  return { count, mean, squares, minimum, maximum }
}

/** Of both together (Chan, Golub and LeVeque). */
export function together(one: PaintedStatistics, other: PaintedStatistics): PaintedStatistics {
  const count = one.count + other.count
  if (count === 0) return NO_STATISTICS
  const delta = other.mean - one.mean
  return {
    count,
    mean: one.mean + (delta * other.count) / count,
    squares: one.squares + other.squares + (delta * delta * one.count * other.count) / count,
    minimum: Math.min(one.minimum, other.minimum),
    maximum: Math.max(one.maximum, other.maximum),
  }
}

/** Of the pixels themselves (divided by their number, not by one less). */
export const deviationOf = ({ squares, count }: PaintedStatistics): number => Math.sqrt(squares / count)
