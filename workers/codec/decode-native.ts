import { bitsPerFrame } from '../../core/dicom/describe-pixels.ts'
import type { PixelDescription } from '../../core/dicom/pixel-description.ts'
import { EXPLICIT_VR_BIG_ENDIAN, transferSyntax } from '../../core/dicom/transfer-syntax.ts'
import type { DecodedFrame, FrameSource } from '../../core/ports/frame-codec.ts'
import { pixelFault } from './pixel-fault.ts'

const ENCAPSULATED_UNCOMPRESSED = '1.2.840.10008.1.2.1.98'
/** A frame cut short is filled up, but not out of nothing: from here on a sixteenth of it must be there. Bytes. */
const LARGEST_FILLED = 64 << 20

/** The frame, when it is native and of at most `largest` bytes decoded: there is only the order of bytes to mind. */
export function decodeNativeFrame(
  { bytes, transferSyntaxUid, pixels }: FrameSource,
  largest: number,
): DecodedFrame | undefined {
  const native =
    transferSyntax(transferSyntaxUid)?.encapsulated === false ||
    transferSyntaxUid === ENCAPSULATED_UNCOMPRESSED
  if (!native || decodedSize(pixels) > largest) return undefined
  return storedFrame(decodeNative(bytes, transferSyntaxUid, pixels), pixels)
}

/** Bytes of the decoded frame, all samples of each pixel told. */
export const decodedSize = (pixels: PixelDescription): number =>
  pixels.rows * pixels.columns * pixels.samplesPerPixel * Math.max(1, pixels.bitsAllocated / 8)

/** Decoded bytes with what describes them, in the colours they are stored in. */
export const storedFrame = (bytes: Uint8Array, pixels: PixelDescription): DecodedFrame => ({
  bytes,
  photometricInterpretation: pixels.photometricInterpretation,
  bitsAllocated: pixels.bitsAllocated === 1 ? 8 : pixels.bitsAllocated,
  pixelRepresentation: pixels.pixelRepresentation,
})

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
  if (bits / 8 > LARGEST_FILLED && bytes.length * 16 < bits / 8)
    throw pixelFault('nearly all of it is missing')
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
