import { describe, expect, it } from 'vitest'
import type { DicomJson } from '../../../core/dicom/dicom-json.ts'
import { frameDuration, stackOf, storedWindows } from '../../../viewer/imaging/stack-image.ts'

function instance(number: number, more: DicomJson = {}): DicomJson {
  return {
    '00080018': { vr: 'UI', Value: [`1.2.${number}`] },
    '00200013': { vr: 'IS', Value: [number] },
    '00280002': { vr: 'US', Value: [1] },
    '00280004': { vr: 'CS', Value: ['MONOCHROME2'] },
    '00280010': { vr: 'US', Value: [4] },
    '00280011': { vr: 'US', Value: [4] },
    '00280100': { vr: 'US', Value: [16] },
    '00280101': { vr: 'US', Value: [16] },
    '00280102': { vr: 'US', Value: [15] },
    '00280103': { vr: 'US', Value: [0] },
    '7FE00010': { vr: 'OW', BulkDataURI: 'x' },
    ...more,
  }
}

describe('a stack', () => {
  it('lies in the order of the instance numbers, frame by frame', () => {
    const stack = stackOf('1.1', '1.2', [instance(10), instance(2, { '00280008': { vr: 'IS', Value: [2] } })])
    expect(stack.map((image) => image.url)).toEqual([
      '/dicom-web/studies/1.1/series/1.2/instances/1.2.2/frames/1',
      '/dicom-web/studies/1.1/series/1.2/instances/1.2.2/frames/2',
      '/dicom-web/studies/1.1/series/1.2/instances/1.2.10/frames/1',
    ])
  })

  it('has no place for what has no pixels', () => {
    const report = Object.entries(instance(1)).filter(([tag]) => tag !== '7FE00010')
    expect(stackOf('1.1', '1.2', [Object.fromEntries(report)])).toEqual([])
  })

  it('plays at the rate of the file', () => {
    const cine = (more: DicomJson) => {
      const [image] = stackOf('1', '2', [instance(1, { '00280008': { vr: 'IS', Value: [9] }, ...more })])
      return image && frameDuration(image)
    }
    expect(cine({ '00181063': { vr: 'DS', Value: [40] } })).toBe(40)
    expect(cine({ '00082144': { vr: 'IS', Value: [25] } })).toBe(40)
    expect(cine({})).toBeCloseTo(66.7, 1)
    const [single] = stackOf('1', '2', [instance(1)])
    expect(single && frameDuration(single)).toBeUndefined()
  })

  it('knows the windows of its file, by name', () => {
    const [image] = stackOf('1', '2', [
      instance(1, {
        '00281050': { vr: 'DS', Value: [40, -600] },
        '00281051': { vr: 'DS', Value: [400, 1500] },
        '00281055': { vr: 'LO', Value: ['SOFT', 'LUNG'] },
      }),
    ])
    expect(image && storedWindows(image)).toEqual([
      { name: 'SOFT', window: { center: 40, width: 400, function: 'LINEAR' } },
      { name: 'LUNG', window: { center: -600, width: 1500, function: 'LINEAR' } },
    ])
  })
})
