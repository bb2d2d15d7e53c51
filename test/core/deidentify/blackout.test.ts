import { describe, expect, it } from 'vitest'
import { blackOf, blackOutFrame } from '../../../core/deidentify/blackout.ts'
import type { PixelLayout } from '../../../core/dicom/describe-pixels.ts'

const layout = (some: Partial<PixelLayout>): PixelLayout => ({
  rows: 3,
  columns: 4,
  samplesPerPixel: 1,
  photometricInterpretation: 'MONOCHROME2',
  planarConfiguration: 0,
  bitsAllocated: 8,
  bitsStored: 8,
  highBit: 7,
  pixelRepresentation: 0,
  numberOfFrames: 1,
  sampleKind: 'integer',
  ...some,
})
/** The second and third pixel of the second row. */
const rectangles = [{ x: 1, y: 1, width: 2, height: 1 }]
const changed = (before: Uint8Array, after: Uint8Array): number[] =>
  [...after].flatMap((value, index) => (value === before[index] ? [] : [index]))

function blackened(pixels: PixelLayout, bytes: number): { at: number[]; frame: Uint8Array } {
  const before = new Uint8Array(bytes).fill(0x55)
  const frame = new Uint8Array(before)
  blackOutFrame(frame, pixels, { rectangles, black: blackOf(pixels) })
  return { at: changed(before, frame), frame }
}

describe('blackOutFrame', () => {
  it('writes the highest value where black is high', () => {
    const { at, frame } = blackened(layout({ photometricInterpretation: 'MONOCHROME1', bitsStored: 7 }), 12)
    expect(at).toEqual([5, 6])
    expect(frame[5]).toBe(127)
  })

  it('knows samples of a pixel together and in planes', () => {
    const rgb = { samplesPerPixel: 3, photometricInterpretation: 'RGB' }
    expect(blackened(layout(rgb), 36).at).toEqual([15, 16, 17, 18, 19, 20])
    expect(blackened(layout({ ...rgb, planarConfiguration: 1 }), 36).at).toEqual([5, 6, 17, 18, 29, 30])
  })

  it('reaches to the pixels that share their colour', () => {
    const pixels = layout({ samplesPerPixel: 3, photometricInterpretation: 'YBR_FULL_422' })
    const { at, frame } = blackened(pixels, 24)
    // Both pairs of the row: Y Y Cb Cr each.
    expect(at).toEqual([8, 9, 10, 11, 12, 13, 14, 15])
    expect([...frame.subarray(8, 12)]).toEqual([0, 0, 128, 128])
  })

  it('clears single bits, also of a frame that begins within a byte', () => {
    const pixels = layout({ bitsAllocated: 1, bitsStored: 1, highBit: 0 })
    const frame = new Uint8Array(3).fill(0xff)
    blackOutFrame(frame, pixels, { rectangles, black: [0] }, 4)
    // Bits 9 and 10.
    expect([...frame]).toEqual([0xff, 0b11111001, 0xff])
  })

  it('stays inside the frame', () => {
    const pixels = layout({ bitsAllocated: 16, bitsStored: 12, highBit: 11 })
    const frame = new Uint8Array(24).fill(1)
    blackOutFrame(frame, pixels, {
      rectangles: [{ x: -3, y: -3, width: 90, height: 90 }],
      black: blackOf(pixels),
    })
    expect(frame.every((value) => value === 0)).toBe(true)
  })
})
