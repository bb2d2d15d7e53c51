import { inflateRawSync } from 'node:zlib'
import { transferSyntax } from '../../core/dicom/transfer-syntax.ts'
import type { DecodedFrame, FrameSource } from '../../core/ports/frame-codec.ts'
import { decodeCompressed, isCompressed } from './decode-compressed.ts'
import { decodeNative } from './decode-native.ts'
import { decodeRle } from './decode-rle.ts'
import { pixelFault, syntaxUnsupported } from './pixel-fault.ts'

const RLE_LOSSLESS = '1.2.840.10008.1.2.5'
const DEFLATED_IMAGE_FRAME = '1.2.840.10008.1.2.8.1'
const ENCAPSULATED_UNCOMPRESSED = '1.2.840.10008.1.2.1.98'
/** More than any modality makes of one frame; whole-slide images come in tiles. Bytes. */
const LARGEST_FRAME = 512 << 20

/** The stored values of one frame. Errors: as FrameCodec.decode. */
export async function decodeFrame({ bytes, transferSyntaxUid, pixels }: FrameSource): Promise<DecodedFrame> {
  const size = pixels.rows * pixels.columns * pixels.samplesPerPixel * Math.max(1, pixels.bitsAllocated / 8)
  if (size > LARGEST_FRAME) throw pixelFault('the frame is too large')
  const plain = (frame: Uint8Array): DecodedFrame => ({
    bytes: frame,
    photometricInterpretation: pixels.photometricInterpretation,
    bitsAllocated: pixels.bitsAllocated === 1 ? 8 : pixels.bitsAllocated,
    pixelRepresentation: pixels.pixelRepresentation,
  })
  // Without compression there is only the order of bytes to mind.
  const native =
    transferSyntax(transferSyntaxUid)?.encapsulated === false ||
    transferSyntaxUid === ENCAPSULATED_UNCOMPRESSED
  if (native) return plain(decodeNative(bytes, transferSyntaxUid, pixels))
  if (transferSyntaxUid === RLE_LOSSLESS) return plain(decodeRle(bytes, pixels))
  if (transferSyntaxUid === DEFLATED_IMAGE_FRAME) {
    return plain(decodeNative(inflated(bytes, Math.ceil(size)), transferSyntaxUid, pixels))
  }
  if (!isCompressed(transferSyntaxUid)) throw syntaxUnsupported()
  return { ...plain(bytes), ...(await decodeCompressed(bytes, transferSyntaxUid, pixels)) }
}

function inflated(bytes: Uint8Array, size: number): Uint8Array {
  try {
    return inflateRawSync(bytes, { maxOutputLength: size + 1024 })
  } catch (error) {
    throw pixelFault('it cannot be inflated', error)
  }
}
