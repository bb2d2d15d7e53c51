import type { DicomJson } from './dicom-json.ts'
import {
  encodingInside,
  endOfSequence,
  ITEM,
  readHead,
  tagText,
  UNDEFINED_LENGTH,
  type ElementHead,
  type Encoding,
} from './element-head.ts'
import { elementsToJson, TOP_LEVEL } from './element-json.ts'
import { inflateDataset } from './inflating.ts'
import { locateDataset } from './locate-dataset.ts'
import { DicomFault } from './dicom-fault.ts'
import { Tag } from './tag.ts'

/** Binary values up to this size travel inside the JSON: LUTs and palettes do, documents do not. Bytes. */
const INLINE_LIMIT = 1 << 14
/** Never inline: retrieved as frames or as bulk data. */
const ALWAYS_BULK: ReadonlySet<string> = new Set([
  Tag.PixelData,
  Tag.FloatPixelData,
  Tag.DoubleFloatPixelData,
])
/** Whoever renders needs these whole. */
const PALETTES = /^0028(12[0-2][1-4]|3006)$/

export interface DatasetJsonOptions {
  /** The URI of a value that is not inline; `path` is `tag` or `tag/item/tag…`, items counted from 0. */
  readonly bulkDataUri: (path: string) => string
  /** Bytes. */
  readonly inlineLimit?: number
}

/**
 * Every attribute of an instance as DICOM JSON (PS3.18 Annex F): nested items too, each text by its own character set.
 * `bytes` is the instance up to its Pixel Data (which then has no entry), or the whole. Errors: DicomFault when there is no data set.
 */
export function datasetToJson(bytes: Uint8Array, options: DatasetJsonOptions): DicomJson {
  const { view, start, encoding } = open(bytes)
  const json = elementsToJson(
    view,
    start,
    view.byteLength,
    { ...TOP_LEVEL, encoding },
    {
      bulkDataUri: options.bulkDataUri,
      inlineLimit: options.inlineLimit ?? INLINE_LIMIT,
      keepInline: PALETTES,
    },
  )
  for (const tag of ALWAYS_BULK) {
    const element = json[tag]
    if (element !== undefined) {
      json[tag] = { vr: element.vr === 'SQ' ? 'OB' : element.vr, BulkDataURI: options.bulkDataUri(tag) }
    }
  }
  return json
}

export interface BulkValue {
  /** The value's bytes, little endian as stored; a view of what was given, or of what was inflated. */
  readonly bytes: Uint8Array
  readonly vr: string
}

/** The value at a path that `datasetToJson` named, or undefined. `bytes` must reach to the end of the value. */
export function findBulkValue(bytes: Uint8Array, path: string): BulkValue | undefined {
  const opened = open(bytes)
  const found = locateValue(opened, path)
  if (found === undefined) return undefined
  const at = opened.view.byteOffset + found.offset
  return { bytes: new Uint8Array(opened.view.buffer, at, found.length), vr: found.vr }
}

export interface BulkRange {
  /** From the first byte of the instance. */
  readonly offset: number
  /** Bytes. */
  readonly length: number
  readonly vr: string
}

/** Where the value at a path lies in the instance, or undefined: no such value, or a deflated data set, which has no ranges. */
export function bulkDataRange(bytes: Uint8Array, path: string): BulkRange | undefined {
  const opened = open(bytes)
  return opened.deflated ? undefined : locateValue(opened, path)
}

function locateValue({ view, start, encoding }: Opened, path: string): BulkRange | undefined {
  const steps = path.split('/')
  let range = { start, end: view.byteLength, encoding }
  for (let step = 0; step < steps.length; step += 2) {
    const found = findElement(view, range, steps[step] ?? '')
    if (found === undefined) return undefined
    if (step === steps.length - 1) {
      const offset = found.head.valueOffset
      return { offset, length: found.end - offset, vr: found.head.vr ?? 'UN' }
    }
    const item = findItem(view, found.head, found.end, range.encoding, Number(steps[step + 1]))
    if (item === undefined) return undefined
    range = item
  }
  return undefined
}

interface Opened {
  readonly view: DataView
  readonly start: number
  readonly encoding: Encoding
  readonly deflated: boolean
}

function open(bytes: Uint8Array): Opened {
  const located = locateDataset(bytes, true)
  if (located === undefined) throw new DicomFault('not-dicom', 'This is not DICOM.')
  const whole = located.deflated ? inflateDataset(bytes.subarray(located.datasetOffset)) : bytes
  const view = new DataView(whole.buffer, whole.byteOffset, whole.byteLength)
  return {
    view,
    start: located.deflated ? 0 : located.datasetOffset,
    encoding: located.encoding,
    deflated: located.deflated,
  }
}

interface Range {
  readonly start: number
  readonly end: number
  readonly encoding: Encoding
}

function findElement(
  view: DataView,
  range: Range,
  tag: string,
): { head: ElementHead; end: number } | undefined {
  for (let at = range.start; at < range.end;) {
    const head = readHead(view, at, range.end, range.encoding)
    if (head === undefined) return undefined
    const end =
      head.length === UNDEFINED_LENGTH
        ? endOfSequence(view, head.valueOffset, range.end, encodingInside(head, range.encoding))
        : head.valueOffset + head.length
    if (end === undefined || end > range.end) return undefined
    if (tagText(head.tag) === tag) return { head, end }
    at = end
  }
  return undefined
}

function findItem(
  view: DataView,
  head: ElementHead,
  end: number,
  outside: Encoding,
  index: number,
): Range | undefined {
  const encoding = encodingInside(head, outside)
  let at = head.valueOffset
  for (let count = 0; at < end; count++) {
    const item = readHead(view, at, end, encoding)
    if (item === undefined || item.tag !== ITEM) return undefined
    if (count === index)
      return {
        start: item.valueOffset,
        end: item.length === UNDEFINED_LENGTH ? end : item.valueOffset + item.length,
        encoding,
      }
    if (item.length !== UNDEFINED_LENGTH) at = item.valueOffset + item.length
    else {
      // To the item's delimitation: walk its elements.
      let inside = item.valueOffset
      for (;;) {
        const element = readHead(view, inside, end, encoding)
        if (element === undefined) return undefined
        if (element.tag >>> 16 === 0xfffe) {
          at = element.valueOffset
          break
        }
        const next =
          element.length === UNDEFINED_LENGTH
            ? endOfSequence(view, element.valueOffset, end, encodingInside(element, encoding))
            : element.valueOffset + element.length
        if (next === undefined) return undefined
        inside = next
      }
    }
  }
  return undefined
}
