import { asciiText } from '../dicom/character-set.ts'
import type { DecodedFrame } from '../dicom/decoded-frame.ts'
import { bitsPerFrame, type PixelLayout } from '../dicom/describe-pixels.ts'
import type { Encoding } from '../dicom/element-head.ts'
import { swapBytes } from '../dicom/element-json.ts'
import { GatheredBytes } from '../dicom/gathered-bytes.ts'
import { EXPLICIT_VR_LITTLE_ENDIAN, transferSyntax } from '../dicom/transfer-syntax.ts'
import { isYunyingError } from '../errors.ts'
import { blackOf, blackOutFrame, darkestIndex, type Rectangle } from './blackout.ts'
import type { RawElement } from './elements.ts'
import type { InstanceSource } from './instance-source.ts'
import { DeidentificationRefused } from './refused.ts'
import { textElement } from './write-elements.ts'

const EXPLICIT_LITTLE: Encoding = { implicit: false, bigEndian: false }

interface BlackPixels {
  readonly elements: readonly RawElement[]
  readonly transferSyntaxUid: string
  readonly encoding: Encoding
  readonly pixels: AsyncIterable<Uint8Array>
}

/**
 * The pixels with rectangles of every frame black: native ones changed in place, in the transfer syntax they came in; others
 * decoded and written as Explicit VR Little Endian. Errors: DeidentificationRefused 'pixels-not-writable', also while the
 * pixels pass, when a frame cannot be decoded.
 */
export async function blackPixels(
  source: InstanceSource,
  cleaned: readonly RawElement[],
  at: { rectangles: readonly Rectangle[]; encoding: Encoding; native: AsyncIterable<Uint8Array> },
): Promise<BlackPixels> {
  const { pixels, transferSyntaxUid } = source
  if (pixels === undefined) throw new DeidentificationRefused('pixels-not-writable')
  const index = darkestOf(cleaned, at.encoding.bigEndian)
  const elements = withImageType(cleaned)
  if (transferSyntax(transferSyntaxUid)?.encapsulated !== true)
    return {
      elements,
      transferSyntaxUid,
      encoding: at.encoding,
      pixels: blackenNative(at.native, pixels, at.rectangles, blackOf(pixels, index), at.encoding.bigEndian),
    }
  const { decode } = source
  if (decode === undefined) throw new DeidentificationRefused('pixels-not-writable')
  return decodedBlack(elements, pixels, at.rectangles, index, decode)
}

/** Frame by frame where frames begin on bytes; what is behind the last one too, for it may be one more. */
async function* blackenNative(
  native: AsyncIterable<Uint8Array>,
  pixels: PixelLayout,
  rectangles: readonly Rectangle[],
  black: readonly number[],
  bigEndian: boolean,
): AsyncGenerator<Uint8Array> {
  const bits = bitsPerFrame(pixels)
  const wordSize = bigEndian && pixels.bitsAllocated > 1 ? Math.max(2, pixels.bitsAllocated / 8) : 1
  const aligned = bits % 8 === 0 && (bits / 8) % wordSize === 0
  const gathered = new GatheredBytes()
  const blacken = (given: Uint8Array): Uint8Array => {
    const copy = wordSize > 1 ? swapBytes(given, wordSize) : new Uint8Array(given)
    const count = Math.max(1, Math.ceil((copy.length * 8) / bits))
    for (let frame = 0; frame < count; frame++) {
      if (bits % 8 === 0)
        blackOutFrame(copy.subarray((frame * bits) / 8, ((frame + 1) * bits) / 8), pixels, {
          rectangles,
          black,
        })
      else blackOutFrame(copy, pixels, { rectangles, black }, frame * bits)
    }
    return wordSize > 1 ? swapBytes(copy, wordSize) : copy
  }
  let isHead = true
  for await (const chunk of native) {
    if (isHead) {
      isHead = false
      yield chunk
      continue
    }
    gathered.add(chunk)
    if (!aligned || gathered.length < bits / 8) continue
    const whole = gathered.take()
    const ready = whole.length - (whole.length % (bits / 8))
    yield blacken(whole.subarray(0, ready))
    gathered.add(whole.subarray(ready))
  }
  if (gathered.length > 0) yield blacken(gathered.take())
}

/** What the first frame decodes to describes them all. */
async function decodedBlack(
  elements: readonly RawElement[],
  given: PixelLayout,
  rectangles: readonly Rectangle[],
  index: number,
  decode: NonNullable<InstanceSource['decode']>,
): Promise<BlackPixels> {
  const first = await decodeOr(decode, 1)
  const pixels: PixelLayout = {
    ...given,
    photometricInterpretation: first.photometricInterpretation,
    planarConfiguration: 0,
    bitsAllocated: first.bitsAllocated,
    bitsStored: Math.min(given.bitsStored, first.bitsAllocated),
    pixelRepresentation: first.pixelRepresentation,
  }
  const black = { rectangles, black: blackOf(pixels, index) }
  const frameLength = bitsPerFrame(pixels) / 8
  const length = frameLength * given.numberOfFrames
  return {
    elements: describedAs(elements, pixels),
    transferSyntaxUid: EXPLICIT_VR_LITTLE_ENDIAN,
    encoding: EXPLICIT_LITTLE,
    pixels: (async function* () {
      const vr = pixels.bitsAllocated > 8 ? 'OW' : 'OB'
      yield pixelHead(vr, length + (length % 2))
      for (let frameNumber = 1; frameNumber <= given.numberOfFrames; frameNumber++) {
        const { bytes } = frameNumber === 1 ? first : await decodeOr(decode, frameNumber)
        const frame = new Uint8Array(frameLength)
        frame.set(bytes.subarray(0, frameLength))
        blackOutFrame(frame, pixels, black)
        yield frame
      }
      if (length % 2 === 1) yield new Uint8Array(1)
    })(),
  }
}

async function decodeOr(
  decode: NonNullable<InstanceSource['decode']>,
  frameNumber: number,
): Promise<DecodedFrame> {
  try {
    return await decode(frameNumber)
  } catch (error) {
    if (isYunyingError(error) && (error.kind === 'unsupported' || error.kind === 'invalid'))
      throw new DeidentificationRefused('pixels-not-writable')
    throw error
  }
}

/** PS3.5 7.1.2. */
function pixelHead(vr: string, length: number): Uint8Array {
  const head = new DataView(new ArrayBuffer(12))
  head.setUint16(0, 0x7fe0, true)
  head.setUint16(2, 0x0010, true)
  head.setUint8(4, vr.charCodeAt(0))
  head.setUint8(5, vr.charCodeAt(1))
  head.setUint32(8, length, true)
  return new Uint8Array(head.buffer)
}

/** Offset tables of fragments that are no more, and descriptions of what was before. */
const REPLACED = new Set(['7FE00001', '7FE00002', '7FE00003', '00280004', '00280006', '00280100', '00280103'])

function describedAs(elements: readonly RawElement[], pixels: PixelLayout): RawElement[] {
  return [
    ...elements.filter(({ tag }) => !REPLACED.has(tag)),
    textElement('00280004', 'CS', pixels.photometricInterpretation),
    ...(pixels.samplesPerPixel > 1 ? [numberElement('00280006', 0)] : []),
    numberElement('00280100', pixels.bitsAllocated),
    numberElement('00280103', pixels.pixelRepresentation),
  ]
}

const numberElement = (tag: string, value: number): RawElement => ({
  tag,
  vr: 'US',
  writtenVr: 'US',
  value: Uint8Array.of(value & 0xff, value >> 8),
})

/** Its pixels are no longer those that were acquired (PS3.3 C.7.6.1.1.2). */
const withImageType = (elements: readonly RawElement[]): RawElement[] =>
  elements.map((element) => {
    if (element.tag !== '00080008') return element
    const [, ...rest] = asciiText(element.value, 0, element.value.length).trim().split('\\')
    return textElement('00080008', 'CS', ['DERIVED', ...rest].join('\\'))
  })

function darkestOf(elements: readonly RawElement[], bigEndian: boolean): number {
  const value = (tag: string): Uint8Array | undefined => elements.find((each) => each.tag === tag)?.value
  const descriptor = value('00281101')
  if (descriptor === undefined || descriptor.length < 6 || bigEndian) return 0
  const first = new DataView(descriptor.buffer, descriptor.byteOffset, descriptor.byteLength).getUint16(
    2,
    true,
  )
  return darkestIndex([value('00281201'), value('00281202'), value('00281203')], first)
}
