import { describe, expect, it } from 'vitest'
import {
  distanceFrom,
  imagePointOf,
  placeOf,
  referenceLine,
  type PlacedImage,
} from '../../../core/measurements/reference-line.ts'
import { cross3, type Vector3 } from '../../../core/measurements/space.ts'

const image = (
  position: Vector3,
  row: Vector3,
  column: Vector3,
  more: Partial<PlacedImage> = {},
): PlacedImage => ({
  frameOfReference: '1.2',
  position,
  row,
  column,
  normal: cross3(row, column),
  columns: 100,
  rows: 80,
  spacing: [0.5, 1],
  ...more,
})
const axial = (z: number) => image([0, 0, z], [1, 0, 0], [0, 1, 0])
const sagittal = (x: number, more = {}) =>
  image([x, 0, 40], [0, 1, 0], [0, 0, -1], { columns: 60, spacing: [1, 1], ...more })

describe('referenceLine', () => {
  it('is where one image cuts through the other, in the pixels of either', () => {
    const [from, to] = referenceLine(axial(10), sagittal(20)) ?? []
    // 20 mm to the left: 40 columns and the half of the first; from the first row of the sagittal's rows to its last.
    expect([from, to].map((point) => point?.[0])).toEqual([40.5, 40.5])
    expect([from?.[1], to?.[1]].sort((a = 0, b = 0) => a - b)).toEqual([0, 60])
    const back = referenceLine(sagittal(20), axial(10)) ?? []
    expect(back.map((point) => point[1])).toEqual([30.5, 30.5])
  })

  it('ends where either image ends', () => {
    const [from, to] = referenceLine(axial(10), sagittal(20, { columns: 25 })) ?? []
    expect([from?.[1], to?.[1]].sort((a = 0, b = 0) => a - b)).toEqual([0, 25])
  })

  it('is none where they do not meet: beside, beyond, parallel, in another frame of reference', () => {
    expect(referenceLine(axial(10), sagittal(70))).toBeUndefined()
    expect(referenceLine(axial(50), sagittal(20))).toBeUndefined()
    expect(referenceLine(axial(10), axial(12))).toBeUndefined()
    expect(referenceLine(axial(10), sagittal(20, { frameOfReference: '1.3' }))).toBeUndefined()
    expect(
      referenceLine({ ...axial(10), frameOfReference: '' }, sagittal(20, { frameOfReference: '' })),
    ).toBeUndefined()
  })

  it('lies on both planes at whatever angle they meet', () => {
    const [c, s] = [Math.cos(0.6), Math.sin(0.6)]
    const oblique = image([2, 3, 4], [c, s, 0], [0, 0, -1], { rows: 300 })
    for (const [one, other] of [
      [axial(1), oblique],
      [oblique, axial(1)],
    ] as const) {
      const line = referenceLine(one, other)
      for (const point of line ?? []) {
        const place = placeOf(one, point)
        expect(distanceFrom(one, place)).toBeCloseTo(0, 9)
        expect(distanceFrom(other, place)).toBeCloseTo(0, 9)
        expect(imagePointOf(one, place)).toEqual([expect.closeTo(point[0], 9), expect.closeTo(point[1], 9)])
      }
      expect(line).toHaveLength(2)
    }
  })
})
