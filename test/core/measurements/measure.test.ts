import { describe, expect, it } from 'vitest'
import { measure } from '../../../core/measurements/measure.ts'
import type { Calibration, Geometry } from '../../../core/measurements/shapes.ts'

const square: Calibration = { kind: 'patient', spacing: [0.5, 0.5] }
/** Columns 0.5 mm apart, rows 2 mm. */
const flat: Calibration = { kind: 'patient', spacing: [0.5, 2] }
const unknown: Calibration = { kind: 'none', aspect: [1, 1] }

const values = (geometry: Geometry, calibration: Calibration): Record<string, number | string> =>
  Object.fromEntries(
    measure(geometry, calibration).flatMap(({ quantity, value, unit }) => [
      [quantity, Number(value.toFixed(6))],
      [`${quantity} unit`, unit],
    ]),
  )

describe('what a geometry measures', () => {
  it('a length, by columns and rows apart', () => {
    const line: Geometry = {
      kind: 'length',
      line: [
        [10, 10],
        [16, 18],
      ],
    }
    expect(values(line, square)).toEqual({ length: 5, 'length unit': 'mm' })
    expect(values(line, flat)).toEqual({ length: Number(Math.hypot(3, 16).toFixed(6)), 'length unit': 'mm' })
    expect(values(line, unknown)).toEqual({ length: 10, 'length unit': '{pixels}' })
  })

  it('angles in the patient, not on the matrix', () => {
    const right: Geometry = {
      kind: 'angle',
      points: [
        [10, 0],
        [0, 0],
        [10, 10],
      ],
    }
    expect(values(right, square)['angle']).toBe(45)
    expect(values(right, flat)['angle']).toBe(Number(((Math.atan2(20, 5) * 180) / Math.PI).toFixed(6)))
    const cobb: Geometry = {
      kind: 'cobb',
      lines: [
        [
          [0, 0],
          [10, 0],
        ],
        [
          [10, 20],
          [0, 10],
        ],
      ],
    }
    expect(values(cobb, square)['cobb-angle']).toBe(45)
  })

  it('areas: a rectangle, an ellipse, a circle of the patient, an outline', () => {
    const corners: Geometry = {
      kind: 'rectangle',
      corners: [
        [0, 0],
        [20, 0],
        [20, 10],
        [0, 10],
      ],
    }
    expect(values(corners, flat)).toMatchObject({ area: 200, 'area unit': 'mm2', perimeter: 60 })
    expect(values(corners, unknown)).toMatchObject({ area: 200, 'area unit': '{pixels}' })
    const ellipse: Geometry = { kind: 'ellipse', centre: [50, 50], first: [50, 40], second: [70, 50] }
    expect(values(ellipse, square)['area']).toBe(Number((Math.PI * 10 * 5).toFixed(6)))
    const circle: Geometry = { kind: 'circle', centre: [50, 50], edge: [50, 55] }
    expect(values(circle, flat)).toMatchObject({ area: Number((Math.PI * 100).toFixed(6)), diameter: 20 })
    const outline: Geometry = {
      kind: 'freehand',
      outline: [
        [0, 0],
        [40, 0],
        [0, 30],
      ],
    }
    expect(values(outline, square)).toMatchObject({ area: 150, perimeter: 60 })
  })

  it('millimetres never where they cannot be known', () => {
    const line: Geometry = {
      kind: 'length',
      line: [
        [0, 0],
        [100, 0],
      ],
    }
    expect(values(line, { kind: 'detector', spacing: [0.2, 0.2], accepted: false })).toEqual({
      length: 100,
      'length unit': '{pixels}',
    })
    expect(values(line, { kind: 'detector', spacing: [0.2, 0.2], accepted: true })['length']).toBe(20)
    expect(values(line, { kind: 'magnification', spacing: [0.2, 0.2], factor: 1.25 })).toEqual({
      length: 16,
      'length unit': 'mm',
    })
  })

  it('along the axes of an ultrasound region that is no plane, and nothing else there', () => {
    const mMode: Calibration = {
      kind: 'ultrasound-region',
      x: { unit: 's', step: 0.01 },
      y: { unit: 'mm', step: 0.25 },
    }
    const line: Geometry = {
      kind: 'length',
      line: [
        [0, 0],
        [50, 40],
      ],
    }
    expect(values(line, mMode)).toMatchObject({ duration: 0.5, 'duration unit': 's', depth: 10 })
    expect(measure({ kind: 'circle', centre: [5, 5], edge: [9, 5] }, mMode)).toEqual([])
  })
})
