import { describe, expect, it } from 'vitest'
import { createLinkSpeed } from '../../../../viewer/imaging/frames/link-speed.ts'

function atTheClock(): { clock: { now: number }; link: ReturnType<typeof createLinkSpeed> } {
  const clock = { now: 1000 }
  return { clock, link: createLinkSpeed(() => clock.now) }
}

describe('the speed of the link', () => {
  it('is not fast while nothing is known of it', () => {
    const { clock, link } = atTheClock()
    expect(link.isFast()).toBe(false)
    const { end } = link.begin()
    clock.now += 1
    end(10_000_000)
    expect(link.isFast()).toBe(false)
  })

  it('is of all frames under way together', () => {
    const { clock, link } = atTheClock()
    const ends = Array.from({ length: 8 }, () => link.begin().end)
    clock.now += 100
    // One alone would be 5 kB a millisecond, all of them are 40.
    for (const end of ends) end(500_000)
    expect(link.isFast()).toBe(true)
  })

  it('does not count the time in which nothing is asked for', () => {
    const { clock, link } = atTheClock()
    for (let index = 0; index < 10; index++) {
      const { end } = link.begin()
      clock.now += 10
      end(500_000)
      clock.now += 5_000
    }
    expect(link.isFast()).toBe(true)
  })

  it('follows a link that becomes slow', () => {
    const { clock, link } = atTheClock()
    const transfer = (milliseconds: number, bytes: number): void => {
      const { end } = link.begin()
      clock.now += milliseconds
      end(bytes)
    }
    for (let index = 0; index < 100; index++) transfer(10, 1_000_000)
    expect(link.isFast()).toBe(true)
    for (let index = 0; index < 8; index++) transfer(1_000, 1_000_000)
    expect(link.isFast()).toBe(false)
  })

  it('is slow when answers are long in arriving, not when a server is long in answering', () => {
    const { clock, link } = atTheClock()
    const transfer = (waiting: number, arriving: number): void => {
      const { answered, end } = link.begin()
      clock.now += waiting
      answered()
      clock.now += arriving
      end(100_000)
    }
    for (let index = 0; index < 20; index++) transfer(300, 4)
    expect(link.isSlow()).toBe(false)
    for (let index = 0; index < 20; index++) transfer(100, 80)
    expect(link.isSlow()).toBe(true)
  })

  it('is believed to be slow until frames have come, where something else says so', () => {
    const clock = { now: 0 }
    const link = createLinkSpeed(
      () => clock.now,
      () => ({ roundTripMs: 120, pace: 1_000, steadyPace: undefined }),
    )
    expect(link.isSlow()).toBe(true)
    const { answered, end } = link.begin()
    answered()
    clock.now += 60
    end(1_000_000)
    expect(link.isSlow()).toBe(false)
  })

  it('holds what comes in a round trip, and is not asked to where it is near', () => {
    const clock = { now: 0 }
    const page = { roundTripMs: 100, pace: 9_000, steadyPace: undefined as number | undefined }
    const link = createLinkSpeed(
      () => clock.now,
      () => page,
    )
    const transfer = (milliseconds: number, bytes: number): void => {
      const { answered, end } = link.begin()
      answered()
      clock.now += milliseconds
      end(bytes)
    }
    expect(link.holds()).toBe(0)
    page.steadyPace = 500
    expect(link.holds()).toBe(50_000)
    page.steadyPace = undefined
    // Seen late, all at once: that says nothing.
    transfer(0, 1_000_000)
    expect(link.holds()).toBe(0)
    for (let index = 0; index < 100; index++) transfer(100, 125_000)
    expect(link.holds()).toBeCloseTo(125_000, -3)
    page.roundTripMs = 5
    expect(link.holds()).toBe(0)
    page.roundTripMs = 60_000
    expect(link.holds()).toBe(1 << 20)
    expect(createLinkSpeed(() => clock.now).holds()).toBe(0)
  })

  it('is not slow because the page was busy when an answer came', () => {
    const { clock, link } = atTheClock()
    const { answered, arrived, end } = link.begin()
    answered()
    const from = clock.now
    // The page was at something else, and saw it late.
    clock.now += 400
    arrived(from, from + 10)
    end(200_000)
    expect(link.isSlow()).toBe(false)
    const unknown = link.begin()
    unknown.answered()
    clock.now += 400
    unknown.end(200_000)
    expect(link.isSlow()).toBe(true)
  })
})
