import { describe, expect, it } from 'vitest'
import { measure } from '../../../core/measurements/measure.ts'
import {
  calibrateAnew,
  calibratedBy,
  calibrationRefusal,
  readerCalibration,
  type CalibrationMark,
} from '../../../core/measurements/reader-calibration.ts'
import type { Calibration, CalibratingGeometry, Geometry } from '../../../core/measurements/shapes.ts'

const DETECTOR: Calibration = { kind: 'detector', spacing: [0.2, 0.2], accepted: false }
const UNKNOWN: Calibration = { kind: 'none', aspect: [1, 1] }
const PIXEL: Geometry = {
  kind: 'length',
  line: [
    [0, 0],
    [30, 40],
  ],
}

const known = (millimetres: number, reach: CalibratingGeometry['reach'] = 'image'): CalibratingGeometry => ({
  kind: 'known-length',
  line: [
    [10, 10],
    [110, 10],
  ],
  millimetres,
  reach,
  matrix: [512, 512],
})

let count = 0
const mark = (geometry: Geometry, more: Partial<CalibrationMark> = {}): CalibrationMark => {
  const calibration = more.calibration ?? DETECTOR
  return {
    trackingUid: `2.25.${++count}`,
    seriesInstanceUid: '1.1',
    sopInstanceUid: '1.1.1',
    geometry,
    values: measure(geometry, calibration),
    ...more,
    calibration,
  }
}
const image = (more: object = {}) => ({
  seriesInstanceUid: '1.1',
  sopInstanceUid: '1.1.1',
  calibration: DETECTOR,
  matrix: [512, 512] as const,
  ...more,
})
const lengthOf = ({ values }: CalibrationMark | undefined = mark(PIXEL)) =>
  values.map(({ value, unit }) => `${Number(value.toFixed(6))} ${unit}`).join()

describe('a calibration by a known length', () => {
  it('makes the line as long as it was said to be, keeping the shape of the pixels', () => {
    const aspect: Calibration = { kind: 'none', aspect: [1, 1.6] }
    const by = calibratedBy(
      {
        ...known(50),
        line: [
          [0, 0],
          [30, 40],
        ],
      } as CalibratingGeometry,
      aspect,
    )
    // Three by four pixels that are 1.6 times as high as wide.
    const width = 50 / Math.hypot(30, 40 * 1.6)
    expect(by).toEqual({ kind: 'known-length', spacing: [width, width * 1.6], millimetres: 50 })
    expect(measure(PIXEL, by)[0]).toEqual({ quantity: 'length', value: expect.closeTo(50, 9), unit: 'mm' })
  })

  it('holds for its image, whatever frame, and for no other', () => {
    const marks = [mark(known(25))]
    expect(readerCalibration(marks, image())).toMatchObject({ kind: 'known-length', spacing: [0.25, 0.25] })
    expect(readerCalibration(marks, image({ sopInstanceUid: '1.1.2' }))).toBeUndefined()
  })

  it('holds for those of its series that are of the same geometry, where the reader said so', () => {
    const marks = [mark(known(25, 'series'))]
    expect(readerCalibration(marks, image({ sopInstanceUid: '1.1.2' }))).toMatchObject({
      spacing: [0.25, 0.25],
    })
    expect(readerCalibration(marks, image({ sopInstanceUid: '1.1.2', matrix: [256, 256] }))).toBeUndefined()
    expect(
      readerCalibration(marks, image({ seriesInstanceUid: '1.2', sopInstanceUid: '1.2.1' })),
    ).toBeUndefined()
  })

  it('is outdone by a later one, and by one on the image itself', () => {
    const marks = [mark(known(40)), mark(known(30)), mark(known(20, 'series'), { sopInstanceUid: '1.1.9' })]
    expect(readerCalibration(marks, image())).toMatchObject({ millimetres: 30 })
    expect(readerCalibration(marks, image({ sopInstanceUid: '1.1.2' }))).toMatchObject({ millimetres: 20 })
  })

  it.each([
    ['known-length', { kind: 'patient', spacing: [1, 1] }, 'known'],
    [
      'known-length',
      { kind: 'ultrasound-region', x: { unit: 'mm', step: 1 }, y: { unit: 'mm', step: 1 } },
      'ultrasound',
    ],
    ['known-length', UNKNOWN, undefined],
    ['known-length', DETECTOR, undefined],
    ['known-length', { kind: 'magnification', spacing: [0.2, 0.2], factor: 1.2 }, undefined],
    ['detector-millimetres', DETECTOR, undefined],
    ['detector-millimetres', UNKNOWN, 'not-detector'],
  ] as const)('%s of %o: %s', (kind, own, because) => {
    expect(calibrationRefusal(kind, own as Calibration)).toBe(because)
  })
})

describe('marks that were there before a calibration', () => {
  const drawn = mark(PIXEL)
  const elsewhere = mark(PIXEL, { sopInstanceUid: '1.1.2' })
  const cal = mark(known(25))

  it('are measured anew on that image, and as before once it is gone', () => {
    expect(lengthOf(drawn)).toBe('50 {pixels}')
    const after = calibrateAnew([drawn, elsewhere, cal], { after: cal })
    expect(after.map(lengthOf)).toEqual(['12.5 mm', '50 {pixels}', ''])
    const gone = calibrateAnew(after.slice(0, 2), { before: cal })
    expect(gone).toEqual([drawn, elsewhere])
  })

  it('follow the line when it is moved', () => {
    const after = calibrateAnew([drawn, cal], { after: cal })
    const moved = {
      ...cal,
      geometry: {
        ...known(25),
        line: [
          [10, 10],
          [60, 10],
        ],
      } as Geometry,
    }
    expect(calibrateAnew(after, { before: cal, after: moved }).map(lengthOf)[0]).toBe('25 mm')
  })

  it('are measured anew on all alike of the series where it holds for them', () => {
    const whole = mark(known(25, 'series'))
    const smaller = mark(PIXEL, { sopInstanceUid: '1.1.3' })
    const isAlike = ({ sopInstanceUid }: CalibrationMark) => sopInstanceUid !== '1.1.3'
    const marks = [drawn, elsewhere, smaller, whole]
    const after = calibrateAnew(marks, { after: whole }, isAlike)
    expect(after.map(lengthOf)).toEqual(['12.5 mm', '12.5 mm', '50 {pixels}', ''])
    expect(calibrateAnew(after.slice(0, 3), { before: whole }).map(lengthOf)).toEqual(
      Array(3).fill('50 {pixels}'),
    )
  })

  it('fall back to the calibration before it', () => {
    const first = mark(known(50))
    const both = calibrateAnew(calibrateAnew([drawn, first], { after: first }).concat(cal), { after: cal })
    expect(both.map(lengthOf)[0]).toBe('12.5 mm')
    expect(calibrateAnew(both.slice(0, 2), { before: cal }).map(lengthOf)[0]).toBe('25 mm')
  })

  it('keep what pixels say', () => {
    const circle: Geometry = { kind: 'circle', centre: [50, 50], edge: [60, 50] }
    const mean = { quantity: 'mean', value: 41, unit: '1', intensity: 'other' } as const
    const region = { ...mark(circle), values: [...measure(circle, DETECTOR), mean] }
    const [after] = calibrateAnew([region, cal], { after: cal })
    expect(after?.values.at(-1)).toEqual(mean)
    expect(after?.values[0]).toMatchObject({ quantity: 'area', unit: 'mm2' })
  })

  it('become millimetres at the detector when the reader takes those', () => {
    const accepted = mark({ kind: 'detector-millimetres', reach: 'image', matrix: [512, 512] })
    const [after] = calibrateAnew([drawn, accepted], { after: accepted })
    expect(after?.calibration).toEqual({ ...DETECTOR, accepted: true })
    expect(lengthOf(after)).toBe('10 mm')
  })
})
