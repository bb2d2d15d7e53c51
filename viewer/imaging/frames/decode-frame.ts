import { codestreamFault, codestreamSize, isPlanarJpegLs } from '../../../core/dicom/codestream-size.ts'
import { decodeRle } from '../../../core/dicom/decode-rle.ts'
import type { DecodedFrame } from '../../../core/dicom/decoded-frame.ts'
import { toRgb } from '../../../core/dicom/frame-colour.ts'
import { samplesOf } from '../../../core/dicom/frame-samples.ts'
import { bitPlane, embeddedOverlays } from '../../../core/dicom/overlay-planes.ts'
import { usesColourTransform } from '../../../core/dicom/htj2k.ts'
import { linesFromOpenJph } from '../../../core/dicom/openjph-lines.ts'
import { interleave, nativeFrame, storedFrame } from '../../../core/dicom/native-frame.ts'
import type { PixelDescription } from '../../../core/dicom/pixel-description.ts'
import { PixelsUnreadable } from '../../../core/dicom/pixels-unreadable.ts'
import { EXPLICIT_VR_BIG_ENDIAN } from '../../../core/dicom/transfer-syntax.ts'
import { inSrgb, type ProfileUse } from './colour-profile.ts'
import { measure, type MeasuredFrame } from './measure.ts'
import { charls, jpegLossless, jpegTurbo, openJpeg, openJph, type CodestreamSamples } from './codecs.ts'
import { isNative, RLE_LOSSLESS, type Codestream } from './decoded-here.ts'

/** An overlay that was in unused bits of the samples: the whole image, one bit a pixel. */
export interface Drawing {
  readonly group: string
  readonly bits: Uint8Array
}

/** What a grey frame measures, or a colour frame as opaque RGBA. */
export type DecodedPixels =
  | {
      readonly kind: 'gray'
      readonly measured: MeasuredFrame
      readonly drawings: readonly Drawing[]
    }
  | {
      readonly kind: 'colour'
      readonly rgba: Uint8ClampedArray<ArrayBuffer>
      readonly profile: ProfileUse
    }

type Decode = (bytes: Uint8Array, pixels: PixelDescription) => Promise<CodestreamSamples>

interface Decoding {
  readonly decode: Decode
  /** What comes out is RGB where the file says YBR: the conversion is the codestream's own. */
  readonly converts: boolean
}

const JPEG_LS: Decoding = { decode: charls.decode, converts: false }
const J2K: Decoding = { decode: openJpeg.decode, converts: true }
const HTJ2K: Decoding = { decode: openJph.decode, converts: true }
const LOSSLESS_JPEG: Decoding = {
  decode: (bytes, { bitsAllocated }) => jpegLossless(bytes, bitsAllocated > 8 ? 2 : 1),
  converts: false,
}
const LOSSY_JPEG: Decoding = { decode: jpegTurbo.decode, converts: true }

const DECODINGS: Readonly<Record<Codestream, (bytes: Uint8Array, pixels: PixelDescription) => Decoding>> = {
  '1.2.840.10008.1.2.4.50': jpeg,
  '1.2.840.10008.1.2.4.51': jpeg,
  '1.2.840.10008.1.2.4.57': jpeg,
  '1.2.840.10008.1.2.4.70': jpeg,
  '1.2.840.10008.1.2.4.80': () => JPEG_LS,
  '1.2.840.10008.1.2.4.81': () => JPEG_LS,
  '1.2.840.10008.1.2.4.90': () => J2K,
  '1.2.840.10008.1.2.4.91': () => J2K,
  '1.2.840.10008.1.2.4.201': () => HTJ2K,
  '1.2.840.10008.1.2.4.202': () => HTJ2K,
  '1.2.840.10008.1.2.4.203': () => HTJ2K,
}

/** Files that say lossless and are baseline are about: the codestream knows. Source: ITU-T T.81 table B.1. */
function jpeg(bytes: Uint8Array, { samplesPerPixel, photometricInterpretation }: PixelDescription): Decoding {
  const { jpegFrame, precision = 0 } = codestreamSize(bytes) ?? {}
  if (jpegFrame === 0xc3) return LOSSLESS_JPEG
  // The decoder guesses the colours from the markers, and without any guesses YBR.
  const guessed = samplesPerPixel > 1 && !photometricInterpretation.startsWith('YBR')
  if ((jpegFrame === 0xc0 || jpegFrame === 0xc1) && precision === 8 && !guessed) return LOSSY_JPEG
  throw new PixelsUnreadable('its JPEG process is not decoded here')
}

/**
 * Decodes a frame as it came. Errors: PixelsUnreadable, or the codec's own.
 *
 * @param profile the ICC profile of its colours
 */
export async function decodePixels(
  bytes: Uint8Array,
  transferSyntaxUid: string,
  pixels: PixelDescription,
  profile?: Uint8Array,
): Promise<DecodedPixels> {
  const frame = await decodeFrame(bytes, transferSyntaxUid, pixels)
  const isColour = pixels.samplesPerPixel > 1 || frame.photometricInterpretation === 'PALETTE COLOR'
  const count = pixels.rows * pixels.columns
  if (isColour) {
    const rgb = toRgb(frame, pixels)
    if (rgb === undefined) throw new PixelsUnreadable('its palette is missing')
    if (rgb.length < count * 3) throw new PixelsUnreadable('the frame is too short')
    const converted = profile === undefined ? undefined : await inSrgb(rgb.subarray(0, count * 3), profile)
    const use = profile === undefined ? 'none' : converted === undefined ? 'refused' : 'applied'
    return { kind: 'colour', rgba: opaque(converted ?? rgb, count), profile: use }
  }
  const stored = samplesOf(frame, pixels)
  if (stored.length < count) throw new PixelsUnreadable('the frame is too short')
  const drawings = embeddedOverlays(pixels).map(({ group, bit }) => ({
    group,
    bits: bitPlane(frame.bytes.subarray(0, (count * frame.bitsAllocated) / 8), frame.bitsAllocated / 8, bit),
  }))
  return { kind: 'gray', measured: measure(stored, pixels), drawings }
}

/** The stored values of a frame. Errors: as `decodePixels`. */
export async function decodeFrame(
  bytes: Uint8Array,
  transferSyntaxUid: string,
  pixels: PixelDescription,
): Promise<DecodedFrame> {
  if (isNative(transferSyntaxUid)) {
    const frame = nativeFrame(bytes, transferSyntaxUid === EXPLICIT_VR_BIG_ENDIAN, pixels)
    if (frame === undefined) throw new PixelsUnreadable('nearly all of it is missing')
    return storedFrame(frame, pixels)
  }
  if (transferSyntaxUid === RLE_LOSSLESS) return storedFrame(decodeRle(bytes, pixels), pixels)
  const decoding = (DECODINGS as Partial<Record<string, (typeof DECODINGS)[Codestream]>>)[transferSyntaxUid]
  if (decoding === undefined) throw new PixelsUnreadable('its transfer syntax is not decoded here')
  const fault = codestreamFault(bytes, pixels)
  if (fault !== undefined) throw new PixelsUnreadable(fault)
  return fromCodestream(bytes, decoding(bytes, pixels), pixels)
}

async function fromCodestream(
  bytes: Uint8Array,
  { decode, converts }: Decoding,
  pixels: PixelDescription,
): Promise<DecodedFrame> {
  const samples = asAllocated(await decode(bytes, pixels), pixels.bitsAllocated)
  const size = (pixels.rows * pixels.columns * pixels.samplesPerPixel * pixels.bitsAllocated) / 8
  if (samples.length < size) throw new PixelsUnreadable('the frame is too short')
  const whole = samples.subarray(0, size)
  const isColour = pixels.samplesPerPixel > 1
  if (isColour && decode === openJph.decode && !usesColourTransform(bytes)) {
    const bytesPerSample = pixels.bitsAllocated === 8 ? 1 : 2
    // Nothing was transformed, so nothing was transformed back: its colours are those that are stored.
    return storedFrame(
      linesFromOpenJph(whole, { ...pixels, components: pixels.samplesPerPixel, bytesPerSample }),
      pixels,
    )
  }
  const planar = isColour && decode === charls.decode && isPlanarJpegLs(bytes)
  return {
    ...storedFrame(
      planar ? interleave(whole, pixels.samplesPerPixel, pixels.bitsAllocated / 8) : whole,
      pixels,
    ),
    photometricInterpretation: converts && isColour ? 'RGB' : pixels.photometricInterpretation,
  }
}

/** A codec's samples are as wide as they need; the description says how wide they are stored. */
function asAllocated(
  { bytes, bytesPerSample, signed }: CodestreamSamples,
  bitsAllocated: number,
): Uint8Array {
  if (bitsAllocated === bytesPerSample * 8) return bytes
  if (bytesPerSample === 2) throw new PixelsUnreadable('its samples are deeper than the instance allows')
  const wide = signed
    ? Int16Array.from(new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length))
    : Uint16Array.from(bytes)
  return new Uint8Array(wide.buffer)
}

function opaque(rgb: Uint8Array, count: number): Uint8ClampedArray<ArrayBuffer> {
  const out = new Uint8ClampedArray(count * 4)
  for (let pixel = 0, from = 0, to = 0; pixel < count; pixel++) {
    out[to++] = rgb[from++] ?? 0
    out[to++] = rgb[from++] ?? 0
    out[to++] = rgb[from++] ?? 0
    out[to++] = 255
  }
  return out
}
