import { describe, expect, it } from 'vitest'
import { measure } from '../../../core/measurements/measure.ts'
import { pointedShape } from '../../../core/measurements/pointed-shape.ts'
import type { Calibration, DrawnKind, ImagePoint } from '../../../core/measurements/shapes.ts'

const HALF_BY_EIGHT_TENTHS: Calibration = { kind: 'patient', spacing: [0.8, 0.5] }

const CASES: readonly {
  readonly kind: DrawnKind
  readonly points: readonly ImagePoint[]
  /** Of the shape, hand-computed for pixels of 0.8 by 0.5 mm. */
  readonly figure: readonly [name: string, value: number]
}[] = [
  {
    kind: 'length',
    points: [
      [10, 10],
      [13, 18],
    ],
    figure: ['length', Math.hypot(3 * 0.8, 8 * 0.5)],
  },
  {
    kind: 'rectangle',
    points: [
      [10, 10],
      [20, 30],
    ],
    figure: ['area', 10 * 0.8 * 20 * 0.5],
  },
  {
    kind: 'ellipse',
    points: [
      [10, 10],
      [20, 30],
    ],
    figure: ['area', Math.PI * 5 * 0.8 * 10 * 0.5],
  },
  {
    kind: 'circle',
    points: [
      [10, 10],
      [15, 10],
    ],
    figure: ['area', Math.PI * 4 * 4],
  },
  {
    kind: 'angle',
    points: [
      [20, 10],
      [10, 10],
      [10, 26],
    ],
    figure: ['angle', 90],
  },
  {
    kind: 'freehand',
    points: [
      [10, 10],
      [20, 10],
      [20, 20],
      [10, 20],
      [10, 10],
    ],
    figure: ['area', 8 * 5],
  },
]

describe('a shape of points that were set one by one', () => {
  it.each(CASES)('is a $kind once all of them are there, and not before', ({ kind, points, figure }) => {
    for (let count = 0; count < points.length; count++)
      expect(pointedShape(kind, points.slice(0, count))).toBeUndefined()
    const shape = pointedShape(kind, points)
    if (shape === undefined) throw new Error('there is no shape')
    const [name, value] = figure
    const measured = measure(shape, HALF_BY_EIGHT_TENTHS)
    const found = measured.find(({ quantity }) => quantity === name)
    expect(found?.value).toBeCloseTo(value, 6)
  })

  it('is none when two points are one', () => {
    expect(
      pointedShape('length', [
        [1, 1],
        [1, 1],
      ]),
    ).toBeUndefined()
  })

  it('closes an outline at its last point too, from three on', () => {
    const corner: ImagePoint = [20, 20]
    expect(pointedShape('freehand', [[10, 10], corner, corner])).toBeUndefined()
    expect(pointedShape('freehand', [[10, 10], [20, 10], corner, corner])).toMatchObject({
      outline: [[10, 10], [20, 10], corner],
    })
  })
})
