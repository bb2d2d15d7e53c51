import { BINARY_VRS, decodeValue } from './decode-value.ts'
import { vrOfTag } from './dictionary.ts'
import type { DicomJson, DicomJsonElement, DicomJsonValue } from './dicom-json.ts'
import {
  encodingInside,
  endOfSequence,
  ITEM,
  ITEM_DELIMITATION,
  NotAnItem,
  readHead,
  SEQUENCE_DELIMITATION,
  tagText,
  UNDEFINED_LENGTH,
  type ElementHead,
  type Encoding,
} from './element-head.ts'
import { Tag } from './tag.ts'

/** Nesting deeper than this is left out of the JSON: no IOD comes near, and a reader's stack has an end. */
const DEEPEST = 60

/** Elements that are signed where the pixels are (PS3.6: "US or SS"). */
const FOLLOWS_PIXELS = new Set([
  ...['00280106', '00280107', '00280108', '00280109', '00280110', '00280111', '00280120', '00280121'],
  ...['00283002', '00281101', '00281102', '00281103', '00189810', '00221452', '00409211', '00409216'],
])
/** Never signed: the number of entries and the first mapped value are read by whoever applies the LUT. */
const LUT_DATA = new Set(['00283006', '00281201', '00281202', '00281203', '00281221', '00281222', '00281223'])

export interface JsonOptions {
  /** The URI of a value that is not inlined; `path` is tag/item/tag… */
  readonly bulkDataUri: (path: string) => string
  /** Binary values up to this many bytes are inline. */
  readonly inlineLimit: number
  /** Tags that are inline whatever their size. */
  readonly keepInline?: RegExp
}

/** What the meaning of an element depends on. */
export interface Surroundings {
  readonly encoding: Encoding
  readonly characterSet: readonly string[]
  readonly pixelRepresentation: number
  readonly depth: number
  readonly path: string
}

export const TOP_LEVEL: Omit<Surroundings, 'encoding'> = {
  characterSet: [],
  pixelRepresentation: 0,
  depth: 0,
  path: '',
}

/**
 * The elements of [start, end) as DICOM JSON (PS3.18 F.2), nested items with their own character set. Group lengths are
 * left out. Stops at what cannot be read: everything before it stays.
 */
export function elementsToJson(
  view: DataView,
  start: number,
  end: number,
  given: Surroundings,
  options: JsonOptions,
): DicomJson {
  return readElements(view, start, end, given, options).json
}

/** `next` is behind the delimitation of the item whose elements these are, at the sequence's, or `end`. */
function readElements(
  view: DataView,
  start: number,
  end: number,
  given: Surroundings,
  options: JsonOptions,
): { json: DicomJson; next: number } {
  const json: DicomJson = {}
  let around = given
  let next = end
  for (let at = start; at < end;) {
    const head = readHead(view, at, end, around.encoding)
    if (head === undefined) break
    if (head.tag === ITEM_DELIMITATION || head.tag === SEQUENCE_DELIMITATION) {
      next = head.tag === ITEM_DELIMITATION ? head.valueOffset : at
      break
    }
    const tag = tagText(head.tag)
    const read = readElement(view, tag, head, end, around, options)
    if (read === undefined) break
    if (!tag.endsWith('0000') && json[tag] === undefined) {
      json[tag] = read.element
      around = surroundingsAfter(tag, read.element, around)
    }
    at = read.next
  }
  return { json: inTagOrder(json), next }
}

/** Undefined when the value goes beyond `end`. A sequence of undefined length is walked once, its end found by reading it. */
function readElement(
  view: DataView,
  tag: string,
  head: ElementHead,
  end: number,
  around: Surroundings,
  options: JsonOptions,
): { element: DicomJsonElement; next: number } | undefined {
  const undefinedLength = head.length === UNDEFINED_LENGTH
  if (undefinedLength && around.depth < DEEPEST && vrOf(tag, head, around) === 'SQ') {
    return readSequence(view, tag, head, end, around, options)
  }
  const next = undefinedLength ? endOfDeepValue(view, head, end, around) : head.valueOffset + head.length
  if (next === undefined || next > end) return undefined
  return { element: elementToJson(view, tag, head, next, around, options), next }
}

function endOfDeepValue(
  view: DataView,
  head: ElementHead,
  end: number,
  { encoding }: Surroundings,
): number | undefined {
  try {
    return endOfSequence(view, head.valueOffset, end, encodingInside(head, encoding))
  } catch (error) {
    if (error instanceof NotAnItem) return undefined
    throw error
  }
}

function surroundingsAfter(tag: string, element: DicomJsonElement, around: Surroundings): Surroundings {
  if (tag === Tag.SpecificCharacterSet) {
    return {
      ...around,
      characterSet: (element.Value ?? []).map((value) => (value === null ? '' : String(value))),
    }
  }
  if (tag === Tag.PixelRepresentation) {
    return { ...around, pixelRepresentation: Number(element.Value?.[0] ?? 0) }
  }
  return around
}

/** One element. `end` is where its value ends. */
export function elementToJson(
  view: DataView,
  tag: string,
  head: ElementHead,
  end: number,
  around: Surroundings,
  options: JsonOptions,
): DicomJsonElement {
  const vr = vrOf(tag, head, around)
  if (vr === 'SQ') {
    return around.depth < DEEPEST ? readSequence(view, tag, head, end, around, options).element : { vr }
  }
  const bytes = new Uint8Array(view.buffer, view.byteOffset + head.valueOffset, end - head.valueOffset)
  if (BINARY_VRS.has(vr)) {
    if (bytes.length === 0) return { vr }
    const inline = bytes.length <= options.inlineLimit || options.keepInline?.test(tag) === true
    if (!inline) return { vr, BulkDataURI: options.bulkDataUri(around.path + tag) }
    return { vr, InlineBinary: base64(littleEndian(bytes, vr, around.encoding.bigEndian)) }
  }
  const bigEndian = around.encoding.bigEndian && head.vr !== 'UN'
  const values = decodeValue({ vr, bytes, bigEndian, characterSet: around.characterSet })
  return values.some((value) => value !== null) ? { vr, Value: values } : { vr }
}

function vrOf(tag: string, head: ElementHead, around: Surroundings): string {
  if (head.vr !== undefined && head.vr !== 'UN') return head.vr
  const known = vrOfTag(tag)
  if (head.length === UNDEFINED_LENGTH) return 'SQ'
  if (known === undefined) return 'UN'
  if (LUT_DATA.has(tag) || tag === Tag.PixelData) return 'OW'
  return known === 'US' && FOLLOWS_PIXELS.has(tag) && around.pixelRepresentation === 1 ? 'SS' : known
}

/** The sequence's items up to its delimitation, `end`, or what is no item. */
function readSequence(
  view: DataView,
  tag: string,
  head: ElementHead,
  end: number,
  around: Surroundings,
  options: JsonOptions,
): { element: DicomJsonElement; next: number } {
  const encoding = encodingInside(head, around.encoding)
  const values: DicomJsonValue[] = []
  let next = end
  for (let at = head.valueOffset; at < end;) {
    const item = readHead(view, at, end, encoding)
    if (item?.tag === SEQUENCE_DELIMITATION) next = item.valueOffset
    if (item === undefined || item.tag !== ITEM) break
    const inside = {
      ...around,
      encoding,
      depth: around.depth + 1,
      path: `${around.path}${tag}/${values.length}/`,
    }
    const openEnded = item.length === UNDEFINED_LENGTH
    const itemEnd = openEnded ? end : Math.min(end, item.valueOffset + item.length)
    const read = readElements(view, item.valueOffset, itemEnd, inside, options)
    values.push(read.json)
    at = openEnded ? read.next : itemEnd
  }
  return { element: values.length === 0 ? { vr: 'SQ' } : { vr: 'SQ', Value: values }, next }
}

const WORD_SIZES: Readonly<Record<string, number>> = { OW: 2, OF: 4, OL: 4, OD: 8, OV: 8 }

/** DICOM JSON's binary is little endian (PS3.18 F.2.7). */
function littleEndian(bytes: Uint8Array, vr: string, bigEndian: boolean): Uint8Array {
  const size = WORD_SIZES[vr]
  return bigEndian && size !== undefined ? swapBytes(bytes, size) : bytes
}

/** A copy with the bytes of each word of `size` the other way round; a rest shorter than a word stays. */
export function swapBytes(bytes: Uint8Array, size: number): Uint8Array {
  const swapped = bytes.slice()
  for (let at = 0; at + size <= swapped.length; at += size) swapped.subarray(at, at + size).reverse()
  return swapped
}

function base64(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 4096)
    text += String.fromCharCode(...bytes.subarray(at, at + 4096))
  return btoa(text)
}

/** The same attributes, their tags ascending. */
export function inTagOrder(json: DicomJson): DicomJson {
  const tags = Object.keys(json)
  const inOrder = tags.every((tag, index) => index === 0 || (tags[index - 1] ?? '') < tag)
  // Keys that look like small integers would come first in any case; tags of eight digits never do.
  return inOrder ? json : Object.fromEntries(Object.entries(json).sort(([a], [b]) => (a < b ? -1 : 1)))
}
