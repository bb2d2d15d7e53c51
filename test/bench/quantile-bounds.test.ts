import { describe, expect, it } from 'vitest'
import { boundsOfQuantile } from '../../bench/soak/quantile-bounds.ts'

const ranks = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1)

describe('the bounds of a quantile', () => {
  // By summing the binomial distribution with whole numbers.
  it('are the ranks that the binomial distribution gives', () => {
    expect(boundsOfQuantile(ranks(59), 0.95)).toEqual({ low: 53, high: 59 })
    expect(boundsOfQuantile(ranks(100), 0.95)).toEqual({ low: 91, high: 99 })
    expect(boundsOfQuantile(ranks(300), 0.95)).toEqual({ low: 279, high: 292 })
  })

  it('are close to it where there are many values', () => {
    const { low, high } = boundsOfQuantile(ranks(20_000), 0.95)
    expect(low).toBeGreaterThan(18_900)
    expect(high).toBeLessThan(19_100)
  })

  it('say that few values have none', () => {
    expect(boundsOfQuantile(ranks(58), 0.95).high).toBeUndefined()
    expect(boundsOfQuantile([], 0.95)).toEqual({ low: undefined, high: undefined })
  })
})
