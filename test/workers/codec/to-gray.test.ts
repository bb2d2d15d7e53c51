import { describe, expect, it } from 'vitest'
import { grayscaleTransform, type VoiWindow } from '../../../core/dicom/grayscale.ts'
import type { PixelDescription } from '../../../core/dicom/pixel-description.ts'
import { toGray } from '../../../workers/codec/to-gray.ts'

const SIDE = 256

const described = (bits: 8 | 16, representation: 0 | 1, padding?: number): PixelDescription => ({
  rows: SIDE,
  columns: SIDE,
  samplesPerPixel: 1,
  photometricInterpretation: 'MONOCHROME2',
  planarConfiguration: 0,
  bitsAllocated: bits,
  bitsStored: bits,
  highBit: bits - 1,
  pixelRepresentation: representation,
  numberOfFrames: 1,
  sampleKind: 'integer',
  presentation: {
    '00281052': { vr: 'DS', Value: [-1024] },
    '00281053': { vr: 'DS', Value: [2] },
    ...(padding === undefined ? {} : { '00280120': { vr: 'SS', Value: [padding] } }),
  },
})

/** Every value that these pixels can have. */
function frameOf(pixels: PixelDescription) {
  const { bitsAllocated, pixelRepresentation } = pixels
  const Samples =
    bitsAllocated === 16
      ? pixelRepresentation === 1
        ? Int16Array
        : Uint16Array
      : pixelRepresentation === 1
        ? Int8Array
        : Uint8Array
  const samples = new Samples(SIDE * SIDE)
  for (let index = 0; index < samples.length; index++) samples[index] = index
  return { samples, frame: { ...pixels, bytes: new Uint8Array(samples.buffer) } }
}

const WINDOWS: readonly (VoiWindow | undefined)[] = [
  { center: 40, width: 400, function: 'LINEAR' },
  { center: 5_000, width: 90_000, function: 'LINEAR_EXACT' },
  { center: -200, width: 3_000, function: 'SIGMOID' },
  undefined,
]

describe('grey levels of a frame', () => {
  it.each([
    [8, 0, undefined],
    [8, 1, -5],
    [16, 0, undefined],
    [16, 1, -2_000],
  ] as const)(
    'are those of each value by itself: %i bits, representation %i',
    (bits, representation, padding) => {
      const pixels = described(bits, representation, padding)
      const { samples, frame } = frameOf(pixels)
      // One after the other: nothing is left of the window before.
      for (const window of WINDOWS) {
        const transform = grayscaleTransform(pixels, samples, window)
        expect(toGray(frame, pixels, window)).toEqual(Uint8Array.from(samples, (value) => transform(value)))
      }
    },
  )
})
