import { DicomFault } from './dicom-fault.ts'
import type { DicomJson } from './dicom-json.ts'
import {
  encodingInside,
  endOfSequence,
  NotAnItem,
  readHead,
  SEQUENCE_DELIMITATION,
  tagText,
  UNDEFINED_LENGTH,
  type ElementHead,
  type Encoding,
} from './element-head.ts'
import { elementToJson, TOP_LEVEL, type JsonOptions } from './element-json.ts'
import { INDEXED_TAGS } from './indexed-tags.ts'
import { encapsulatedPixelScanner, nativePixelScanner, type PixelScanner } from './pixel-scanner.ts'
import { Tag } from './tag.ts'

/** A sequence of undefined length, or an indexed value, must be in memory as a whole. Bytes. */
const LARGEST_BUFFERED = 64 << 20
const LARGEST_INDEXED = 1 << 20
/** Names and identifiers are text; nothing indexed has bulk data. */
const NO_BULK: JsonOptions = { bulkDataUri: () => '', inlineLimit: 0 }
const WANTED: ReadonlySet<string> = new Set([...INDEXED_TAGS, Tag.ExtendedOffsetTable])
const PIXEL_TAGS: ReadonlySet<string> = new Set([Tag.PixelData, Tag.FloatPixelData, Tag.DoubleFloatPixelData])

export interface ScannedDataset {
  /** Indexed attributes only. */
  readonly header: DicomJson
  /** Offset of the Pixel Data element, or the end. */
  readonly headerEnd: number
  readonly pixelTag: string | undefined
  /** Where the native value begins; for encapsulated, its first item. */
  readonly pixelOffset: number
  /** Of the native value; undefined when encapsulated. Bytes. */
  readonly pixelLength: number | undefined
  readonly extendedOffsets: readonly number[]
  readonly pixels: PixelScanner | undefined
}

/**
 * Reads a data set that passes by in pieces of any size: keeps the indexed attributes, notes where Pixel Data is, skips
 * the rest. What it holds does not grow with the instance. `origin` is the offset of the data set's first byte.
 */
export class DatasetScanner {
  readonly #encoding: Encoding
  /** Bytes not yet understood; `#base` is the offset of the first. */
  #buffer: Uint8Array = new Uint8Array(0)
  #base: number
  /** Bytes to let pass before the next element. */
  #skip = 0
  /** Not worth trying again with fewer bytes. */
  #wanted = 8
  #pixels: PixelScanner | undefined
  #pixelTag: string | undefined
  #pixelOffset = 0
  #pixelLength: number | undefined
  #headerEnd: number | undefined
  #extendedOffsets: number[] = []
  readonly #json: DicomJson = {}
  #characterSet: readonly string[] = []

  constructor(encoding: Encoding, origin: number) {
    this.#encoding = encoding
    this.#base = origin
  }

  /** Whether the data set named its SOP class so far. */
  get hasSopClass(): boolean {
    return this.#json[Tag.SOPClassUID] !== undefined
  }

  /** Errors: DicomFault. */
  write(chunk: Uint8Array): void {
    if (this.#pixels !== undefined) return this.#pixels.write(chunk)
    let fresh = chunk
    if (this.#skip > 0) {
      const passed = Math.min(this.#skip, fresh.length)
      this.#skip -= passed
      this.#base += passed
      fresh = fresh.subarray(passed)
    }
    if (fresh.length === 0) return
    this.#buffer = this.#buffer.length === 0 ? fresh : joined(this.#buffer, fresh)
    if (this.#buffer.length >= this.#wanted) this.#readElements()
  }

  /** Errors: DicomFault 'truncated'. */
  end(): ScannedDataset {
    if (this.#pixels === undefined) {
      if (this.#buffer.length > 0) this.#readElements()
      if (this.#skip > 0) throw truncated()
      if (
        this.#pixels === undefined &&
        this.#buffer.length > 0 &&
        !this.#buffer.every((byte) => byte === 0)
      ) {
        throw truncated()
      }
    }
    this.#pixels?.end()
    return {
      header: this.#json,
      headerEnd: this.#headerEnd ?? this.#base,
      pixelTag: this.#pixelTag,
      pixelOffset: this.#pixelOffset,
      pixelLength: this.#pixelLength,
      extendedOffsets: this.#extendedOffsets,
      pixels: this.#pixels,
    }
  }

  #readElements(): void {
    const bytes = this.#buffer
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    let at = 0
    this.#wanted = 8
    while (at < bytes.length) {
      const head = readHead(view, at, bytes.length, this.#encoding)
      if (head === undefined) break
      const tag = tagText(head.tag)
      if (PIXEL_TAGS.has(tag)) return this.#openPixels(tag, head, at)
      const next = this.#endOfElement(view, head, tag, at)
      if (next === undefined) break
      if (next > bytes.length) {
        // Nothing in it that we keep: let it pass.
        this.#skip = next - bytes.length
        this.#base += bytes.length
        this.#buffer = new Uint8Array(0)
        return
      }
      if (WANTED.has(tag)) this.#keep(view, tag, head, next)
      at = next
    }
    this.#base += at
    this.#buffer = bytes.subarray(at)
    this.#wanted = Math.max(8, this.#wanted - at)
  }

  /** Where the next element begins (perhaps beyond what is here), or undefined when more must be here to tell. */
  #endOfElement(view: DataView, head: ElementHead, tag: string, at: number): number | undefined {
    if (head.tag === SEQUENCE_DELIMITATION) return head.valueOffset
    if (head.length !== UNDEFINED_LENGTH) {
      const next = head.valueOffset + head.length
      if (next <= view.byteLength || !WANTED.has(tag)) return next
      if (head.length > LARGEST_INDEXED)
        throw new DicomFault('header-too-large', `The attribute ${tag} is too large.`)
      this.#wanted = next
      return undefined
    }
    const next = this.#endOfSequence(view, head)
    if (next !== undefined) return next
    if (view.byteLength - at > LARGEST_BUFFERED) {
      throw new DicomFault('header-too-large', `The sequence ${tag} is too large.`)
    }
    // Each try walks the sequence from its start: doubling keeps the sum of all tries linear.
    this.#wanted = at + 2 * (view.byteLength - at) + 64
    return undefined
  }

  #endOfSequence(view: DataView, head: ElementHead): number | undefined {
    try {
      return endOfSequence(view, head.valueOffset, view.byteLength, encodingInside(head, this.#encoding))
    } catch (error) {
      if (!(error instanceof NotAnItem)) throw error
      throw new DicomFault(
        'data-set-invalid',
        `The sequence ${tagText(head.tag)} has something that is no item.`,
      )
    }
  }

  #keep(view: DataView, tag: string, head: ElementHead, end: number): void {
    if (this.#json[tag] !== undefined) return
    if (tag === Tag.ExtendedOffsetTable) {
      const count = Math.floor((end - head.valueOffset) / 8)
      this.#extendedOffsets = Array.from({ length: count }, (_, index) =>
        Number(view.getBigUint64(head.valueOffset + index * 8, !this.#encoding.bigEndian)),
      )
      return
    }
    const around = { ...TOP_LEVEL, encoding: this.#encoding, characterSet: this.#characterSet }
    const element = elementToJson(view, tag, head, end, around, NO_BULK)
    this.#json[tag] = element
    if (tag === Tag.SpecificCharacterSet) {
      this.#characterSet = (element.Value ?? []).map((value) => (value === null ? '' : String(value)))
    }
  }

  #openPixels(tag: string, head: ElementHead, at: number): void {
    const offset = this.#base + head.valueOffset
    this.#pixelTag = tag
    this.#headerEnd = this.#base + at
    this.#pixelOffset = offset
    const encapsulated = head.length === UNDEFINED_LENGTH
    this.#pixelLength = encapsulated ? undefined : head.length
    this.#pixels = encapsulated
      ? encapsulatedPixelScanner(offset, this.#encoding.bigEndian)
      : nativePixelScanner(head.length)
    const rest = this.#buffer.subarray(head.valueOffset)
    this.#buffer = new Uint8Array(0)
    this.#pixels.write(rest)
  }
}

const truncated = (): DicomFault =>
  new DicomFault('truncated', 'The data set ends in the middle of an element.')

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length)
  both.set(a)
  both.set(b, a.length)
  return both
}
