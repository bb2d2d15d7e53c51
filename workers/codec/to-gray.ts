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
  if (samples.BYTES_PER_ELEMENT > 2) {
    for (let index = 0; index < out.length; index++) out[index] = transform(samples[index] ?? 0)
    return out
  }
  // Each value is transformed when it is met first: that costs more than a look-up.
  levels.fill(UNKNOWN)
  for (let index = 0; index < out.length; index++) {
    const value = samples[index] ?? 0
    let level = levels[value & 0xffff] ?? UNKNOWN
    if (level === UNKNOWN) {
      level = transform(value)
      levels[value & 0xffff] = level
    }
    out[index] = level
  }
  return out
}

/** No grey level. */
const UNKNOWN = -1
/** By the low 16 bits of a stored value: one table a thread, filled anew for each frame. */
const levels = new Int16Array(1 << 16)
