import { describe, expect, it } from 'vitest'
import { openCinePlayer } from '../../../../viewer/imaging/cine/cine-player.ts'
import type { Clip } from '../../../../viewer/imaging/cine/clip.ts'

const clip = (count: number, each: number, keeps: Clip['keeps'] = 'time'): Clip => ({
  order: Array.from({ length: count }, (_, frame) => frame),
  due: Array.from({ length: count }, (_, frame) => frame * each),
  length: count * each,
  keeps,
})

/** A player whose clock is moved by hand, and what it told. */
function playing(of: Clip, here: { has(place: number): boolean } = { has: () => true }, place = 0) {
  let [now, missed, skipped] = [1_000, 0, 0]
  const player = openCinePlayer(of, place, now, (each) => here.has(each), {
    missed: (count) => void (missed += count),
    skipped: (count) => void (skipped += count),
  })
  return {
    player,
    counts: () => ({ missed, skipped }),
    /** Places that were shown while the screen was drawn so often, so many milliseconds apart. */
    run(times: number, every: number): number[] {
      return Array.from({ length: times }, () => player.step((now += every))).filter(
        (each) => each !== undefined,
      )
    },
  }
}

/** All frames of a clip from the first that is asked for on, which come in the order in which they are asked for. */
function fetching(player: { ahead(): number[] }, here: Set<number>, count: number): void {
  for (const place of player.ahead()) {
    if (here.has(place)) continue
    if (count-- <= 0) return
    here.add(place)
  }
}

describe('a clip', () => {
  it('is played image by image, and from the beginning again', () => {
    const { run, counts } = playing(clip(4, 40), undefined, 1)
    expect(run(12, 20)).toEqual([2, 3, 0, 1, 2, 3])
    expect(counts()).toEqual({ missed: 0, skipped: 0 })
  })

  it('is played by the times of its frames', () => {
    const varied: Clip = { order: [0, 1, 2], due: [0, 10, 60], length: 100, keeps: 'time' }
    const { player } = playing(varied)
    const shown = Array.from({ length: 20 }, (_, tick) => [tick * 10, player.step(1_000 + tick * 10)])
    expect(shown.filter(([, place]) => place !== undefined)).toEqual([
      [10, 1],
      [60, 2],
      [100, 0],
      [110, 1],
      [160, 2],
    ])
  })

  it('goes forth and back', () => {
    const swept: Clip = { order: [0, 1, 2, 1], due: [0, 10, 20, 30], length: 40, keeps: 'time' }
    const { run, player } = playing(swept)
    expect(run(6, 10)).toEqual([1, 2, 1, 0, 1, 2])
    // On the way back: what was just left comes first.
    expect(player.ahead()).toEqual([1, 0, 2])
    expect([player.away(1), player.away(0), player.away(2), player.away(7)]).toEqual([1, 2, 4, Infinity])
  })

  it('keeps its time where the screen is drawn too seldom, and says that images were left out', () => {
    const { run, counts } = playing(clip(100, 10))
    expect(run(5, 30)).toEqual([3, 6, 9, 12, 15])
    expect(counts()).toEqual({ missed: 0, skipped: 10 })
  })

  it('goes on where it was for whoever comes back after many laps', () => {
    const { run } = playing(clip(10, 10))
    expect(run(1, 100_000)).toHaveLength(1)
    expect(run(3, 10)).toHaveLength(3)
  })
})

describe('a clip that comes too late', () => {
  it('waits with the first image, asks for those that are played next, and plays on when they are here', () => {
    const here = new Set([0])
    const { run, player, counts } = playing(clip(100, 40), here)
    expect(run(100, 20)).toEqual([])
    expect(counts().missed).toBeGreaterThan(0)
    expect(player.ahead()[0]).toBeLessThanOrEqual(8)
    expect(new Set(player.ahead()).size).toBe(100)
    for (let place = 1; place < 100; place++) here.add(place)
    // Its time stood still meanwhile: it goes on with what is due a quarter of a second later at most.
    expect(run(1, 20)[0]).toBeLessThanOrEqual(7)
    const [first = 0, ...more] = run(20, 20)
    expect(more).toEqual(more.map((_, index) => first + 1 + index))
  })

  it('leaves out every other image evenly, at its true speed, and fetches those afterwards', () => {
    const here = new Set([0])
    const { run, player } = playing(clip(60, 40), here)
    const laps: number[][] = [[]]
    for (let tick = 0; tick < 60 * 10; tick++) {
      // Of two images that are due one comes.
      if (tick % 2 === 0) fetching(player, here, 1)
      for (const place of run(1, 40)) {
        if (place < (laps.at(-1)?.at(-1) ?? 0)) laps.push([])
        laps.at(-1)?.push(place)
      }
    }
    const steps = (lap: readonly number[] = []) =>
      lap.slice(1).map((place, index) => place - (lap[index] ?? 0))
    // Every other one, once that it is late is known.
    expect(steps(laps[0]).slice(-12, -2)).toEqual(Array.from({ length: 10 }, () => 2))
    expect(laps.length).toBeGreaterThan(8)
    expect(laps.at(-2)).toEqual(Array.from({ length: 60 }, (_, place) => place))
  })

  it('leaves nothing out because its first images were late, if the others come in time', () => {
    const here = new Set([0])
    const { run, player } = playing(clip(60, 40), here)
    const shown: number[] = []
    for (let tick = 0; tick < 60; tick++) {
      if (tick > 4) fetching(player, here, tick % 4 === 0 ? 2 : 1)
      shown.push(...run(1, 40))
    }
    expect(shown).toEqual(shown.map((_, index) => index + 1))
    expect(shown.length).toBeGreaterThan(52)
  })

  it('of slices leaves none out', () => {
    const here = new Set([0])
    const { run, player, counts } = playing(clip(20, 40, 'every'), here)
    const shown: number[] = []
    for (let tick = 0; tick < 200; tick++) {
      if (tick % 5 === 0) fetching(player, here, 1)
      shown.push(...run(1, 40))
    }
    expect(shown.slice(0, 30)).toEqual(Array.from({ length: 30 }, (_, index) => (index + 1) % 20))
    expect(counts().missed).toBeGreaterThan(20)
    expect(counts().skipped).toBe(0)
  })

  it('does not make up for the time in which the screen was not drawn', () => {
    const { run } = playing(clip(50, 10, 'every'))
    expect(run(1, 1_000)).toEqual([1])
    expect(run(5, 10)).toEqual([2, 3, 4, 5, 6])
  })
})
