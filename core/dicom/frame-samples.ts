import type { DecodedFrame } from './decoded-frame.ts'
import type { PixelDescription } from './pixel-description.ts'

export type Samples =
  Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | Float32Array | Float64Array

/** The stored values as numbers; bits above `bitsStored` (overlays in old images) are masked off. */
export function samplesOf(frame: DecodedFrame, pixels: PixelDescription): Samples {
  const samples = unmaskedSamplesOf(frame, pixels)
  const bits = storedBitsOf(frame, pixels)
  return bits?.isMasked === true ? masked(samples as SmallSamples, bits) : samples
}

/** The same with the bits above, as they lie: nothing is copied. */
export function unmaskedSamplesOf(frame: DecodedFrame, pixels: PixelDescription): Samples {
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
    return signed
      ? new Int16Array(buffer, byteOffset, byteLength >> 1)
      : new Uint16Array(buffer, byteOffset, byteLength >> 1)
  }
  return signed
    ? new Int8Array(buffer, byteOffset, byteLength)
    : new Uint8Array(buffer, byteOffset, byteLength)
}

/** Of at most 16 bits. */
export type SmallSamples = Uint8Array | Int8Array | Uint16Array | Int16Array

/** Which bits of a sample of at most 16 bits are the stored value: from `highBit` down (PS3.5 8.1.1). */
export interface StoredBits {
  /** Below them. */
  readonly shift: number
  readonly count: number
  readonly signed: boolean
  /** Whether there are others. */
  readonly isMasked: boolean
}

/** Undefined for larger samples. */
export function storedBitsOf(frame: DecodedFrame, pixels: PixelDescription): StoredBits | undefined {
  if (pixels.sampleKind !== 'integer' || frame.bitsAllocated === 32) return undefined
  const bits = frame.bitsAllocated === 16 ? 16 : 8
  const isMasked = pixels.bitsStored < bits && (bits === 16 || pixels.bitsAllocated === bits)
  if (!isMasked) return { shift: 0, count: bits, signed: frame.pixelRepresentation === 1, isMasked }
  return {
    shift: Math.max(0, Math.min(pixels.highBit, bits - 1) + 1 - pixels.bitsStored),
    count: pixels.bitsStored,
    signed: pixels.pixelRepresentation === 1,
    isMasked,
  }
}

/** Not the frame itself: it may be a Buffer, whose slice() shares its memory. */
function masked(values: SmallSamples, { shift, count, signed }: StoredBits): SmallSamples {
  const out = values.slice()
  const down = 32 - count
  const up = down - shift
  if (signed) {
    for (let index = 0; index < out.length; index++) out[index] = ((out[index] ?? 0) << up) >> down
  } else {
    for (let index = 0; index < out.length; index++) out[index] = ((out[index] ?? 0) << up) >>> down
  }
  return out
}
