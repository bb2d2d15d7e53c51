import { describe, expect, it } from 'vitest'
import { imageFacts, planeOf } from '../../../core/reading/image-facts.ts'
import { dicom } from '../../support/dicom-builder.ts'

describe('imageFacts', () => {
  it('reads view, side and orientation of a mammogram', () => {
    const header = dicom()
      .set('ViewPosition', 'CS', ['mlo'])
      .set('ImageLaterality', 'CS', ['R'])
      .set('PatientOrientation', 'CS', ['P', 'FR'])
      .json()
    expect(imageFacts(header)).toEqual({ view: 'MLO', laterality: 'R', orientation: ['P', 'FR'] })
  })

  it('takes the view from its code, and the side from the series', () => {
    const code = { '00080100': { vr: 'SH', Value: ['R-10242'] } }
    const header = dicom().set('ViewCodeSequence', 'SQ', [code]).set('Laterality', 'CS', ['L']).json()
    expect(imageFacts(header)).toEqual({ view: 'CC', laterality: 'L' })
  })

  it('reads plane, thickness and weighting of a slice', () => {
    const header = dicom()
      .set('ImageOrientationPatient', 'DS', [1, 0, 0, 0, 0, -1])
      .set('SliceThickness', 'DS', [2.5])
      .set('DiffusionBValue', 'FD', [1000])
      .set('ImageType', 'CS', ['ORIGINAL', 'PRIMARY', 'LOCALIZER'])
      .json()
    expect(imageFacts(header)).toEqual({ plane: 'coronal', thickness: 2.5, bValue: 1000, localizer: true })
  })

  it('tells whether emission was corrected for what the body absorbs, where the image says what was corrected', () => {
    const corrected = (...codes: string[]): unknown =>
      imageFacts(dicom().set('CorrectedImage', 'CS', codes).json())
    expect(corrected('DECY', 'ATTN', 'SCAT')).toEqual({ attenuationCorrected: true })
    expect(corrected('DECY', 'NORM')).toEqual({ attenuationCorrected: false })
  })

  it('is null for an image that says nothing, and trusts no odd value', () => {
    expect(imageFacts(dicom().json())).toBeNull()
    const odd = dicom()
      .set('ImageLaterality', 'CS', ['X'])
      .set('SliceThickness', 'DS', [-1])
      .set('PatientOrientation', 'CS', ['A'])
      .json()
    expect(imageFacts(odd)).toBeNull()
  })
})

describe('planeOf', () => {
  it('is the nearest plane of an oblique slice', () => {
    expect(planeOf([1, 0, 0, 0, 0.9, 0.4])).toBe('axial')
    expect(planeOf([0, 1, 0, 0, 0, -1])).toBe('sagittal')
    expect(planeOf([1, 0, 0])).toBeUndefined()
    expect(planeOf([0, 0, 0, 0, 0, 0])).toBeUndefined()
  })
})
