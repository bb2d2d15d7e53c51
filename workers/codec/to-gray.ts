import { grayscaleTransform, type VoiWindow } from '../../core/dicom/grayscale.ts'
import { samplesOf } from '../../core/dicom/frame-samples.ts'
import type { PixelDescription } from '../../core/dicom/pixel-description.ts'
import type { DecodedFrame } from '../../core/ports/frame-codec.ts'

/** Grey levels, 8 bits a pixel: modality transform, VOI, inversion. */
export function toGray(
  frame: DecodedFrame,
  pixels: PixelDescription,
  window: VoiWindow | undefined,
): Uint8Array {
  const samples = samplesOf(frame, pixels)
  // One bit: a mask or a drawing, and nothing to window.
  if (pixels.bitsAllocated === 1) return Uint8Array.from(samples, (value) => (value === 0 ? 0 : 255))
  const transform = grayscaleTransform(pixels, samples, window)
  const out = new Uint8Array(pixels.rows * pixels.columns)
  const range = pixels.sampleKind === 'integer' && pixels.bitsAllocated <= 16 ? rangeOf(samples) : undefined
  if (range === undefined || range.most - range.least > samples.length) {
    for (let index = 0; index < out.length; index++) out[index] = transform(samples[index] ?? 0)
    return out
  }
  // Each value once, then a table: the transform costs more than a look-up.
  const table = new Uint8Array(range.most - range.least + 1)
  for (let value = range.least; value <= range.most; value++) table[value - range.least] = transform(value)
  for (let index = 0; index < out.length; index++)
    out[index] = table[(samples[index] ?? 0) - range.least] ?? 0
  return out
}

function rangeOf(samples: ArrayLike<number>): { least: number; most: number } {
  let least = samples[0] ?? 0
  let most = least
  for (let index = 1; index < samples.length; index++) {
    const value = samples[index] ?? 0
    if (value < least) least = value
    else if (value > most) most = value
  }
  return { least, most }
}
