import openJph, { type FrameInfo, type OpenJphModule } from '@cornerstonejs/codec-openjph'
import type { EncodedFrame } from '../../core/dicom/encoded-frame.ts'
import type { DecodedFrame } from '../../core/dicom/decoded-frame.ts'
import { unmaskedSamplesOf, type SmallSamples } from '../../core/dicom/frame-samples.ts'
import type { PixelDescription } from '../../core/dicom/pixel-description.ts'
import { linesForOpenJph, linesFromOpenJph, type Interleaved } from '../../core/dicom/openjph-lines.ts'
import { renditionRefusal, type RenditionRefusal } from '../../core/dicom/rendition-refusal.ts'
import { resolutionEnds } from '../../core/dicom/resolution-ends.ts'
import { YunyingError } from '../../core/errors.ts'
import type { FrameSource } from '../../core/ports/frame-codec.ts'
import { decodeFrame } from './decode.ts'
import { rangeOf } from './look-up.ts'
import { pixelFault } from './pixel-fault.ts'

const RPCL = 2
const BLOCK = { width: 64, height: 64 }
const LEAST_LEVELS = 5
/** PS3.5 10.18: the width or height of the coarsest resolution of HTJ2K RPCL is no more than this. Pixels. */
const COARSEST = 64

export type Htj2kEncoder = (source: FrameSource) => Promise<EncodedFrame>

/**
 * An encoder of single frames: a lossless HTJ2K codestream, resolutions first (RPCL, 64×64 blocks, TLM, a tile-part a
 * resolution), decoded again and compared before it is answered. It keeps memory of the size of the largest frame it met:
 * one a thread. Errors of a frame: kind 'unsupported' code 'rendition-refused' when it cannot be done without loss; kind
 * 'invalid' code 'pixel-data-invalid'.
 */
export function createHtj2kEncoder(): Htj2kEncoder {
  let opened: Promise<OpenJphModule> | undefined
  const silent = (): void => undefined
  return async (source) => {
    const { pixels } = source
    const refusal = renditionRefusal(source.transferSyntaxUid, pixels)
    if (refusal !== undefined) throw refused(refusal)
    const frame = await decodeFrame(source)
    opened ??= openJph({ print: silent, printErr: silent })
    const openjph = await opened
    let bytes: Uint8Array
    let again: Uint8Array
    try {
      const info = frameInfo(frame, pixels)
      bytes = compress(openjph, frame.bytes, info)
      again = decompress(openjph, bytes, info)
    } catch (error) {
      // What a fault left in its memory may spoil the next frame: it starts afresh.
      opened = undefined
      throw pixelFault('the encoder refused it', error)
    }
    const ends = resolutionEnds(bytes)
    if (ends === undefined || Buffer.compare(again, frame.bytes) !== 0) {
      throw pixelFault('the encoder did not keep every value')
    }
    return { bytes, resolutionEnds: ends }
  }
}

function frameInfo(frame: DecodedFrame, pixels: PixelDescription): FrameInfo {
  return {
    width: pixels.columns,
    height: pixels.rows,
    componentCount: pixels.samplesPerPixel,
    bitsPerSample: precisionOf(frame, pixels),
    isSigned: pixels.pixelRepresentation === 1,
    // The reversible colour transform is of RGB; other colours stay as they are.
    isUsingColorTransform: pixels.samplesPerPixel === 3 && frame.photometricInterpretation === 'RGB',
  }
}

function compress(openjph: OpenJphModule, samples: Uint8Array, info: FrameInfo): Uint8Array {
  const encoder = new openjph.HTJ2KEncoder()
  try {
    encoder
      .getDecodedBuffer(info)
      .set(areLinesMoved(info) ? linesForOpenJph(samples, linesOf(info)) : samples)
    encoder.setQuality(true, 0)
    encoder.setDecompositions(levelsOf(info))
    encoder.setProgressionOrder(RPCL)
    encoder.setBlockDimensions(BLOCK)
    encoder.setTLMMarker(true)
    encoder.setTilePartDivisionsAtResolutions(true)
    encoder.encode()
    return new Uint8Array(encoder.getEncodedBuffer())
  } finally {
    encoder.delete()
  }
}

/** All samples of a codestream, little endian. */
function decompress(openjph: OpenJphModule, codestream: Uint8Array, info: FrameInfo): Uint8Array {
  const decoder = new openjph.HTJ2KDecoder()
  try {
    decoder.getEncodedBuffer(codestream.length).set(codestream)
    decoder.readHeader()
    decoder.decode()
    const samples = new Uint8Array(decoder.getDecodedBuffer())
    return areLinesMoved(info) ? linesFromOpenJph(samples, linesOf(info)) : samples
  } finally {
    decoder.delete()
  }
}

const areLinesMoved = (info: FrameInfo): boolean => info.componentCount > 1 && !info.isUsingColorTransform

const linesOf = (info: FrameInfo): Interleaved => ({
  rows: info.height,
  columns: info.width,
  components: info.componentCount,
  bytesPerSample: info.bitsPerSample > 8 ? 2 : 1,
})

/**
 * Halvings until the image is a thumbnail, but never of a single row or column: some decoders do not survive empty
 * subbands.
 */
function levelsOf({ width, height }: FrameInfo): number {
  const wanted = Math.max(LEAST_LEVELS, Math.ceil(Math.log2(Math.max(width, height) / COARSEST)))
  return Math.min(wanted, Math.floor(Math.log2(Math.min(width, height))))
}

/**
 * Bits a sample in the codestream: Bits Stored, where no sample uses more (old images keep overlays above it, and padding
 * may lie outside). Samples of two bytes have more than 8, so that they come out as two bytes.
 */
function precisionOf(frame: DecodedFrame, pixels: PixelDescription): number {
  const { bitsAllocated, bitsStored } = pixels
  const bits = bitsAllocated === 16 ? Math.max(bitsStored, 9) : bitsStored
  if (bits === bitsAllocated) return bits
  const lowest = pixels.pixelRepresentation === 1 ? -(2 ** (bits - 1)) : 0
  const { least, most } = rangeOf(unmaskedSamplesOf(frame, pixels) as SmallSamples)
  return least < lowest || most >= lowest + 2 ** bits ? bitsAllocated : bits
}

const refused = (refusal: RenditionRefusal): YunyingError =>
  new YunyingError(
    'unsupported',
    'rendition-refused',
    `These pixels cannot be compressed again without loss (${refusal}).`,
  )
