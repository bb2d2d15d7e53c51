import { describe, expect, it } from 'vitest'
import { regionStatistics, type PixelField } from '../../../core/measurements/region-statistics.ts'
import type { Geometry } from '../../../core/measurements/shapes.ts'

/** Values that are different in each pixel. */
const field: PixelField = {
  columns: 64,
  rows: 48,
  valueAt: (column, row) => ((column * 31 + row * 17) % 257) - 100,
}

/** By the definition: each pixel whose centre lies inside, one after the other. */
function bySearch(isInside: (x: number, y: number) => boolean) {
  const values: number[] = []
  for (let row = 0; row < field.rows; row++)
    for (let column = 0; column < field.columns; column++)
      if (isInside(column + 0.5, row + 0.5)) values.push(field.valueAt(column, row) ?? 0)
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return {
    count: values.length,
    mean,
    standardDeviation: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length),
    minimum: Math.min(...values),
    maximum: Math.max(...values),
  }
}

function expectSame(geometry: Geometry, isInside: (x: number, y: number) => boolean): void {
  const [found, due] = [regionStatistics(geometry, [1, 1], field), bySearch(isInside)]
  expect(found?.count).toBe(due.count)
  expect(found?.mean).toBeCloseTo(due.mean, 9)
  expect(found?.standardDeviation).toBeCloseTo(due.standardDeviation, 9)
  expect([found?.minimum, found?.maximum]).toEqual([due.minimum, due.maximum])
}

describe('statistics of the pixels inside', () => {
  it('a circle and a tilted ellipse', () => {
    expectSame(
      { kind: 'circle', centre: [30.2, 20.7], edge: [30.2, 31.1] },
      (x, y) => Math.hypot(x - 30.2, y - 20.7) <= 10.4,
    )
    const [cos, sin] = [Math.cos(0.4), Math.sin(0.4)]
    expectSame(
      {
        kind: 'ellipse',
        centre: [30, 24],
        first: [30 + 15 * cos, 24 + 15 * sin],
        second: [30 - 6 * sin, 24 + 6 * cos],
      },
      (x, y) => {
        const [dx, dy] = [x - 30, y - 24]
        return ((dx * cos + dy * sin) / 15) ** 2 + ((dy * cos - dx * sin) / 6) ** 2 <= 1
      },
    )
  })

  it('a rectangle, also one that reaches beyond the image', () => {
    expectSame(
      {
        kind: 'rectangle',
        corners: [
          [50, 40],
          [90, 40],
          [90, 80],
          [50, 80],
        ],
      },
      (x, y) => x > 50 && y > 40,
    )
  })

  it('leaves out what has no value, and is nothing where nothing is inside', () => {
    const holed: PixelField = { ...field, valueAt: (column) => (column < 10 ? undefined : 7) }
    const corners: Geometry = {
      kind: 'rectangle',
      corners: [
        [0, 0],
        [20, 0],
        [20, 10],
        [0, 10],
      ],
    }
    expect(regionStatistics(corners, [1, 1], holed)).toEqual({
      count: 100,
      mean: 7,
      standardDeviation: 0,
      minimum: 7,
      maximum: 7,
    })
    const outside: Geometry = { kind: 'circle', centre: [-50, -50], edge: [-45, -50] }
    expect(regionStatistics(outside, [1, 1], field)).toBeUndefined()
    expect(regionStatistics({ kind: 'probe', point: [3, 3] }, [1, 1], field)).toBeUndefined()
  })
})
