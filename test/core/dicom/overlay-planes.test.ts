import { describe, expect, it } from 'vitest'
import type { DicomJson } from '../../../core/dicom/dicom-json.ts'
import type { PixelDescription } from '../../../core/dicom/pixel-description.ts'
import { bitPlane, embeddedOverlays, overlayPlanes } from '../../../core/dicom/overlay-planes.ts'

const plane = (group: string, more: DicomJson = {}): DicomJson => ({
  [`${group}0010`]: { vr: 'US', Value: [4] },
  [`${group}0011`]: { vr: 'US', Value: [6] },
  [`${group}0050`]: { vr: 'SS', Value: [1, 1] },
  [`${group}3000`]: { vr: 'OW', InlineBinary: 'AAAA' },
  ...more,
})

describe('the overlay planes of a frame', () => {
  it('lie where their origin says, outside the image too', () => {
    const instance = {
      ...plane('6000', { '60000050': { vr: 'SS', Value: [-25, 3] } }),
      ...plane('601E'),
    }
    expect(overlayPlanes(instance, 1)).toMatchObject([
      { group: '6000', rows: 4, columns: 6, top: -26, left: 2, firstBit: 0 },
      { group: '601E', top: 0, left: 0 },
    ])
  })

  it('lie over all frames without a number of frames, else one to one from the origin on', () => {
    const numbered = plane('6000', {
      '60000015': { vr: 'IS', Value: [2] },
      '60000051': { vr: 'US', Value: [3] },
    })
    const framesOf = (instance: DicomJson) =>
      [1, 2, 3, 4, 5].map((frame) => overlayPlanes(instance, frame)[0]?.firstBit)
    expect(framesOf(plane('6000'))).toEqual([0, 0, 0, 0, 0])
    expect(framesOf(numbered)).toEqual([undefined, undefined, 0, 24, undefined])
  })

  it('are left out without data or without a size', () => {
    const without = (tag: string) =>
      Object.fromEntries(Object.entries(plane('6000')).filter(([key]) => key !== tag))
    expect(overlayPlanes(without('60003000'), 1)).toEqual([])
    expect(overlayPlanes(without('60000011'), 1)).toEqual([])
    expect(overlayPlanes(plane('6000', { '60000010': { vr: 'US', Value: [0] } }), 1)).toEqual([])
  })
})

describe('overlays in the samples', () => {
  const layout: Omit<PixelDescription, 'presentation'> = {
    rows: 2,
    columns: 5,
    samplesPerPixel: 1,
    photometricInterpretation: 'MONOCHROME2',
    planarConfiguration: 0,
    bitsAllocated: 16,
    bitsStored: 12,
    highBit: 11,
    pixelRepresentation: 0,
    numberOfFrames: 1,
    sampleKind: 'integer',
  }
  const at = (bit: number, more: DicomJson = {}): DicomJson => ({
    '60000100': { vr: 'US', Value: [16] },
    '60000102': { vr: 'US', Value: [bit] },
    ...more,
  })

  it('are those in bits that the image leaves, without data of their own', () => {
    const found = (presentation: DicomJson) => embeddedOverlays({ ...layout, presentation })
    expect(found(at(15))).toEqual([{ group: '6000', bit: 15 }])
    expect(found(at(11))).toEqual([])
    expect(found(at(16))).toEqual([])
    expect(found(at(15, { '60003000': { vr: 'OW', InlineBinary: '' } }))).toEqual([])
    expect(embeddedOverlays({ ...layout, highBit: 15, presentation: at(3) })).toHaveLength(1)
    expect(embeddedOverlays({ ...layout, samplesPerPixel: 3, presentation: at(15) })).toEqual([])
  })

  it('are one bit of every sample', () => {
    const samples = Uint16Array.of(0x8001, 0x7fff, 0x8000, 0, 0, 0, 0, 0xffff, 0x8000, 0x4000)
    expect([...bitPlane(new Uint8Array(samples.buffer), 2, 15)]).toEqual([0b1000_0101, 0b1])
  })
})
