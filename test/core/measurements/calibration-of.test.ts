import { describe, expect, it } from 'vitest'
import type { DicomJson } from '../../../core/dicom/dicom-json.ts'
import { calibrationOf } from '../../../core/measurements/calibration-of.ts'

const ds = (...values: number[]) => ({ vr: 'DS', Value: values })
const cs = (value: string) => ({ vr: 'CS', Value: [value] })
const of = (json: DicomJson, ...points: [number, number][]) => calibrationOf(json, 1, points)

describe('how it is known what a pixel measures', () => {
  it('Pixel Spacing of a slice, rows first in DICOM, columns first here', () => {
    expect(of({ '00080060': cs('CT'), '00280030': ds(2, 0.5) })).toEqual({
      kind: 'patient',
      spacing: [0.5, 2],
    })
  })

  it('a projection: at the detector, unless the file says that it was calibrated or magnified', () => {
    const dx: DicomJson = { '00080060': cs('DX'), '00181164': ds(0.2, 0.2) }
    expect(of(dx)).toEqual({ kind: 'detector', spacing: [0.2, 0.2], accepted: false })
    expect(of({ ...dx, '00181114': ds(1.25) })).toEqual({
      kind: 'magnification',
      spacing: [0.2, 0.2],
      factor: 1.25,
    })
    // Equal to that of the detector and no word about it: nobody corrected it.
    expect(of({ ...dx, '00280030': ds(0.2, 0.2) })).toMatchObject({ kind: 'detector' })
    expect(of({ ...dx, '00280030': ds(0.16, 0.16) })).toEqual({
      kind: 'calibrated',
      spacing: [0.16, 0.16],
      by: 'unknown',
    })
    expect(of({ ...dx, '00280030': ds(0.2, 0.2), '00280A02': cs('FIDUCIAL') })).toMatchObject({
      kind: 'calibrated',
      by: 'fiducial',
    })
    expect(of({ '00080060': cs('CR'), '00280030': ds(0.2, 0.2) })).toMatchObject({ kind: 'detector' })
  })

  it('ultrasound: the smallest region that holds all the points, and none across two', () => {
    const region = (left: number, right: number, units: number, delta: number): DicomJson => ({
      '00186018': { vr: 'UL', Value: [left] },
      '0018601A': { vr: 'UL', Value: [0] },
      '0018601C': { vr: 'UL', Value: [right] },
      '0018601E': { vr: 'UL', Value: [99] },
      '00186024': { vr: 'US', Value: [units] },
      '00186026': { vr: 'US', Value: [3] },
      '0018602C': { vr: 'FD', Value: [delta] },
      '0018602E': { vr: 'FD', Value: [0.02] },
    })
    const us: DicomJson = {
      '00080060': cs('US'),
      '00186011': { vr: 'SQ', Value: [region(0, 99, 3, 0.02), region(100, 199, 4, 0.005)] },
    }
    expect(of(us, [10, 10], [90, 90])).toMatchObject({
      kind: 'ultrasound-region',
      x: { unit: 'mm', step: 0.2 },
      y: { unit: 'mm', step: 0.2 },
    })
    expect(of(us, [110, 10], [190, 90])).toMatchObject({ x: { unit: 's', step: 0.005 } })
    expect(of(us, [90, 10], [110, 10])).toMatchObject({ kind: 'none' })
  })

  it('nothing but the shape of a pixel, or not even that', () => {
    expect(of({ '00080060': cs('OT'), '00280034': { vr: 'IS', Value: [4, 3] } })).toEqual({
      kind: 'none',
      aspect: [1, 4 / 3],
    })
    expect(of({ '00080060': cs('CT'), '00280030': ds(0, 0) })).toEqual({ kind: 'none', aspect: [1, 1] })
  })
})
