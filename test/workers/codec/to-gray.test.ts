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
  {
    padding,
    stored = bits,
    highBit = stored - 1,
  }: { padding?: number; stored?: number; highBit?: number } = {},
): PixelDescription => ({
  rows: 1,
  columns: LENGTH,
  samplesPerPixel: 1,
  photometricInterpretation: 'MONOCHROME2',
  planarConfiguration: 0,
  bitsAllocated: bits,
  bitsStored: stored,
  highBit,
  pixelRepresentation: representation,
  numberOfFrames: 1,
  sampleKind: 'integer',
  presentation: {
    '00281052': { vr: 'DS', Value: [-1024] },
    '00281053': { vr: 'DS', Value: [2] },
    ...(padding === undefined ? {} : { '00280120': { vr: 'SS', Value: [padding] } }),
  },
})

/** Every value that these pixels can have, and then others than lay in the same place of the piece before. */
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
  for (let index = 0; index < samples.length; index++) samples[index] = index + 7 * Math.floor(index / 65_536)
  return { samples, frame: { ...pixels, bytes: new Uint8Array(samples.buffer) } }
}

/** PS3.5 8.1.1, by the digits. */
function storedValue(word: number, pixels: PixelDescription): number {
  const { bitsAllocated, bitsStored, highBit, pixelRepresentation } = pixels
  const digits = (word & (2 ** bitsAllocated - 1)).toString(2).padStart(bitsAllocated, '0')
  const first = bitsAllocated - 1 - highBit
  const value = parseInt(digits.slice(first, first + bitsStored), 2)
  return pixelRepresentation === 1 && digits[first] === '1' ? value - 2 ** bitsStored : value
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
    // And in those below.
    [8, 1, { stored: 5, highBit: 6 }],
    [16, 0, { stored: 12, highBit: 13 }],
    [16, 1, { stored: 12, highBit: 15 }],
  ] as const)(
    'are those of each value by itself: %i bits, representation %i, %o',
    (bits, representation, more) => {
      const pixels = described(bits, representation, more)
      const { samples: words, frame } = frameOf(pixels)
      const samples = Array.from(words, (word) => storedValue(word, pixels))
      expect(samplesOf(frame, pixels)).toEqual(words.map((word) => storedValue(word, pixels)))
      // One after the other: nothing is left of the window before.
      for (const window of WINDOWS) {
        const transform = grayscaleTransform(pixels, samples, window)
        expect(toGray(frame, pixels, window)).toEqual(Uint8Array.from(samples, (value) => transform(value)))
      }
    },
  )
})
