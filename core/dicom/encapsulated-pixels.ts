/** Where an offset of the Basic Offset Table cannot point any more, the table stays empty (PS3.5 A.4). */
const LARGEST_OFFSET = 0xffffffff
const ITEM_HEAD = 8

/** The Pixel Data element of compressed frames, a fragment each. Source: PS3.5 A.4. */
export interface EncapsulatedPixels {
  /** Bytes, from the element's tag to the end of its sequence. */
  readonly size: number
  /** The element's own head and the Basic Offset Table. */
  readonly head: Uint8Array
  /** What stands before the bytes of a frame; `index` from 0. */
  itemHead(index: number): Uint8Array
  /** What stands behind the bytes of a frame: nothing, or the byte that makes them even. */
  padding(index: number): Uint8Array
  readonly end: Uint8Array
}

/** Lays out frames of these lengths. Units: bytes. */
export function encapsulatedPixels(lengths: readonly number[]): EncapsulatedPixels {
  const even = lengths.map((length) => length + (length % 2))
  const offsets: number[] = []
  let at = 0
  for (const length of even) {
    offsets.push(at)
    at += ITEM_HEAD + length
  }
  const table = (offsets.at(-1) ?? 0) > LARGEST_OFFSET ? [] : offsets
  const head = new DataView(new ArrayBuffer(12 + ITEM_HEAD + table.length * 4))
  // (7FE0,0010) OB of undefined length, and its first item.
  head.setUint32(0, 0x0010_7fe0, true)
  head.setUint16(4, 0x424f, true)
  head.setUint32(8, 0xffffffff, true)
  head.setUint32(12, 0xe000_fffe, true)
  head.setUint32(16, table.length * 4, true)
  table.forEach((offset, index) => head.setUint32(20 + index * 4, offset, true))
  return {
    size: head.byteLength + at + ITEM_HEAD,
    head: new Uint8Array(head.buffer),
    itemHead: (index) => itemHead(0xe000, even[index] ?? 0),
    padding: (index) => new Uint8Array((lengths[index] ?? 0) % 2),
    end: itemHead(0xe0dd, 0),
  }
}

function itemHead(element: number, length: number): Uint8Array {
  const head = new DataView(new ArrayBuffer(ITEM_HEAD))
  head.setUint16(0, 0xfffe, true)
  head.setUint16(2, element, true)
  head.setUint32(4, length, true)
  return new Uint8Array(head.buffer)
}
