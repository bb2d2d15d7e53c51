import { describe, expect, it } from 'vitest'
import { compressionOf } from '../../../core/dicom/compression-of.ts'
import type { DicomJson } from '../../../core/dicom/dicom-json.ts'

const NATIVE = '1.2.840.10008.1.2.1'
const BASELINE = '1.2.840.10008.1.2.4.50'
const J2K = '1.2.840.10008.1.2.4.91'
const said = (value: string, ratios: number[] = [], methods: string[] = []): DicomJson => ({
  '00282110': { vr: 'CS', Value: [value] },
  '00282112': { vr: 'DS', Value: ratios },
  '00282114': { vr: 'CS', Value: methods },
})

describe('what compression did to an image', () => {
  it('is lossy once the file says so, in whatever syntax it is kept', () => {
    expect(compressionOf(said('01', [10, 4], ['ISO_10918_1', 'ISO_15444_1']), NATIVE)).toEqual({
      kind: 'lossy',
      ratios: [10, 4],
      methods: ['JPEG', 'JPEG 2000'],
    })
    expect(compressionOf(said('01', [], ['PRIVATE']), NATIVE)).toMatchObject({ methods: ['PRIVATE'] })
  })

  it('is lossy by its syntax, whatever the file says', () => {
    for (const json of [{}, said('00')])
      expect(compressionOf(json, BASELINE)).toEqual({ kind: 'lossy', ratios: [], methods: ['JPEG Baseline'] })
  })

  it('cannot be known of a syntax that takes both, unless the file says', () => {
    expect(compressionOf({}, J2K)).toEqual({ kind: 'unknown', method: 'JPEG 2000' })
    expect(compressionOf(said('00'), J2K)).toEqual({ kind: 'lossless', stated: true })
  })

  it('is lossless else; whether it always was, the file may say', () => {
    expect(compressionOf({}, NATIVE)).toEqual({ kind: 'lossless', stated: false })
    expect(compressionOf(said('00'), '1.2.840.10008.1.2.4.90')).toEqual({ kind: 'lossless', stated: true })
  })
})
