import { describe, expect, it } from 'vitest'
import { measure } from '../../../core/measurements/measure.ts'
import type { Calibration, Geometry, RegionAxis } from '../../../core/measurements/shapes.ts'
import type { Mark } from '../../../viewer/marks/mark.ts'
import { noMillimetres } from '../../../viewer/marks/no-millimetres.ts'

const LINE: Geometry = {
  kind: 'length',
  line: [
    [0, 0],
    [3, 4],
  ],
}
const CORNER: Geometry = {
  kind: 'angle',
  points: [
    [0, 1],
    [0, 0],
    [1, 0],
  ],
}
const of = (geometry: Geometry, calibration: Calibration): string | undefined =>
  noMillimetres({ geometry, calibration, values: measure(geometry, calibration) } as unknown as Mark)
const region = (x: RegionAxis['unit'], y: RegionAxis['unit']): Calibration => ({
  kind: 'ultrasound-region',
  x: { unit: x, step: 0.1 },
  y: { unit: y, step: 0.1 },
})

describe('why a mark gives no millimetres', () => {
  it('is not asked where it gives them, or measures something else', () => {
    expect(of(LINE, { kind: 'patient', spacing: [1, 1] })).toBeUndefined()
    expect(of(LINE, region('mm', 'mm'))).toBeUndefined()
    expect(of(CORNER, { kind: 'none', aspect: [1, 1] })).toBeUndefined()
    expect(of({ kind: 'probe', point: [1, 1] }, region('s', 'mm/s'))).toBeUndefined()
  })

  it('is said where lengths are in pixels, by what is lacking', () => {
    expect(of(LINE, { kind: 'none', aspect: [1, 1] })).toBe('reading.no-mm-unknown')
    expect(of(LINE, { kind: 'detector', spacing: [0.2, 0.2], accepted: false })).toBe(
      'reading.no-mm-detector',
    )
  })

  it('is said of ultrasound regions that are no plane, measured along their axes or refused', () => {
    expect(of(LINE, region('s', 'mm/s'))).toBe('reading.no-mm-region')
    expect(of(CORNER, region('s', 'mm/s'))).toBe('reading.no-mm-region')
    expect(of(LINE, region('s', 'mm'))).toBeUndefined()
  })
})
