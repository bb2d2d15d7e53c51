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
})
