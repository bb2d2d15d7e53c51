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
import { elementToJson, inTagOrder, TOP_LEVEL, type JsonOptions, type Surroundings } from './element-json.ts'
import { GatheredBytes } from './gathered-bytes.ts'
import { INDEXED_TAGS } from './indexed-tags.ts'
import { encapsulatedPixelScanner, nativePixelScanner, type PixelScanner } from './pixel-scanner.ts'
import { Tag } from './tag.ts'

/** A sequence of undefined length, or an indexed value, must be in memory as a whole. Bytes. */
const LARGEST_BUFFERED = 64 << 20
const LARGEST_INDEXED = 1 << 20
/** Names and identifiers are text; nothing indexed has bulk data. */
const NO_BULK: JsonOptions = { bulkDataUri: () => '', inlineLimit: 0 }
/** By number: of the many elements that are only passed no text is made. */
const numbersOf = (tags: Iterable<string>): ReadonlySet<number> =>
  new Set([...tags].map((tag) => Number.parseInt(tag, 16)))
const WANTED = numbersOf([...INDEXED_TAGS, Tag.ExtendedOffsetTable])
const PIXEL_TAGS = numbersOf([Tag.PixelData, Tag.FloatPixelData, Tag.DoubleFloatPixelData])

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
  /** Indexed attributes lie behind Pixel Data: the header is the whole instance. */
  readonly outOfOrder: boolean
  /** What follows Pixel Data is no data set. */
  readonly trailingBytes: boolean
}

/**
 * Reads a data set that passes by in pieces of any size: keeps the indexed attributes, notes where Pixel Data is, skips
 * the rest. What it holds does not grow with the instance. `origin` is the offset of the data set's first byte.
 */
export class DatasetScanner {
  readonly #encoding: Encoding
  /** Bytes not yet understood; `#base` is the offset of the first. */
  readonly #gathered = new GatheredBytes()
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
  #around: Surroundings
  /** Of a data set behind Pixel Data; 'garbage' when it is none. */
  #trailer: DatasetScanner | 'garbage' | undefined

  readonly #behindPixels: boolean

  constructor(encoding: Encoding, origin: number, behindPixels = false) {
    this.#encoding = encoding
    this.#around = { ...TOP_LEVEL, encoding }
    this.#behindPixels = behindPixels
    this.#base = origin
  }

  /** Errors: DicomFault. */
  write(chunk: Uint8Array): void {
    if (this.#pixels !== undefined) {
      const behind = this.#pixels.write(chunk)
      if (behind.length > 0) this.#writeTrailer(behind)
      return
    }
    let fresh = chunk
    if (this.#skip > 0) {
      const passed = Math.min(this.#skip, fresh.length)
      this.#skip -= passed
      this.#base += passed
      fresh = fresh.subarray(passed)
    }
    this.#gathered.add(fresh)
    if (this.#gathered.length >= this.#wanted) this.#readElements()
  }

  /** Pixel Data keeps nothing of what passes; before it and behind it pieces of elements may wait for their rest. */
  get holdsChunks(): boolean {
    return this.#pixels === undefined || this.#trailer !== undefined
  }

  /** Offset of the Pixel Data element, once it was reached. */
  get headerEnd(): number | undefined {
    return this.#headerEnd
  }

  /** Errors: DicomFault 'truncated'. */
  end(): ScannedDataset {
    if (this.#pixels === undefined) {
      if (this.#gathered.length > 0) this.#readElements()
      if (this.#skip > 0) throw truncated()
    }
    if (this.#pixels === undefined && this.#gathered.take().some((byte) => byte !== 0)) throw truncated()
    this.#pixels?.end()
    const trailer = this.#endTrailer()
    const outOfOrder = Object.keys(trailer).some((tag) => this.#json[tag] === undefined)
    return {
      header: inTagOrder(outOfOrder ? { ...trailer, ...this.#json } : this.#json),
      outOfOrder,
      trailingBytes: this.#trailer === 'garbage',
      headerEnd: this.#headerEnd ?? this.#base,
      pixelTag: this.#pixelTag,
      pixelOffset: this.#pixelOffset,
      pixelLength: this.#pixelLength,
      extendedOffsets: this.#extendedOffsets,
      pixels: this.#pixels,
    }
  }

  /** Elements behind Pixel Data are read as far as they make sense: many senders leave padding or worse there. */
  #writeTrailer(bytes: Uint8Array): void {
    if (this.#trailer === 'garbage') return
    this.#trailer ??= new DatasetScanner(this.#encoding, 0, true)
    try {
      this.#trailer.write(bytes)
    } catch (error) {
      if (!(error instanceof DicomFault)) throw error
      this.#trailer = 'garbage'
    }
  }

  #endTrailer(): DicomJson {
    if (this.#trailer === undefined || this.#trailer === 'garbage') return {}
    try {
      return this.#trailer.end().header
    } catch (error) {
      if (!(error instanceof DicomFault)) throw error
      this.#trailer = 'garbage'
      return {}
    }
  }

  #readElements(): void {
    const bytes = this.#gathered.take()
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    let at = 0
    this.#wanted = 8
    while (at < bytes.length) {
      const head = readHead(view, at, bytes.length, this.#encoding)
      if (head === undefined) break
      if (PIXEL_TAGS.has(head.tag) && !this.#behindPixels) return this.#openPixels(head, at, bytes)
      const next = this.#endOfElement(view, head, at)
      if (next === undefined) break
      if (next > bytes.length) {
        // Nothing in it that we keep: let it pass.
        this.#skip = next - bytes.length
        this.#base += bytes.length
        return
      }
      if (WANTED.has(head.tag)) this.#keep(view, head, next)
      at = next
    }
    this.#base += at
    this.#gathered.add(bytes.subarray(at))
    this.#wanted = Math.max(8, this.#wanted - at)
  }

  /** Where the next element begins (perhaps beyond what is here), or undefined when more must be here to tell. */
  #endOfElement(view: DataView, head: ElementHead, at: number): number | undefined {
    if (head.tag === SEQUENCE_DELIMITATION) return head.valueOffset
    if (head.length !== UNDEFINED_LENGTH) {
      const next = head.valueOffset + head.length
      if (next <= view.byteLength || !WANTED.has(head.tag)) return next
      if (head.length > LARGEST_INDEXED)
        throw new DicomFault('header-too-large', `The attribute ${tagText(head.tag)} is too large.`)
      this.#wanted = next
      return undefined
    }
    const next = this.#endOfSequence(view, head)
    if (next !== undefined) return next
    if (view.byteLength - at > LARGEST_BUFFERED) {
      throw new DicomFault('header-too-large', `The sequence ${tagText(head.tag)} is too large.`)
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

  #keep(view: DataView, head: ElementHead, end: number): void {
    const tag = tagText(head.tag)
    if (this.#json[tag] !== undefined) return
    if (tag === Tag.ExtendedOffsetTable) {
      const count = Math.floor((end - head.valueOffset) / 8)
      this.#extendedOffsets = Array.from({ length: count }, (_, index) =>
        Number(view.getBigUint64(head.valueOffset + index * 8, !this.#encoding.bigEndian)),
      )
      return
    }
    const element = elementToJson(view, tag, head, end, this.#around, NO_BULK)
    this.#json[tag] = element
    if (tag === Tag.SpecificCharacterSet) {
      const characterSet = (element.Value ?? []).map((value) => (value === null ? '' : String(value)))
      this.#around = { ...this.#around, characterSet }
    }
  }

  #openPixels(head: ElementHead, at: number, bytes: Uint8Array): void {
    const offset = this.#base + head.valueOffset
    this.#pixelTag = tagText(head.tag)
    this.#headerEnd = this.#base + at
    this.#pixelOffset = offset
    const encapsulated = head.length === UNDEFINED_LENGTH
    this.#pixelLength = encapsulated ? undefined : head.length
    this.#pixels = encapsulated
      ? encapsulatedPixelScanner(offset, this.#encoding.bigEndian)
      : nativePixelScanner(head.length)
    this.write(bytes.subarray(head.valueOffset))
  }
}

const truncated = (): DicomFault =>
  new DicomFault('truncated', 'The data set ends in the middle of an element.')
