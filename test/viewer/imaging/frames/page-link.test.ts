import { describe, expect, it } from 'vitest'
import {
  isSlowLink,
  pageLink,
  recentPageLink,
  type ResourceTime,
} from '../../../../viewer/imaging/frames/page-link.ts'

/** An answer after `wait` ms, its bytes within `take` ms. */
const came = (wait: number, bytes: number, take: number): ResourceTime => ({
  requestStart: 100,
  responseStart: 100 + wait,
  responseEnd: 100 + wait + take,
  transferSize: bytes + 300,
  encodedBodySize: bytes,
})

const cameSlowly = (resources: readonly ResourceTime[]) => isSlowLink(pageLink(resources))

describe('how the page came', () => {
  it('tells how far it is and how much comes', () => {
    // Two at once, of which one was seen late: together they tell what the link gives.
    const all = [came(180, 2_000, 1), came(104, 400_000, 320), came(420, 100_000, 4)]
    expect(pageLink(all)).toEqual({ roundTripMs: 104, pace: 25_000, steadyPace: 500_000 / 320 })
    expect(pageLink([came(3, 500, 0)])).toMatchObject({ roundTripMs: 3, pace: undefined })
    expect(pageLink([came(3, 400_000, 1)])?.steadyPace).toBeUndefined()
  })

  it('knows a link that is far by its quickest answer', () => {
    expect(cameSlowly([came(180, 2_000, 1), came(104, 500, 0)])).toBe(true)
    expect(cameSlowly([came(180, 2_000, 1), came(3, 500, 0)])).toBe(false)
  })

  it('knows a slow link by what was large', () => {
    expect(cameSlowly([came(5, 400_000, 330), came(5, 900, 0)])).toBe(true)
    expect(cameSlowly([came(5, 400_000, 330), came(5, 700_000, 40)])).toBe(false)
  })

  it('believes nothing of what came out of a cache, and nothing without an answer', () => {
    expect(cameSlowly([{ ...came(200, 400_000, 900), transferSize: 0 }])).toBe(false)
    expect(cameSlowly([])).toBe(false)
    expect(pageLink([])).toBeUndefined()
  })

  it('is looked at anew after a moment, not at every frame', () => {
    let [now, looks] = [0, 0]
    const link = recentPageLink(
      () => now,
      () => ({ roundTripMs: (looks += 1), pace: undefined, steadyPace: undefined }),
    )
    expect([link(), link()].map((each) => each?.roundTripMs)).toEqual([1, 1])
    now = 249
    expect(link()?.roundTripMs).toBe(1)
    now = 250
    expect(link()?.roundTripMs).toBe(2)
  })
})
