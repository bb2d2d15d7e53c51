import type { DecodedFrame } from '../dicom/decoded-frame.ts'
import type { PixelLayout } from '../dicom/describe-pixels.ts'
import { DicomFault } from '../dicom/dicom-fault.ts'
import type { Encoding } from '../dicom/element-head.ts'
import type { FrameIndex } from '../dicom/frame-index.ts'
import { inflateDataset } from '../dicom/inflating.ts'
import { locateDataset } from '../dicom/locate-dataset.ts'
import { findPixels, readRawElements, type RawElement } from './elements.ts'

/** A received instance, and what scanning it told. */
export interface InstanceSource {
  readonly transferSyntaxUid: string
  /** Bytes. */
  readonly size: number
  /** All elements that are not Pixel Data lie before. */
  readonly headerEnd: number
  readonly frames: FrameIndex
  readonly pixels?: PixelLayout | undefined
  read(offset: number, length: number): Promise<Uint8Array>
  stream(offset: number, length: number): AsyncIterable<Uint8Array>
  /** One frame decoded (FrameCodec.decode); needed to black out what is not native. `frameNumber` is 1-based. */
  decode?(frameNumber: number): Promise<DecodedFrame>
}

export interface OpenedDataset {
  /** In the order of their tags but for Pixel Data; what lies behind it too, where that can be read. */
  readonly elements: readonly RawElement[]
  readonly encoding: Encoding
  readonly deflated: boolean
  /** The inflated data set, where it was. */
  readonly inflated: Uint8Array | undefined
  /** The Pixel Data element, its head first; nothing where there is none. */
  pixels(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>
}

/** Errors: DicomFault. */
export async function openSource(source: InstanceSource): Promise<OpenedDataset> {
  const bytes = await source.read(0, source.headerEnd)
  if (bytes.length < source.headerEnd) throw new DicomFault('truncated', 'The instance ends in its header.')
  const located = locateDataset(bytes, true)
  if (located === undefined) throw new DicomFault('not-dicom', 'This is not DICOM.')
  const { encoding, deflated } = located
  const inflated = deflated ? inflateDataset(bytes.subarray(located.datasetOffset)) : undefined
  const whole = inflated ?? bytes
  const view = new DataView(whole.buffer, whole.byteOffset, whole.byteLength)
  const start = deflated ? 0 : located.datasetOffset
  const found = findPixels(view, start, whole.length, encoding)
  const before = readRawElements(view, start, found?.start ?? whole.length, encoding)
  if (found === undefined) {
    const rest = source.size - source.headerEnd
    return {
      elements: before,
      encoding,
      deflated,
      inflated,
      pixels: () => (rest > 0 && source.frames.kind !== 'none' ? source.stream(source.headerEnd, rest) : []),
    }
  }
  const known = new Set(before.map(({ tag }) => tag))
  const behind = readBehind(view, found.end, encoding).filter(({ tag }) => !known.has(tag))
  const elements = [...before, ...behind]
  return { elements, encoding, deflated, inflated, pixels: () => [whole.subarray(found.start, found.end)] }
}

/** Behind Pixel Data many senders leave padding or worse. */
function readBehind(view: DataView, start: number, encoding: Encoding): RawElement[] {
  try {
    return readRawElements(view, start, view.byteLength, encoding)
  } catch (error) {
    if (error instanceof DicomFault) return []
    throw error
  }
}
