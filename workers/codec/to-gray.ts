import { grayscaleTransform, storedWindow, type VoiWindow } from '../../core/dicom/grayscale.ts'
import {
  samplesOf,
  storedBitsOf,
  unmaskedSamplesOf,
  type SmallSamples,
} from '../../core/dicom/frame-samples.ts'
import type { PixelDescription } from '../../core/dicom/pixel-description.ts'
import type { DecodedFrame } from '../../core/ports/frame-codec.ts'
import { lookUpLevels } from './look-up.ts'

/** Grey levels, 8 bits a pixel: modality transform, VOI, inversion. `out`: of that size, where there is one to fill. */
export function toGray(
  frame: DecodedFrame,
  pixels: PixelDescription,
  window: VoiWindow | undefined,
  out: Uint8Array = new Uint8Array(pixels.rows * pixels.columns),
): Uint8Array {
  const samples = unmaskedSamplesOf(frame, pixels)
  // One bit: a mask or a drawing, and nothing to window.
  if (pixels.bitsAllocated === 1) {
    for (let index = 0; index < out.length; index++) out[index] = (samples[index] ?? 0) === 0 ? 0 : 255
    return out
  }
  // Only a window that has to be found needs the values of the whole frame.
  const known = window ?? storedWindow(pixels.presentation)
  const transform = grayscaleTransform(pixels, known === undefined ? samplesOf(frame, pixels) : [], known)
  const stored = storedBitsOf(frame, pixels)
  if (stored !== undefined) lookUpLevels(samples as SmallSamples, stored, transform, out)
  else for (let index = 0; index < out.length; index++) out[index] = transform(samples[index] ?? 0)
  return out
}
