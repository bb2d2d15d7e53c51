/** How elements are written. */
export interface Encoding {
  readonly implicit: boolean
  readonly bigEndian: boolean
}

export const UNDEFINED_LENGTH = 0xffffffff
export const ITEM = 0xfffee000
export const ITEM_DELIMITATION = 0xfffee00d
export const SEQUENCE_DELIMITATION = 0xfffee0dd
const IMPLICIT: Encoding = { implicit: true, bigEndian: false }

/** Tag, VR and length of an element (PS3.5 7.1). */
export interface ElementHead {
  /** gggg·2^16 + eeee. */
  readonly tag: number
  /** Two letters, or undefined where the encoding does not say. */
  readonly vr: string | undefined
  /** Bytes, or UNDEFINED_LENGTH. */
  readonly length: number
  /** Where the value begins. */
  readonly valueOffset: number
}

/** VRs with a 32-bit length in explicit encodings (PS3.5 7.1.2), and those with a 16-bit one. */
const LONG_VRS = ['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']
const SHORT_VRS = [
  ...['AE', 'AS', 'AT', 'CS', 'DA', 'DS', 'DT', 'FD', 'FL', 'IS', 'LO', 'LT'],
  ...['PN', 'SH', 'SL', 'SS', 'ST', 'TM', 'UI', 'UL', 'US'],
]
/** By their two bytes, the first the high one: no text is made of what is only passed. */
const VRS: ReadonlyMap<number, { readonly vr: string; readonly isLong: boolean }> = new Map(
  [...LONG_VRS, ...SHORT_VRS].map((vr, index) => [
    vr.charCodeAt(0) * 0x100 + vr.charCodeAt(1),
    { vr, isLong: index < LONG_VRS.length },
  ]),
)

/** The head of the element at `at`, or undefined when `end` comes first. */
export function readHead(
  view: DataView,
  at: number,
  end: number,
  encoding: Encoding,
): ElementHead | undefined {
  if (at + 8 > end) return undefined
  const little = !encoding.bigEndian
  const tag = view.getUint16(at, little) * 0x10000 + view.getUint16(at + 2, little)
  const length = view.getUint32(at + 4, little)
  // Items and delimitations have no VR in any encoding.
  if (tag >>> 16 === 0xfffe || encoding.implicit) return { tag, vr: undefined, length, valueOffset: at + 8 }
  const known = VRS.get(view.getUint16(at + 4))
  if (known?.isLong === false) {
    return { tag, vr: known.vr, length: view.getUint16(at + 6, little), valueOffset: at + 8 }
  }
  if (known === undefined && !isPrintable(view, at + 4)) {
    // Implicit elements inside an explicit data set: seen in the field, and told apart by what stands for the VR.
    return { tag, vr: undefined, length, valueOffset: at + 8 }
  }
  // A VR of tomorrow has the long form (PS3.5 6.2.2); one that never was, with a length where zeros belong, the short one.
  if (known === undefined && view.getUint16(at + 6, little) !== 0) {
    return { tag, vr: 'UN', length: view.getUint16(at + 6, little), valueOffset: at + 8 }
  }
  if (at + 12 > end) return undefined
  return { tag, vr: known?.vr ?? 'UN', length: view.getUint32(at + 8, little), valueOffset: at + 12 }
}

function isPrintable(view: DataView, at: number): boolean {
  const [first, second] = [view.getUint8(at), view.getUint8(at + 1)]
  return first >= 0x20 && first <= 0x7e && second >= 0x20 && second <= 0x7e
}

/** What is inside a sequence or an UN of undefined length is Implicit VR Little Endian only for the UN (PS3.5 6.2.2 note). */
export function encodingInside(head: ElementHead, encoding: Encoding): Encoding {
  return head.vr === 'UN' ? IMPLICIT : encoding
}

/** Thrown inside a sequence where an item should begin. */
export class NotAnItem extends Error {
  override readonly name = 'NotAnItem'
}

/**
 * Where the sequence of undefined length whose items begin at `start` ends (after its delimitation item), or undefined
 * when `end` comes first. Walks without recursion: nesting may be as deep as the file is long. Errors: NotAnItem.
 */
export function endOfSequence(
  view: DataView,
  start: number,
  end: number,
  encoding: Encoding,
): number | undefined {
  // Open sequences and items of undefined length, outermost first; an item's level is above its sequence's.
  const levels: { item: boolean; encoding: Encoding }[] = [{ item: false, encoding }]
  let at = start
  for (;;) {
    const level = levels[levels.length - 1]
    if (level === undefined) return at
    const head = readHead(view, at, end, level.encoding)
    if (head === undefined) return undefined
    if (head.tag === SEQUENCE_DELIMITATION) {
      // An item without its own delimitation ends with its sequence.
      if (level.item) levels.pop()
      levels.pop()
      at = head.valueOffset
    } else if (level.item && head.tag === ITEM_DELIMITATION) {
      levels.pop()
      at = head.valueOffset
    } else if (!level.item && head.tag !== ITEM) {
      throw new NotAnItem(`no item at ${at}`)
    } else if (head.length !== UNDEFINED_LENGTH) {
      at = head.valueOffset + head.length
      if (at > end) return undefined
    } else {
      levels.push({
        item: head.tag === ITEM,
        encoding: head.tag === ITEM ? level.encoding : encodingInside(head, level.encoding),
      })
      at = head.valueOffset
    }
  }
}

const TEXTS = new Map<number, string>()
/** Far more than the tags in use; what a hostile file makes up is not kept. */
const MOST_TEXTS = 8192

/** Eight upper-case hexadecimal digits. */
export function tagText(tag: number): string {
  const known = TEXTS.get(tag)
  if (known !== undefined) return known
  const text = tag.toString(16).toUpperCase().padStart(8, '0')
  if (TEXTS.size < MOST_TEXTS) TEXTS.set(tag, text)
  return text
}
