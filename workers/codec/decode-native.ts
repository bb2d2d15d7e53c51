import { nativeFrame, storedFrame } from '../../core/dicom/native-frame.ts'
import type { PixelDescription } from '../../core/dicom/pixel-description.ts'
import { EXPLICIT_VR_BIG_ENDIAN, transferSyntax } from '../../core/dicom/transfer-syntax.ts'
import type { DecodedFrame, FrameSource } from '../../core/ports/frame-codec.ts'
import { pixelFault } from './pixel-fault.ts'

const ENCAPSULATED_UNCOMPRESSED = '1.2.840.10008.1.2.1.98'

/** Whether frames are stored as they are, not compressed. */
export const isNative = (transferSyntaxUid: string): boolean =>
  transferSyntax(transferSyntaxUid)?.encapsulated === false || transferSyntaxUid === ENCAPSULATED_UNCOMPRESSED

/** The frame, when it is native and of at most `largest` bytes decoded: there is only the order of bytes to mind. */
export function decodeNativeFrame(
  { bytes, transferSyntaxUid, pixels }: FrameSource,
  largest: number,
): DecodedFrame | undefined {
  if (!isNative(transferSyntaxUid) || decodedSize(pixels) > largest) return undefined
  return storedFrame(decodeNative(bytes, transferSyntaxUid, pixels), pixels)
}

/** Bytes of the decoded frame, all samples of each pixel told. */
export const decodedSize = (pixels: PixelDescription): number =>
  pixels.rows * pixels.columns * pixels.samplesPerPixel * Math.max(1, pixels.bitsAllocated / 8)

/** Stored values of a native frame. Errors: 'pixel-data-invalid' when it is all but missing. */
export function decodeNative(
  bytes: Uint8Array,
  transferSyntaxUid: string,
  pixels: PixelDescription,
): Uint8Array {
  const frame = nativeFrame(bytes, transferSyntaxUid === EXPLICIT_VR_BIG_ENDIAN, pixels)
  if (frame === undefined) throw pixelFault('nearly all of it is missing')
  return frame
}
