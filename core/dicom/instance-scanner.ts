import { DatasetScanner, type ScannedDataset } from './dataset-scanner.ts'
import { bitsPerFrame, describePixels, type PixelLayout } from './describe-pixels.ts'
import { DicomFault } from './dicom-fault.ts'
import { firstNumber, firstString, type DicomJson } from './dicom-json.ts'
import { groupFragments } from './fragments.ts'
import type { FrameIndex } from './frame-index.ts'
import { GatheredBytes } from './gathered-bytes.ts'
import { createInflating } from './inflating.ts'
import { locateDataset, type LocatedDataset } from './locate-dataset.ts'
import { Tag } from './tag.ts'
import { isUsableUid, isValidUid } from './uid.ts'

const MEDIA_STORAGE_DIRECTORY = '1.2.840.10008.1.3.10'
/** A file without Pixel Data may stop anywhere behind its last element; nothing is decided on fewer bytes than these. */
const LARGEST_START = 2 << 20

/** What was learnt of an instance while its bytes passed by. */
export interface ScannedInstance {
  readonly identity: {
    readonly studyInstanceUid: string
    readonly seriesInstanceUid: string
    readonly sopInstanceUid: string
    readonly sopClassUid: string
  }
  readonly transferSyntaxUid: string
  /** The attributes of core/dicom/indexed-tags.ts that are there. */
  readonly header: DicomJson
  readonly datasetOffset: number
  /** All metadata lies before this offset. */
  readonly headerEnd: number
  readonly hasPreamble: boolean
  readonly hasMeta: boolean
  readonly frames: FrameIndex
  readonly pixels?: PixelLayout
  /** Bytes. */
  readonly size: number
  /** What was read leniently (docs/decisions/0002-leniency.md). */
  readonly warnings: readonly string[]
}

/**
 * Scans an instance as its bytes pass by, in pieces of any size; holds a bounded part of the header only.
 * `write` and `end` throw DicomFault as soon as the bytes cannot be an instance that can be kept.
 */
export class InstanceScanner {
  #size = 0
  readonly #start = new GatheredBytes()
  /** Not worth looking for the data set in fewer bytes. */
  #wanted = 1
  #located: LocatedDataset | undefined
  #dataset: DatasetScanner | undefined
  #inflating: { write(chunk: Uint8Array): void; end(): void } | undefined

  write(chunk: Uint8Array): void {
    this.#size += chunk.length
    if (this.#located !== undefined) return this.#pass(chunk)
    this.#start.add(chunk)
    if (this.#start.length >= this.#wanted) this.#locate(false)
  }

  /** It has kept what it was given, not a copy, and is not done with it. */
  get holdsChunks(): boolean {
    return this.#dataset === undefined || this.#inflating !== undefined || this.#dataset.holdsChunks
  }

  /** Where Pixel Data begins, once it was reached; undefined for a deflated data set, whose bytes lie otherwise. Bytes. */
  get headerEnd(): number | undefined {
    return this.#inflating === undefined ? this.#dataset?.headerEnd : undefined
  }

  end(): ScannedInstance {
    if (this.#size === 0) throw new DicomFault('empty', 'There are no bytes.')
    if (this.#located === undefined) this.#locate(true)
    this.#inflating?.end()
    if (this.#dataset === undefined || this.#located === undefined)
      throw new DicomFault('not-dicom', 'This is not DICOM.')
    return describe(this.#located, this.#dataset.end(), this.#size)
  }

  #locate(complete: boolean): void {
    const start = this.#start.take()
    const located = locateDataset(start, complete)
    if (located === undefined) {
      if (start.length > LARGEST_START) throw notDicom()
      this.#start.add(start)
      this.#wanted = start.length * 2
      return
    }
    if (located.mediaStorageSopClassUid === MEDIA_STORAGE_DIRECTORY) {
      throw new DicomFault('dicomdir', 'This is a directory of a DICOM medium, not an instance.')
    }
    this.#located = located
    // Offsets of a deflated data set count within the inflated bytes.
    const dataset = new DatasetScanner(located.encoding, located.deflated ? 0 : located.datasetOffset)
    this.#dataset = dataset
    if (located.deflated) this.#inflating = createInflating((bytes) => dataset.write(bytes))
    this.#pass(start.subarray(located.datasetOffset))
  }

  #pass(chunk: Uint8Array): void {
    if (this.#inflating !== undefined) this.#inflating.write(chunk)
    else this.#dataset?.write(chunk)
  }
}

const notDicom = (): DicomFault => new DicomFault('not-dicom', 'This is not DICOM.')

function describe(located: LocatedDataset, dataset: ScannedDataset, size: number): ScannedInstance {
  const warnings = [...located.warnings, ...(dataset.pixels?.warnings ?? [])]
  if (dataset.outOfOrder) warnings.push('tags-out-of-order')
  if (dataset.trailingBytes) warnings.push('trailing-bytes')
  const identity = identify(dataset.header, located, warnings)
  const pixels = dataset.pixelTag === undefined ? undefined : describePixels(dataset.header, dataset.pixelTag)
  const inner = indexFrames(dataset, pixels, warnings)
  return {
    identity,
    transferSyntaxUid: located.transferSyntaxUid,
    header: dataset.header,
    datasetOffset: located.datasetOffset,
    headerEnd: located.deflated || dataset.outOfOrder ? size : dataset.headerEnd,
    hasPreamble: located.hasPreamble,
    hasMeta: located.hasMeta,
    frames:
      located.deflated && inner.kind !== 'none'
        ? { kind: 'deflated', datasetOffset: located.datasetOffset, inner }
        : inner,
    ...(pixels === undefined ? {} : { pixels: { ...pixels, numberOfFrames: frameCount(inner) } }),
    size,
    warnings,
  }
}

function identify(
  header: DicomJson,
  located: LocatedDataset,
  warnings: string[],
): ScannedInstance['identity'] {
  const uid = (tag: string, keyword: string): string => {
    const value = firstString(header, tag)?.replace(/[\s\0]+/g, '')
    if (value === undefined || value === '')
      throw new DicomFault('identifier-missing', `${keyword} is missing.`)
    if (!isUsableUid(value)) throw new DicomFault('identifier-invalid', `${keyword} is not a UID.`)
    if (!isValidUid(value)) warnings.push('uid-irregular')
    return value
  }
  const identity = {
    studyInstanceUid: uid(Tag.StudyInstanceUID, 'StudyInstanceUID'),
    seriesInstanceUid: uid(Tag.SeriesInstanceUID, 'SeriesInstanceUID'),
    sopInstanceUid: uid(Tag.SOPInstanceUID, 'SOPInstanceUID'),
    sopClassUid: uid(Tag.SOPClassUID, 'SOPClassUID'),
  }
  const said = located.mediaStorageSopInstanceUid
  if (said !== undefined && said !== identity.sopInstanceUid) warnings.push('meta-instance-differs')
  const saidClass = located.mediaStorageSopClassUid
  if (saidClass !== undefined && saidClass !== identity.sopClassUid) warnings.push('meta-class-differs')
  return identity
}

function indexFrames(
  dataset: ScannedDataset,
  pixels: PixelLayout | undefined,
  warnings: string[],
): FrameIndex {
  if (dataset.pixels === undefined) {
    if (firstNumber(dataset.header, Tag.Rows) !== undefined) warnings.push('pixel-data-missing')
    return { kind: 'none' }
  }
  if (dataset.pixelLength === undefined) {
    const { fragments, basicOffsets } = dataset.pixels
    const declared = pixels?.numberOfFrames ?? 1
    const tables = { basic: basicOffsets, extended: dataset.extendedOffsets }
    const frames = groupFragments(fragments, Math.min(declared, fragments.length), tables)
    if (frames.length < declared && warnings.includes('no-sequence-delimiter')) {
      throw new DicomFault('truncated', 'The encapsulated pixel data ends too early.')
    }
    if (frames.length !== declared) warnings.push('frames-missing')
    return frames.length === 0 ? { kind: 'none' } : { kind: 'encapsulated', frames }
  }
  return indexNative(dataset.pixelOffset, dataset.pixelLength, pixels, warnings)
}

function indexNative(
  offset: number,
  length: number,
  pixels: PixelLayout | undefined,
  warnings: string[],
): FrameIndex {
  if (length === 0) return { kind: 'none' }
  if (pixels === undefined) {
    warnings.push('pixels-not-described')
    return { kind: 'native', offset, length, count: 1 }
  }
  const bits = bitsPerFrame(pixels)
  const whole = Math.floor((length * 8) / bits)
  if (whole < pixels.numberOfFrames) warnings.push('pixel-data-short')
  // A single frame that is cut short is still there; what there is of it is served.
  if (whole === 0) return { kind: 'native', offset, length, count: 1 }
  const count = Math.min(whole, pixels.numberOfFrames)
  const aligned = bits % 8 === 0
  return {
    kind: 'native',
    offset,
    length: Math.ceil(bits / 8),
    count,
    ...(aligned ? {} : { bitsPerFrame: bits }),
  }
}

/** How many frames can be served. */
export function frameCount(index: FrameIndex): number {
  switch (index.kind) {
    case 'none':
      return 0
    case 'native':
      return index.count
    case 'encapsulated':
      return index.frames.length
    case 'deflated':
      return frameCount(index.inner)
  }
}
