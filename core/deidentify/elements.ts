import { DicomFault } from '../dicom/dicom-fault.ts'
import { vrOfTag } from '../dicom/dictionary.ts'
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
} from '../dicom/element-head.ts'

/** An element of a data set as it is written; values are views of the bytes that were read. */
export interface RawElement {
  /** Eight hexadecimal digits, upper case. */
  readonly tag: string
  /** What the dictionary says, or the file where the dictionary knows nothing; undefined when neither does. */
  readonly vr: string | undefined
  /** As the file says it. */
  readonly writtenVr: string | undefined
  /** Of an element that is no sequence; as written, padding and all. */
  readonly value: Uint8Array
  readonly items?: readonly (readonly RawElement[])[]
}

/** A sequence that is nested deeper is not read: nothing of it can be cleaned, so nothing of it is kept. */
const DEEPEST = 60
const NOTHING = new Uint8Array(0)

/**
 * The elements of [start, end). Group lengths are left out, and sequences that cannot be understood to their end.
 * Errors: DicomFault 'truncated', 'data-set-invalid'.
 */
export function readRawElements(
  view: DataView,
  start: number,
  end: number,
  encoding: Encoding,
  depth = 0,
): RawElement[] {
  const elements: RawElement[] = []
  for (let at = start; at < end;) {
    const head = readHead(view, at, end, encoding)
    if (head === undefined) {
      if (isZero(view, at, end)) break
      throw truncated()
    }
    if (head.tag >>> 16 === 0xfffe) throw invalid(head.tag)
    const next = endOfElement(view, head, end, encoding)
    const element = readRawElement(view, head, next, encoding, depth)
    if (element !== undefined) elements.push(element)
    at = next
  }
  return elements
}

const PIXEL_TAGS = new Set([0x7fe00008, 0x7fe00009, 0x7fe00010])

/** Where the Pixel Data element of a data set begins and, when it is all here, ends; undefined when there is none. */
export function findPixels(
  view: DataView,
  start: number,
  end: number,
  encoding: Encoding,
): { start: number; end: number } | undefined {
  for (let at = start; at < end;) {
    const head = readHead(view, at, end, encoding)
    if (head === undefined) return undefined
    const next = endOfElement(view, head, end, encoding)
    if (PIXEL_TAGS.has(head.tag)) return { start: at, end: next }
    at = next
  }
  return undefined
}

function endOfElement(view: DataView, head: ElementHead, end: number, encoding: Encoding): number {
  if (head.length !== UNDEFINED_LENGTH) {
    const next = head.valueOffset + head.length
    if (next > end) throw truncated()
    return next
  }
  try {
    const next = endOfSequence(view, head.valueOffset, end, encodingInside(head, encoding))
    if (next === undefined) throw truncated()
    return next
  } catch (error) {
    if (error instanceof NotAnItem) throw invalid(head.tag)
    throw error
  }
}

function readRawElement(
  view: DataView,
  head: ElementHead,
  next: number,
  encoding: Encoding,
  depth: number,
): RawElement | undefined {
  const tag = tagText(head.tag)
  if (tag.endsWith('0000')) return undefined
  const known = vrOfTag(tag)
  const written = head.vr === 'UN' ? undefined : head.vr
  const vr = known ?? written
  const isSequence =
    written === 'SQ' || head.length === UNDEFINED_LENGTH || (known === 'SQ' && written === undefined)
  if (!isSequence) {
    const value = new Uint8Array(view.buffer, view.byteOffset + head.valueOffset, next - head.valueOffset)
    return { tag, vr, writtenVr: head.vr, value }
  }
  const inside = encodingInside(head, encoding)
  // Nothing swaps the values of a little-endian island; such a file is not known to exist.
  if (depth >= DEEPEST || inside.bigEndian !== encoding.bigEndian) return undefined
  const items = readItemsOrNothing(view, head.valueOffset, next, inside, depth)
  return items && { tag, vr: 'SQ', writtenVr: 'SQ', value: NOTHING, items }
}

/** Undefined where the items contradict their lengths: what cannot be read cannot be cleaned. */
function readItemsOrNothing(
  ...given: Parameters<typeof readItems>
): ReturnType<typeof readItems> | undefined {
  try {
    return readItems(...given)
  } catch (error) {
    if (error instanceof DicomFault) return undefined
    throw error
  }
}

function readItems(
  view: DataView,
  start: number,
  end: number,
  encoding: Encoding,
  depth: number,
): RawElement[][] {
  const items: RawElement[][] = []
  for (let at = start; at < end;) {
    const head = readHead(view, at, end, encoding)
    if (head === undefined) throw truncated()
    if (head.tag === SEQUENCE_DELIMITATION) break
    if (head.tag !== ITEM) throw invalid(head.tag)
    const inner =
      head.length === UNDEFINED_LENGTH
        ? endOfItem(view, head.valueOffset, end, encoding)
        : { end: head.valueOffset + head.length, next: head.valueOffset + head.length }
    if (inner.end > end) throw truncated()
    items.push(readRawElements(view, head.valueOffset, inner.end, encoding, depth + 1))
    at = inner.next
  }
  return items
}

/** An item of undefined length ends with its delimitation, or with that of its sequence, which some forget it for. */
function endOfItem(
  view: DataView,
  start: number,
  end: number,
  encoding: Encoding,
): { end: number; next: number } {
  for (let at = start; ;) {
    const head = readHead(view, at, end, encoding)
    if (head === undefined) throw truncated()
    if (head.tag === ITEM_DELIMITATION) return { end: at, next: head.valueOffset }
    if (head.tag === SEQUENCE_DELIMITATION) return { end: at, next: at }
    at = endOfElement(view, head, end, encoding)
  }
}

function isZero(view: DataView, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (view.getUint8(at) !== 0) return false
  return true
}

const truncated = (): DicomFault =>
  new DicomFault('truncated', 'The data set ends in the middle of an element.')
const invalid = (tag: number): DicomFault =>
  new DicomFault('data-set-invalid', `The data set has ${tagText(tag)} where that cannot be.`)
