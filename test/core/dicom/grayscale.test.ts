import { describe, expect, it } from 'vitest'
import type { DicomJson } from '../../../core/dicom/dicom-json.ts'
import {
  grayscaleLookup,
  grayscaleTransform,
  paddingLimits,
  windowTransform,
} from '../../../core/dicom/grayscale.ts'
import type { PixelDescription } from '../../../core/dicom/pixel-description.ts'
import { pixelDescription } from '../../../core/dicom/pixel-description.ts'

const layout: Omit<PixelDescription, 'presentation'> = {
  rows: 2,
  columns: 2,
  samplesPerPixel: 1,
  photometricInterpretation: 'MONOCHROME2',
  planarConfiguration: 0,
  bitsAllocated: 16,
  bitsStored: 16,
  highBit: 15,
  pixelRepresentation: 1,
  numberOfFrames: 1,
  sampleKind: 'integer',
}
const describePixels = (
  presentation: DicomJson,
  change: Partial<PixelDescription> = {},
): PixelDescription => ({
  ...layout,
  ...change,
  presentation,
})
const ds = (...values: number[]): { vr: string; Value: number[] } => ({ vr: 'DS', Value: values })
const WINDOW: DicomJson = { '00281050': ds(40), '00281051': ds(400) }

describe('windowTransform', () => {
  it('follows the linear function of PS3.3 C.11.2.1.2 at its edges', () => {
    const level = windowTransform({ center: 2048, width: 4096, function: 'LINEAR' })
    expect([level(0), level(4095), level(-1), level(5000)]).toEqual([0, 255, 0, 255])
    expect(level(2047.5)).toBeCloseTo(127.5)
  })
  it('is a threshold at width 1', () => {
    const level = windowTransform({ center: 100, width: 1, function: 'LINEAR' })
    expect([level(99), level(99.5), level(100)]).toEqual([0, 0, 255])
  })
  it('is half at the centre of a sigmoid', () => {
    expect(windowTransform({ center: 5, width: 2, function: 'SIGMOID' })(5)).toBe(127.5)
  })
  it('ends exactly at the width for linear exact', () => {
    const level = windowTransform({ center: 0, width: 10, function: 'LINEAR_EXACT' })
    expect([level(-5), level(0), level(5)]).toEqual([0, 127.5, 255])
  })
})

describe('paddingLimits', () => {
  const limits = (presentation: DicomJson, change: Partial<PixelDescription> = {}) =>
    paddingLimits(describePixels(presentation, change))

  it('reads a padding told as unsigned as the signed value it is, and the other way round', () => {
    expect(limits({ '00280120': { vr: 'US', Value: [63_536] } })).toEqual([-2000, -2000])
    expect(limits({ '00280120': { vr: 'SS', Value: [-1] } }, { pixelRepresentation: 0 })).toEqual([
      65_535, 65_535,
    ])
  })
  it('is a range, in whichever order it is told', () => {
    const range = { '00280120': { vr: 'SS', Value: [5] }, '00280121': { vr: 'SS', Value: [-5] } }
    expect(limits(range)).toEqual([-5, 5])
    expect(limits({})).toBeUndefined()
  })
  it('has attributes of its own for float pixels', () => {
    const presentation = {
      '00280120': { vr: 'US', Value: [0] },
      '00280122': { vr: 'FL', Value: [-1.5] },
    }
    expect(limits(presentation, { sampleKind: 'float', bitsAllocated: 32 })).toEqual([-1.5, -1.5])
  })
})

describe('grayscaleTransform', () => {
  const samples = Int16Array.of(0, 1, 2, 3)

  it('rescales, then windows', () => {
    const pixels = describePixels({ ...WINDOW, '00281052': ds(-1024), '00281053': ds(1) })
    const level = grayscaleTransform(pixels, samples)
    expect([level(0), level(1024 + 40), level(2000)]).toEqual([0, 128, 255])
  })
  it('inverts MONOCHROME1, and keeps padding black', () => {
    const pixels = describePixels(
      { ...WINDOW, '00280120': { vr: 'SS', Value: [-2000] } },
      { photometricInterpretation: 'MONOCHROME1' },
    )
    const level = grayscaleTransform(pixels, samples)
    expect([level(-1000), level(1000), level(-2000)]).toEqual([255, 0, 0])
  })
  it('spans the values where no window is given', () => {
    const level = grayscaleTransform(describePixels({}), samples)
    expect([level(0), level(3)]).toEqual([0, 255])
  })
  it('does not divide by a window of width zero or a slope of zero', () => {
    const pixels = describePixels({ '00281050': ds(1), '00281051': ds(0), '00281053': ds(0) })
    for (const value of samples) expect(grayscaleTransform(pixels, samples)(value)).toBeGreaterThanOrEqual(0)
  })
  it('goes through a VOI LUT', () => {
    const lut: DicomJson = {
      '00283002': { vr: 'US', Value: [4, 0, 8] },
      '00283006': { vr: 'OW', InlineBinary: Buffer.from([0, 0, 10, 0, 100, 0, 255, 0]).toString('base64') },
    }
    const level = grayscaleTransform(describePixels({ '00283010': { vr: 'SQ', Value: [lut] } }), samples)
    expect([level(-9), level(1), level(2), level(3), level(99)]).toEqual([0, 10, 100, 255, 255])
  })
})

describe('grayscaleLookup', () => {
  it('gives what grayscaleTransform gives, for every value of 16 bits', () => {
    const pixels = describePixels(WINDOW)
    const [quick, exact] = [grayscaleLookup(pixels, []), grayscaleTransform(pixels, [])]
    for (let value = -32_768; value < 32_768; value += 7) expect(quick(value)).toBe(exact(value))
  })
})

describe('pixelDescription', () => {
  it("merges shared and this frame's functional groups", () => {
    const voi = (center: number): DicomJson => ({
      '00289132': { vr: 'SQ', Value: [{ '00281050': ds(center), '00281051': ds(10) }] },
    })
    const metadata: DicomJson = {
      '52009229': { vr: 'SQ', Value: [{ '00289145': { vr: 'SQ', Value: [{ '00281053': ds(2) }] } }] },
      '52009230': { vr: 'SQ', Value: [voi(1), voi(2)] },
    }
    const { presentation } = pixelDescription(layout, metadata, 2)
    expect(presentation['00281050']).toEqual(ds(2))
    expect(presentation['00281053']).toEqual(ds(2))
    expect(presentation['52009230']).toBeUndefined()
  })
})
