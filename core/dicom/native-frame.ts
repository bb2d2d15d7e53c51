import { bitsPerFrame } from './describe-pixels.ts'
import type { DecodedFrame } from './decoded-frame.ts'
import type { PixelDescription } from './pixel-description.ts'

/** A frame cut short is filled up, but not out of nothing: from here on a sixteenth of it must be there. Bytes. */
const LARGEST_FILLED = 64 << 20

/** Decoded bytes with what describes them, in the colours they are stored in. */
export const storedFrame = (bytes: Uint8Array, pixels: PixelDescription): DecodedFrame => ({
  bytes,
  photometricInterpretation: pixels.photometricInterpretation,
  bitsAllocated: pixels.bitsAllocated === 1 ? 8 : pixels.bitsAllocated,
  pixelRepresentation: pixels.pixelRepresentation,
})

/**
 * Stored values of a native frame: little endian, samples of a pixel together, one byte a pixel for 1-bit data.
 * A frame that is cut short is filled with zeros; one that is all but missing is undefined. Shares the given bytes
 * where nothing has to change.
 */
export function nativeFrame(
  bytes: Uint8Array,
  bigEndian: boolean,
  pixels: PixelDescription,
): Uint8Array | undefined {
  const bits = bitsPerFrame(pixels)
  if (bytes.length === 0) return undefined
  if (bits / 8 > LARGEST_FILLED && bytes.length * 16 < bits / 8) return undefined
  if (pixels.bitsAllocated === 1) return unpackBits(bytes, bits)
  const size = Math.ceil(bits / 8)
  let frame = bytes.subarray(0, size)
  if (bigEndian) frame = swapped(frame, Math.max(2, pixels.bitsAllocated / 8))
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
  // Not slice(): a Buffer's shares its memory.
  const out = new Uint8Array(bytes)
  for (let at = 0; at + size <= out.length; at += size) out.subarray(at, at + size).reverse()
  return out
}

function filled(bytes: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(size)
  out.set(bytes)
  return out
}
