import type { DecodedFrame } from './decoded-frame.ts'
import type { PixelDescription } from './pixel-description.ts'

export type Samples =
  Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | Float32Array | Float64Array

/** The stored values as numbers; bits above `bitsStored` (overlays in old images) are masked off. */
export function samplesOf(frame: DecodedFrame, pixels: PixelDescription): Samples {
  const aligned = frame.bytes.byteOffset % 8 === 0 ? frame.bytes : new Uint8Array(frame.bytes)
  const { buffer, byteOffset, byteLength } = aligned
  const signed = frame.pixelRepresentation === 1
  if (pixels.sampleKind === 'float') return new Float32Array(buffer, byteOffset, byteLength >> 2)
  if (pixels.sampleKind === 'double') return new Float64Array(buffer, byteOffset, byteLength >> 3)
  if (frame.bitsAllocated === 32) {
    return signed
      ? new Int32Array(buffer, byteOffset, byteLength >> 2)
      : new Uint32Array(buffer, byteOffset, byteLength >> 2)
  }
  if (frame.bitsAllocated === 16) {
    const values = signed
      ? new Int16Array(buffer, byteOffset, byteLength >> 1)
      : new Uint16Array(buffer, byteOffset, byteLength >> 1)
    return pixels.bitsStored < 16 ? masked(values, pixels, 16) : values
  }
  // Not the frame itself: it may be a Buffer, whose slice() shares its memory.
  const values = signed
    ? new Int8Array(buffer, byteOffset, byteLength)
    : new Uint8Array(buffer, byteOffset, byteLength)
  return pixels.bitsStored < 8 && pixels.bitsAllocated === 8 ? masked(values, pixels, 8) : values
}

/** Only the bits from `highBit` down, with the sign carried up (PS3.5 8.1.1). */
function masked<T extends Uint8Array | Int8Array | Uint16Array | Int16Array>(
  values: T,
  pixels: PixelDescription,
  bits: number,
): T {
  const up = 31 - Math.min(pixels.highBit, bits - 1)
  const down = 32 - pixels.bitsStored
  const out = values.slice() as T
  if (pixels.pixelRepresentation === 1) {
    for (let index = 0; index < out.length; index++) out[index] = ((out[index] ?? 0) << up) >> down
  } else {
    for (let index = 0; index < out.length; index++) out[index] = ((out[index] ?? 0) << up) >>> down
  }
  return out
}
