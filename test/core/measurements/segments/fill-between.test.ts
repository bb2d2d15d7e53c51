import { describe, expect, it } from 'vitest'
import { fillBetween } from '../../../../core/measurements/segments/fill-between.ts'
import { fillHoles } from '../../../../core/measurements/segments/fill-holes.ts'
import { signedDistance, type Mask } from '../../../../core/measurements/segments/signed-distance.ts'
import { seededRandom } from '../../../../core/samples/shape/seeded-random.ts'

const mask = (columns: number, rows: number, isPainted: (x: number, y: number) => boolean): Mask => ({
  columns,
  rows,
  pixels: Uint8Array.from({ length: columns * rows }, (_, at) =>
    isPainted(at % columns, Math.floor(at / columns)) ? 1 : 0,
  ),
})
const disc = (x: number, y: number, radius: number): Mask =>
  mask(96, 80, (column, row) => Math.hypot(column - x, row - y) < radius)
const areaOf = (pixels: Uint8Array): number => pixels.reduce((sum, value) => sum + value, 0)

/** By looking at every other pixel, and a ring around the mask. */
function slowDistance({ columns, rows, pixels }: Mask, [dx, dy]: readonly [number, number]): number[] {
  const isPainted = (x: number, y: number): boolean =>
    x >= 0 && y >= 0 && x < columns && y < rows && pixels[y * columns + x] !== 0
  return [...pixels].map((_, at) => {
    const [x, y] = [at % columns, Math.floor(at / columns)]
    let nearest = Infinity
    for (let row = -1; row <= rows; row++)
      for (let column = -1; column <= columns; column++)
        if (isPainted(column, row) !== isPainted(x, y))
          nearest = Math.min(nearest, Math.hypot((column - x) * dx, (row - y) * dy))
    const fromEdge = nearest - Math.min(dx, dy) / 2
    return isPainted(x, y) ? fromEdge : -fromEdge
  })
}

describe('signedDistance', () => {
  it.each([
    ['square pixels', [1, 1]],
    ['pixels that are higher than wide', [0.5, 0.8]],
  ] as const)('is that of the nearest pixel of the other kind: %s', (_what, aspect) => {
    const random = seededRandom(3)
    const painted = mask(17, 13, () => random() < 0.4)
    const found = signedDistance(painted, aspect)
    slowDistance(painted, aspect).forEach((expected, at) => expect(found[at]).toBeCloseTo(expected, 9))
  })
})

describe('fillBetween', () => {
  it('makes of two discs those of the sizes in between', () => {
    const between = fillBetween(disc(40, 40, 10), disc(40, 40, 22), [0.25, 0.5, 0.75], [1, 1])
    between.forEach((pixels, index) => {
      const radius = 10 + 3 * (index + 1)
      expect(Math.abs(areaOf(pixels) / (Math.PI * radius ** 2) - 1)).toBeLessThan(0.03)
    })
  })

  it('gives each end where it is asked for an end', () => {
    const [one, other] = [disc(30, 40, 9), disc(38, 44, 14)]
    const [from, to] = fillBetween(one, other, [0, 1], [1, 1])
    expect(from).toEqual(one.pixels)
    expect(to).toEqual(other.pixels)
  })

  it('moves what does not overlap along the way between the centres', () => {
    const [half = new Uint8Array()] = fillBetween(disc(20, 20, 8), disc(60, 52, 8), [0.5], [1, 1])
    expect(half).toEqual(disc(40, 36, 8).pixels)
  })

  it('goes by millimetres where pixels are not square', () => {
    // Circles in the patient: twice as many columns as rows.
    const ellipse = (radius: number): Mask =>
      mask(96, 80, (x, y) => Math.hypot((x - 48) * 0.5, y - 40) < radius)
    const [half = new Uint8Array()] = fillBetween(ellipse(6), ellipse(18), [0.5], [0.5, 1])
    const expected = ellipse(12).pixels
    const wrong = half.filter((value, at) => value !== expected[at]).length
    expect(wrong / areaOf(expected)).toBeLessThan(0.04)
  })

  it('keeps a hole, and has nothing where one of the two has nothing', () => {
    const ring = mask(96, 80, (x, y) => Math.abs(Math.hypot(x - 48, y - 40) - 15) < 5)
    const [half = new Uint8Array()] = fillBetween(ring, ring, [0.5], [1, 1])
    expect(half).toEqual(ring.pixels)
    const [none = new Uint8Array()] = fillBetween(
      ring,
      mask(96, 80, () => false),
      [0.5],
      [1, 1],
    )
    expect(areaOf(none)).toBe(0)
  })
})

describe('fillHoles', () => {
  it('fills what is enclosed, and nothing that is open to the edge', () => {
    const ring = mask(96, 80, (x, y) => Math.abs(Math.hypot(x - 48, y - 40) - 15) < 2)
    expect(fillHoles(ring)).toEqual(mask(96, 80, (x, y) => Math.hypot(x - 48, y - 40) < 17).pixels)
    const open = mask(20, 20, (x, y) => x === 10 && y > 3)
    expect(fillHoles(open)).toEqual(open.pixels)
  })
})
