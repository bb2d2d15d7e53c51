import { describe, expect, it } from 'vitest'
import type { DicomJson } from '../../../core/dicom/dicom-json.ts'
import { displayShutterOf } from '../../../core/dicom/display-shutter.ts'

const is = (...values: number[]) => ({ vr: 'IS', Value: values })
const shapes = (...terms: string[]): DicomJson => ({ '00181600': { vr: 'CS', Value: terms } })

describe('the shutter of an image', () => {
  it('has its shapes from the corner of the image', () => {
    const shutter = displayShutterOf({
      ...shapes('RECTANGULAR', 'CIRCULAR', 'POLYGONAL'),
      '00181602': is(11),
      '00181604': is(70),
      '00181606': is(6),
      '00181608': is(50),
      '00181610': is(30, 40),
      '00181612': is(25),
      '00181620': is(1, 1, 1, 10, 10, 10),
      '00181622': { vr: 'US', Value: [0xffff] },
    })
    expect(shutter).toEqual({
      level: 1,
      shapes: [
        { kind: 'rectangle', from: [10, 5], to: [70, 50] },
        { kind: 'circle', centre: [39.5, 29.5], radius: 25 },
        {
          kind: 'polygon',
          points: [
            [0.5, 0.5],
            [9.5, 0.5],
            [9.5, 9.5],
          ],
        },
      ],
    })
  })

  it('is none where none is described, or all are described wrongly', () => {
    expect(displayShutterOf({})).toBeUndefined()
    expect(displayShutterOf({ ...shapes('CIRCULAR'), '00181610': is(30, 40) })).toBeUndefined()
    expect(displayShutterOf({ ...shapes('POLYGONAL'), '00181620': is(1, 1, 1, 10) })).toBeUndefined()
    const upsideDown = { '00181602': is(9), '00181604': is(1), '00181606': is(1), '00181608': is(9) }
    expect(displayShutterOf({ ...shapes('RECTANGULAR'), ...upsideDown })).toBeUndefined()
    expect(displayShutterOf(shapes('BITMAP'))).toBeUndefined()
  })
})
