import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  changedRegion,
  imagesWithRegions,
  moved,
  rectangleBetween,
  regionsOn,
  resized,
  withRegion,
  type DrawnImage,
} from '../../../viewer/share/regions.ts'

const image = (name: string, rows = 60, columns = 80): DrawnImage => ({
  seriesInstanceUid: 'series',
  sopInstanceUid: name,
  rows,
  columns,
})
const A = { x: 1, y: 2, width: 3, height: 4 }
const B = { x: 5, y: 6, width: 7, height: 8 }

describe('regions', () => {
  it('hold for all images of one size in the series, or for one image alone', () => {
    const all = withRegion([], image('1'), 'size', A)
    const both = withRegion(all, image('2'), 'image', B)
    expect(both).toEqual([
      { seriesInstanceUid: 'series', size: { rows: 60, columns: 80 }, rectangles: [A] },
      { seriesInstanceUid: 'series', instances: ['2'], rectangles: [B] },
    ])
    expect(regionsOn(both, image('1')).map(({ rectangle }) => rectangle)).toEqual([A])
    expect(regionsOn(both, image('2')).map(({ rectangle }) => rectangle)).toEqual([A, B])
    expect(regionsOn(both, image('3', 61))).toEqual([])
    expect(regionsOn(both, { ...image('1'), seriesInstanceUid: 'other' })).toEqual([])
    expect(imagesWithRegions(both, [image('1'), image('2'), image('3', 61)])).toBe(2)
  })

  it('are changed where they are kept, and gone when nothing is left of them', () => {
    const two = withRegion(withRegion([], image('1'), 'size', A), image('1'), 'size', B)
    const [first, second] = regionsOn(two, image('1'))
    if (first === undefined || second === undefined) throw new Error('There are two.')
    const changed = changedRegion(two, second, { ...B, x: 9 })
    expect(changed[0]?.rectangles).toEqual([A, { ...B, x: 9 }])
    const one = changedRegion(changed, first, undefined)
    expect(changedRegion(one, { ...first, index: 0 }, undefined)).toEqual([])
  })

  it('cover every pixel that a drag touches, and lie inside of the image whatever is done to them', () => {
    const coordinate = fc.double({ min: -50, max: 150, noNaN: true })
    const step = fc.integer({ min: -200, max: 200 })
    fc.assert(
      fc.property(coordinate, coordinate, coordinate, coordinate, step, step, (x1, y1, x2, y2, dx, dy) => {
        const size = image('1')
        const drawn = rectangleBetween({ x: x1, y: y1 }, { x: x2, y: y2 }, size)
        for (const each of [
          drawn,
          moved(drawn, { x: dx, y: dy }, size),
          resized(drawn, { x: dx, y: dy }, size),
        ]) {
          expect(Object.values(each).every(Number.isInteger)).toBe(true)
          expect(each.x).toBeGreaterThanOrEqual(0)
          expect(each.y).toBeGreaterThanOrEqual(0)
          expect(Math.min(each.width, each.height)).toBeGreaterThanOrEqual(1)
          expect(each.x + each.width).toBeLessThanOrEqual(size.columns)
          expect(each.y + each.height).toBeLessThanOrEqual(size.rows)
        }
        const within = (value: number, least: number, most: number): number =>
          Math.min(most, Math.max(least, value))
        expect(drawn.x).toBeLessThanOrEqual(within(Math.min(x1, x2), 0, 80))
        expect(drawn.x + drawn.width).toBeGreaterThanOrEqual(within(Math.max(x1, x2), 0, 80))
      }),
    )
  })
})
