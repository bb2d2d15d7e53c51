import { describe, expect, it } from 'vitest'
import { colourAt } from '../../../core/volume/colour-map.ts'
import { washed, type Wash } from '../../../core/volume/colour-wash.ts'
import { isoLines } from '../../../core/volume/iso-lines.ts'
import { FLOAT32_HOLE } from '../../../core/volume/reslice.ts'

const WASH: Wash = { map: 'hot-iron', lower: 0, upper: 10, opacity: 0.5, foot: 0 }
const HOLES = { from: FLOAT32_HOLE, to: FLOAT32_HOLE }

const pixels = (values: number[], wash: Wash, scale = 1): number[][] => {
  const out = washed({ values: Float32Array.from(values), padding: HOLES }, scale, wash)
  return values.map((_, at) => [...out.subarray(at * 4, at * 4 + 4)])
}

describe('washed', () => {
  it('spreads the colours over the window, and keeps the last beyond it', () => {
    const half = 128
    expect(pixels([0, 2.5, 5, 9.99, 10, 400], WASH)).toEqual([
      [...colourAt('hot-iron', 0), half],
      [...colourAt('hot-iron', 64), half],
      [...colourAt('hot-iron', 128), half],
      [...colourAt('hot-iron', 255), half],
      [...colourAt('hot-iron', 255), half],
      [...colourAt('hot-iron', 255), half],
    ])
  })

  it('is clear below the window, and where there is no value', () => {
    expect(pixels([-0.01, FLOAT32_HOLE, NaN], WASH)).toEqual([
      [0, 0, 0, 0],
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ])
    expect(pixels([3.9, 4], { ...WASH, lower: 4 })).toEqual([
      [0, 0, 0, 0],
      [0, 0, 0, 128],
    ])
  })

  it('takes the window in units and the values as they are', () => {
    // 0.0002 g/ml for one becquerel a millilitre: 25 000 are 5.
    expect(pixels([25_000], WASH, 0.0002)).toEqual([[...colourAt('hot-iron', 128), 128]])
  })

  it('rises in opacity over the foot of the window', () => {
    const opacities = pixels([0, 0.5, 1, 5], { ...WASH, foot: 0.1 }).map(([, , , opacity]) => opacity)
    expect(opacities[0]).toBe(0)
    expect(opacities[1]).toBeGreaterThan(50)
    expect(opacities[1]).toBeLessThan(75)
    expect(opacities.slice(2)).toEqual([125, 128])
  })
})

describe('isoLines', () => {
  it('runs where the values between pixels pass the level', () => {
    // Rising to the right by 10 a column: 25 lies in the middle between the third column and the fourth.
    const values = Float32Array.from({ length: 5 * 4 }, (_, at) => (at % 5) * 10)
    const pieces = isoLines({ values, padding: HOLES }, 5, 25)
    expect(pieces).toHaveLength(3)
    for (const [from, to] of pieces) expect([from[0], to[0]]).toEqual([3, 3])
  })

  it('is round about a round peak', () => {
    const size = 64
    const values = Float32Array.from({ length: size * size }, (_, at) => {
      const [x, y] = [(at % size) + 0.5, Math.floor(at / size) + 0.5]
      return 100 - Math.hypot(x - 30, y - 34)
    })
    const points = isoLines({ values, padding: HOLES }, size, 80).flat()
    expect(points.length).toBeGreaterThan(200)
    for (const [x, y] of points) expect(Math.hypot(x - 30, y - 34)).toBeCloseTo(20, 1)
  })

  it('joins corners that are above through a middle that is, and parts them otherwise', () => {
    const joined = isoLines({ values: [9, 4, 4, 9], padding: undefined }, 2, 5)
    expect(joined.map(([from, to]) => [from[0] < to[0], from[1] < to[1]])).toEqual([
      [true, true],
      [true, true],
    ])
    const parted = isoLines({ values: [6, 0, 0, 6], padding: undefined }, 2, 5)
    // About the corners that are above, each by itself.
    for (const [from, to] of parted) {
      const near = [from, to].map(([x, y]) =>
        Math.min(Math.hypot(x - 0.5, y - 0.5), Math.hypot(x - 1.5, y - 1.5)),
      )
      expect(Math.max(...near)).toBeLessThan(0.2)
    }
  })

  it('ends where there is no value', () => {
    expect(isoLines({ values: [0, 10, 0, FLOAT32_HOLE], padding: HOLES }, 2, 5)).toEqual([])
  })
})
