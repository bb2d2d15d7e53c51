/** Between which of its values a quantile lies; undefined where they are too few to say. */
export interface QuantileBounds {
  readonly low: number | undefined
  readonly high: number | undefined
}

/** How often a bound may be on the wrong side. */
const WRONG = 0.05

/**
 * A quantile of a few values is a guess: says between which of them it lies, by their ranks alone (how many of n values lie
 * below a quantile is binomial), each bound right 95 times of 100.
 *
 * @param sorted ascending
 * @param share 0.95 for the 95 %
 */
export function boundsOfQuantile(sorted: readonly number[], share: number): QuantileBounds {
  const below = cumulative(sorted.length, share)
  const tooHigh = below.findIndex((chance) => chance > WRONG)
  const highEnough = below.findIndex((chance) => 1 - chance <= WRONG)
  // By rank from 1: the low bound is the value of the rank `tooHigh`, the high one that of the rank after `highEnough`.
  return { low: sorted[tooHigh - 1], high: sorted[highEnough] }
}

/** The chance that of n values no more than 0, 1, … n lie below the quantile. */
function cumulative(n: number, share: number): number[] {
  const chances: number[] = []
  let logChance = n * Math.log(1 - share)
  let sum = 0
  for (let below = 0; below <= n; below++) {
    sum += Math.exp(logChance)
    chances.push(sum)
    logChance += Math.log((n - below) / (below + 1)) + Math.log(share / (1 - share))
  }
  return chances
}
