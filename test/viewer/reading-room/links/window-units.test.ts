import { describe, expect, it } from 'vitest'
import type { DicomJson } from '../../../../core/dicom/dicom-json.ts'
import { windowUnits } from '../../../../viewer/reading-room/links/window-units.ts'

const unitsOf = (modality: string, more: DicomJson = {}) =>
  windowUnits({
    url: '',
    frameNumber: 1,
    numberOfFrames: 1,
    metadata: { '00080060': { vr: 'CS', Value: [modality] }, ...more },
  })
const rescaleType = (type: string): DicomJson => ({ '00281054': { vr: 'LO', Value: [type] } })

describe('windowUnits', () => {
  it('are the same for scans in Hounsfield units, said or not, and no other modality has them', () => {
    expect(unitsOf('CT')).toEqual(unitsOf('CT', rescaleType('HU')))
    expect(unitsOf('CT').name).not.toBe(unitsOf('MR').name)
    expect(unitsOf('CT').name).not.toBe(unitsOf('MR', rescaleType('HU')).name)
  })

  it('tell an iodine map from attenuation, and activity from counts', () => {
    expect(unitsOf('CT').name).not.toBe(unitsOf('CT', rescaleType('MGML')).name)
    const units = (value: string): DicomJson => ({ '00541001': { vr: 'CS', Value: [value] } })
    expect(unitsOf('PT', units('BQML')).name).not.toBe(unitsOf('PT', units('CNTS')).name)
  })

  it('tell radiographs from mammograms', () => {
    expect(unitsOf('DX').name).not.toBe(unitsOf('MG').name)
  })
})
