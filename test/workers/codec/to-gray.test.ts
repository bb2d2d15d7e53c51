import { describe, expect, it } from 'vitest'
import { samplesOf } from '../../../core/dicom/frame-samples.ts'
import { grayscaleTransform, type VoiWindow } from '../../../core/dicom/grayscale.ts'
import type { PixelDescription } from '../../../core/dicom/pixel-description.ts'
import { toGray } from '../../../workers/codec/to-gray.ts'

const SIDE = 256
/** More than are looked up at once, and no multiple of eight. */
const LENGTH = SIDE * SIDE + 1_003

const described = (
  bits: 8 | 16,
  representation: 0 | 1,
  { padding, stored = bits }: { padding?: number; stored?: number } = {},
): PixelDescription => ({
  rows: 1,
  columns: LENGTH,
  samplesPerPixel: 1,
  photometricInterpretation: 'MONOCHROME2',
  planarConfiguration: 0,
  bitsAllocated: bits,
  bitsStored: stored,
  highBit: stored - 1,
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
  const samples = new Samples(LENGTH)
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
    [8, 0, {}],
    [8, 1, { padding: -5 }],
    [16, 0, {}],
    [16, 1, { padding: -2_000 }],
    // With an overlay in the bits above.
    [8, 0, { stored: 6 }],
    [16, 0, { stored: 12 }],
    [16, 1, { stored: 12 }],
  ] as const)(
    'are those of each value by itself: %i bits, representation %i, %o',
    (bits, representation, more) => {
      const pixels = described(bits, representation, more)
      const { frame } = frameOf(pixels)
      const samples = samplesOf(frame, pixels)
      // One after the other: nothing is left of the window before.
      for (const window of WINDOWS) {
        const transform = grayscaleTransform(pixels, samples, window)
        expect(toGray(frame, pixels, window)).toEqual(Uint8Array.from(samples, (value) => transform(value)))
      }
    },
  )
})
