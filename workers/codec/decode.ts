import { inflateRawSync } from 'node:zlib'
import { decodeRle } from '../../core/dicom/decode-rle.ts'
import { storedFrame } from '../../core/dicom/native-frame.ts'
import { PixelsUnreadable } from '../../core/dicom/pixels-unreadable.ts'
import type { DecodedFrame, FrameSource } from '../../core/ports/frame-codec.ts'
import { decodeCompressed, isCompressed } from './decode-compressed.ts'
import { decodedSize, decodeNative, decodeNativeFrame } from './decode-native.ts'
import { pixelFault, syntaxUnsupported } from './pixel-fault.ts'

const RLE_LOSSLESS = '1.2.840.10008.1.2.5'
const DEFLATED_IMAGE_FRAME = '1.2.840.10008.1.2.8.1'
/** More than any modality makes of one frame; whole-slide images come in tiles. Bytes. */
const LARGEST_FRAME = 512 << 20

/** The stored values of one frame. Errors: as FrameCodec.decode. */
export async function decodeFrame(source: FrameSource): Promise<DecodedFrame> {
  const { bytes, transferSyntaxUid, pixels } = source
  const size = decodedSize(pixels)
  if (size > LARGEST_FRAME) throw pixelFault('the frame is too large')
  const native = decodeNativeFrame(source, LARGEST_FRAME)
  if (native !== undefined) return native
  if (transferSyntaxUid === RLE_LOSSLESS) return storedFrame(runLengths(source), pixels)
  if (transferSyntaxUid === DEFLATED_IMAGE_FRAME) {
    const frame = inflated(bytes, Math.ceil(size))
    return storedFrame(decodeNative(frame, transferSyntaxUid, pixels), pixels)
  }
  if (!isCompressed(transferSyntaxUid)) throw syntaxUnsupported()
  return { ...storedFrame(bytes, pixels), ...(await decodeCompressed(bytes, transferSyntaxUid, pixels)) }
}

function runLengths({ bytes, pixels }: FrameSource): Uint8Array {
  try {
    return decodeRle(bytes, pixels)
  } catch (error) {
    if (error instanceof PixelsUnreadable) throw pixelFault(error.message)
    throw error
  }
}

function inflated(bytes: Uint8Array, size: number): Uint8Array {
  try {
    return inflateRawSync(bytes, { maxOutputLength: size + 1024 })
  } catch (error) {
    throw pixelFault('it cannot be inflated', error)
  }
}
