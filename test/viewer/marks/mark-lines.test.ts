import { describe, expect, it } from 'vitest'
import type { MeasuredValue } from '../../../core/measurements/shapes.ts'
import english from '../../../viewer/locales/en/reading.json' with { type: 'json' }
import { displayValue, markLines } from '../../../viewer/marks/mark-lines.ts'
import type { Mark } from '../../../viewer/marks/mark.ts'

const t = (key: string): string => (english as Record<string, string>)[key.replace('reading.', '')] ?? key
const value = (quantity: MeasuredValue['quantity'], number: number, unit: string): MeasuredValue => ({
  quantity,
  value: number,
  unit,
})

describe('the text beside a mark', () => {
  it('names what needs a name, and puts least and most on one line', () => {
    const mark = {
      label: 'Aorta',
      geometry: { kind: 'circle' },
      calibration: { kind: 'patient' },
      values: [
        value('area', 400, 'mm2'),
        value('mean', 45.25, "[hnsf'U]"),
        value('standard-deviation', 12.04, "[hnsf'U]"),
        value('minimum', -12, "[hnsf'U]"),
        value('maximum', 133, "[hnsf'U]"),
      ],
    } as unknown as Mark
    expect(markLines(mark, t as never)).toEqual([
      'Aorta',
      'Area 400.0 mm²',
      'Mean 45.3 HU',
      'SD 12.0 HU',
      'Min −12 HU  Max 133 HU',
    ])
  })

  it('says whose millimetres they are where they are not those of the patient', () => {
    const mark = (calibration: object) =>
      ({
        label: '',
        geometry: { kind: 'length' },
        calibration,
        values: [value('length', 12, 'mm'), value('angle', 3, 'deg')],
      }) as unknown as Mark
    expect(markLines(mark({ kind: 'known-length' }), t as never)).toEqual([
      '12.0 mm measuring.by-known-length',
      '3.0°',
    ])
    expect(markLines(mark({ kind: 'detector', accepted: true }), t as never)[0]).toBe(
      '12.0 mm measuring.at-detector',
    )
    expect(markLines(mark({ kind: 'patient' }), t as never)[0]).toBe('12.0 mm')
  })

  it.each([
    [value('cardiothoracic-ratio', 0.4836, '{ratio}'), '0.48 (48 %)'],
    [value('length', 12.345, 'mm'), '12.3 mm'],
    [value('length', 12.345, '{pixels}'), '12.3 px'],
    [value('area', 399.6, '{pixels}'), '400 px'],
    [value('angle', 90, 'deg'), '90.0°'],
    [value('duration', 0.5, 's'), '0.500 s'],
    [value('value', -0.04, '1'), '0.0'],
    [value('value', -3.25, '1'), '−3.3'],
    [value('mean', NaN, '1'), ''],
  ])('%o reads %s', (measured, text) => {
    expect(displayValue(measured)).toBe(text)
  })
})
