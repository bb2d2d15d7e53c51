import { bitsPerFrame } from '../../core/dicom/describe-pixels.ts'
import type { PixelDescription } from '../../core/dicom/pixel-description.ts'
import { EXPLICIT_VR_BIG_ENDIAN } from '../../core/dicom/transfer-syntax.ts'
import { pixelFault } from './pixel-fault.ts'

/**
 * Stored values of a native frame: little endian, samples of a pixel together, one byte a pixel for 1-bit data.
 * A frame that is cut short is filled with zeros. Shares the given bytes where nothing has to change.
 */
export function decodeNative(
  bytes: Uint8Array,
  transferSyntaxUid: string,
  pixels: PixelDescription,
): Uint8Array {
  const bits = bitsPerFrame(pixels)
  if (bytes.length === 0) throw pixelFault('there are no bytes')
  if (pixels.bitsAllocated === 1) return unpackBits(bytes, bits)
  const size = Math.ceil(bits / 8)
  let frame = bytes.subarray(0, size)
  if (transferSyntaxUid === EXPLICIT_VR_BIG_ENDIAN)
    frame = swapped(frame, Math.max(2, pixels.bitsAllocated / 8))
  if (frame.length < size) frame = filled(frame, size)
  return pixels.samplesPerPixel > 1 && pixels.planarConfiguration === 1
    ? interleave(frame, pixels.samplesPerPixel, pixels.bitsAllocated / 8)
    : frame
}

/** The least significant bit is the first pixel (PS3.5 8.1.1). */
function unpackBits(bytes: Uint8Array, count: number): Uint8Array {
  const values = new Uint8Array(count)
  for (let index = 0; index < count; index++) values[index] = ((bytes[index >> 3] ?? 0) >> (index & 7)) & 1
  return values
}

/** Samples of each plane to samples of each pixel. */
export function interleave(planes: Uint8Array, samplesPerPixel: number, bytesPerSample: number): Uint8Array {
  const out = new Uint8Array(planes.length)
  const count = planes.length / samplesPerPixel / bytesPerSample
  for (let sample = 0; sample < samplesPerPixel; sample++) {
    for (let pixel = 0; pixel < count; pixel++) {
      const from = (sample * count + pixel) * bytesPerSample
      const to = (pixel * samplesPerPixel + sample) * bytesPerSample
      for (let byte = 0; byte < bytesPerSample; byte++) out[to + byte] = planes[from + byte] ?? 0
    }
  }
  return out
}

function swapped(bytes: Uint8Array, size: number): Uint8Array {
  const out = bytes.slice()
  for (let at = 0; at + size <= out.length; at += size) out.subarray(at, at + size).reverse()
  return out
}

function filled(bytes: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(size)
  out.set(bytes)
  return out
}
