import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { DicomJson } from '../../../core/dicom/dicom-json.ts'
import { datasetToJson } from '../../../core/dicom/parse-dataset.ts'
import { doseGridOf } from '../../../core/measurements/dose-grid.ts'
import { framePlanesOf } from '../../../core/measurements/frame-planes.ts'
import { overlayValues } from '../../../core/measurements/overlay-values.ts'
import { describeWith } from '../../support/require.ts'
import { SHARED_DICOM, sharedDicom } from '../../support/shared-dicom.ts'

const of =
  (vr: string) =>
  (...values: (string | number)[]) => ({ vr, Value: values })
const [cs, ds, da, tm] = ['CS', 'DS', 'DA', 'TM'].map(of) as [
  ReturnType<typeof of>,
  ReturnType<typeof of>,
  ReturnType<typeof of>,
  ReturnType<typeof of>,
]

const pet = (weight: number): DicomJson => ({
  '00080060': cs('PT'),
  '00541001': cs('BQML'),
  '00280051': cs('DECY', 'ATTN'),
  '00541102': cs('ADMIN'),
  '00101030': ds(weight),
  '00080021': da('20260301'),
  '00080031': tm('104000'),
  '00540016': { vr: 'SQ', Value: [{ '00181074': ds(400e6) }] },
})

const dose = (more: DicomJson = {}): DicomJson => ({
  '00080060': cs('RTDOSE'),
  '30040002': cs('GY'),
  '3004000A': cs('PLAN'),
  '3004000E': ds(0.0005),
  ...more,
})

describe('overlayValues', () => {
  it('is uptake where every image knows it alike', () => {
    expect(overlayValues([pet(80), pet(80)])).toEqual({
      kind: 'uptake',
      unit: 'g/ml{SUVbw}',
      scale: expect.closeTo((80 * 1000) / 400e6, 12),
    })
  })

  it('is the values as they are where images differ, or one does not know', () => {
    const plain = { kind: 'other', unit: '1', scale: 1 }
    expect(overlayValues([pet(80), pet(70)])).toEqual(plain)
    expect(overlayValues([pet(80), pet(0)])).toEqual(plain)
  })

  it('is dose in grays, or in hundredths where it is relative', () => {
    expect(overlayValues([dose()])).toEqual({ kind: 'dose', unit: 'Gy', scale: 0.0005 })
    expect(overlayValues([dose({ '30040002': cs('RELATIVE') })])).toEqual({
      kind: 'dose',
      unit: '%',
      scale: expect.closeTo(0.05, 12),
    })
    expect(doseGridOf(dose())).toMatchObject({ summation: 'PLAN' })
    expect(doseGridOf(dose({ '3004000E': ds(0) }))).toBeUndefined()
  })
})

describe('framePlanesOf', () => {
  const grid = (position: number[], orientation: number[], offsets: number[]): DicomJson =>
    dose({
      '00280008': { vr: 'IS', Value: [offsets.length] },
      '00200032': ds(...position),
      '00200037': ds(...orientation),
      '3004000C': ds(...offsets),
    })
  const heights = (instance: DicomJson) => framePlanesOf(instance).map((plane) => plane?.position[2])

  it('takes the offsets of a dose grid along its normal', () => {
    expect(heights(grid([0, 0, -50], [1, 0, 0, 0, 1, 0], [0, 3, 6]))).toEqual([-50, -47, -44])
    expect(heights(grid([0, 0, -50], [1, 0, 0, 0, -1, 0], [0, 3, 6]))).toEqual([-50, -53, -56])
  })

  it('takes them as heights in the patient where they begin with that of the position, and the grid lies straight', () => {
    expect(heights(grid([0, 0, -50], [1, 0, 0, 0, 1, 0], [-50, -47, -44]))).toEqual([-50, -47, -44])
    expect(heights(grid([0, 0, -50], [1, 0, 0, 0, -1, 0], [-50, -47]))).toEqual([undefined, undefined])
    expect(heights(grid([0, 0, -50], [1, 0, 0, 0, 1, 0], [7, 10]))).toEqual([undefined, undefined])
  })

  it('stacks the slices of a reconstructed nuclear medicine volume along the normal, to either side', () => {
    const volume = (spacing: number): DicomJson => ({
      '00080060': cs('NM'),
      '00280008': { vr: 'IS', Value: [3] },
      '00540022': {
        vr: 'SQ',
        Value: [{ '00200032': ds(-10, -20, 100), '00200037': ds(1, 0, 0, 0, 1, 0) }],
      },
      '00540080': { vr: 'US', Value: [1, 2, 3] },
      '00180088': ds(spacing),
    })
    expect(framePlanesOf(volume(4)).map((plane) => plane?.position)).toEqual([
      [-10, -20, 100],
      [-10, -20, 104],
      [-10, -20, 108],
    ])
    expect(heights(volume(-4))).toEqual([100, 96, 92])
  })
})

describeWith(SHARED_DICOM, 'a dose grid from a planning system', () => {
  it('is read: relative, of a beam, its planes five millimetres apart', () => {
    const file = readFileSync(join(sharedDicom() ?? '', 'objects/rt/rtdose.dcm'))
    const instance = datasetToJson(file, { bulkDataUri: () => '' })
    expect(doseGridOf(instance)).toEqual({
      unit: '%',
      scale: expect.closeTo(1e-4, 12),
      summation: 'BEAM',
      type: 'PHYSICAL',
      comment: '',
    })
    const heights = framePlanesOf(instance).map((plane) => plane?.position[2] ?? NaN)
    expect(heights).toHaveLength(15)
    expect(heights.slice(1).map((height, at) => height - (heights[at] ?? 0))).toEqual(
      heights.slice(1).map(() => expect.closeTo(5, 9)),
    )
  })
})
