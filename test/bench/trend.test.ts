import { describe, expect, it } from 'vitest'
import { slope, trendOf, type Point } from '../../bench/soak/trend.ts'

const HOUR = 3_600_000
/** Sixty samples of an hour. */
const samples = (value: (minute: number) => number): Point[] =>
  Array.from({ length: 60 }, (_, minute) => ({ atMs: minute * 60_000, value: value(minute) }))

describe('a trend', () => {
  it('is a slope that wild samples do not move', () => {
    expect(slope(samples((minute) => 100 + minute)) * HOUR).toBeCloseTo(60)
    expect(slope(samples((minute) => (minute % 10 === 0 ? 9_999 : 100 + minute))) * HOUR).toBeCloseTo(60, -1)
  })

  it('forgives the warm-up', () => {
    const warmed = trendOf(
      samples((minute) => (minute < 15 ? minute * 20 : 300)),
      HOUR,
      10,
    )
    expect(warmed).toEqual({ secondQuarter: 300, lastQuarter: 300, perHour: 0, grows: false })
  })

  it('calls what goes on growing so', () => {
    const leaking = trendOf(
      samples((minute) => 300 + 2 * minute),
      HOUR,
      10,
    )
    expect(leaking).toMatchObject({ secondQuarter: 344, lastQuarter: 404, grows: true })
    expect(leaking.perHour).toBeCloseTo(120)
  })

  it('does not call noise growth, nor what goes down', () => {
    expect(
      trendOf(
        samples((minute) => 300 + (minute % 7)),
        HOUR,
        10,
      ).grows,
    ).toBe(false)
    expect(
      trendOf(
        samples((minute) => 900 - 5 * minute),
        HOUR,
        10,
      ).grows,
    ).toBe(false)
  })

  it('does not call it growth that two quarters differ by chance', () => {
    // Descriptors of a server every 15 s, from its fifth minute to its twentieth.
    const seen = [
      84, 97, 97, 91, 98, 81, 99, 96, 90, 96, 93, 83, 90, 91, 92, 87, 94, 90, 91, 98, 102, 97, 99, 89, 98, 94,
      94, 95, 99, 99, 98, 90, 98, 91, 83, 103, 91, 92, 92, 96, 107, 103, 94, 99, 88, 108, 91, 94, 86, 101, 90,
      99, 101, 88, 98, 89, 100, 87, 87, 107, 104,
    ]
    const points = seen.map((value, index) => ({ atMs: 300_000 + index * 15_000, value }))
    expect(slope(points)).toBeGreaterThan(0)
    // Six more are above what means nothing, of these four, and above the share that does.
    expect(trendOf(points, 1_200_000, 4)).toMatchObject({
      secondQuarter: 91.5,
      lastQuarter: 98,
      grows: false,
    })
    // A leak of ten in that time shows through the same noise.
    const leaking = points.map(({ atMs, value }, index) => ({ atMs, value: value + index / 6 }))
    expect(trendOf(leaking, 1_200_000, 4).grows).toBe(true)
  })
})
