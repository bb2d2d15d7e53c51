import { ITEM, type Encoding } from '../dicom/element-head.ts'
import type { RawElement } from './elements.ts'

/** VRs whose length field has four bytes (PS3.5 7.1.2). */
const LONG_VRS = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV'])

/**
 * Elements as bytes, in the encoding given and in the order of their tags; values as they are, sequences and items with
 * their lengths (PS3.5 7.1, 7.5).
 */
export function writeRawElements(elements: readonly RawElement[], encoding: Encoding): Uint8Array[] {
  const inOrder = [...elements].sort((a, b) => (a.tag < b.tag ? -1 : a.tag > b.tag ? 1 : 0))
  return inOrder.flatMap((element) => {
    const body = element.items === undefined ? [element.value] : writeItems(element.items, encoding)
    return [elementHead(element, sizeOf(body), encoding), ...body]
  })
}

function writeItems(items: readonly (readonly RawElement[])[], encoding: Encoding): Uint8Array[] {
  return items.flatMap((item) => {
    const body = writeRawElements(item, encoding)
    return [tagAndLength(ITEM, sizeOf(body), encoding), ...body]
  })
}

const sizeOf = (chunks: readonly Uint8Array[]): number => chunks.reduce((sum, each) => sum + each.length, 0)

function elementHead({ tag, vr, writtenVr }: RawElement, length: number, encoding: Encoding): Uint8Array {
  const number = Number.parseInt(tag, 16)
  if (encoding.implicit) return tagAndLength(number, length, encoding)
  const said = writtenVr ?? vr ?? 'UN'
  const name = LONG_VRS.has(said) || length <= 0xffff ? said : 'UN'
  const head = new DataView(new ArrayBuffer(LONG_VRS.has(name) ? 12 : 8))
  const little = !encoding.bigEndian
  head.setUint16(0, number >>> 16, little)
  head.setUint16(2, number & 0xffff, little)
  head.setUint8(4, name.charCodeAt(0))
  head.setUint8(5, name.charCodeAt(1))
  if (head.byteLength === 12) head.setUint32(8, length, little)
  else head.setUint16(6, length, little)
  return new Uint8Array(head.buffer)
}

function tagAndLength(tag: number, length: number, { bigEndian }: Encoding): Uint8Array {
  const head = new DataView(new ArrayBuffer(8))
  head.setUint16(0, tag >>> 16, !bigEndian)
  head.setUint16(2, tag & 0xffff, !bigEndian)
  head.setUint32(4, length, !bigEndian)
  return new Uint8Array(head.buffer)
}

/** An element of text in the default repertoire; several values with backslashes between them. */
export function textElement(tag: string, vr: string, text: string): RawElement {
  const padding = vr === 'UI' ? '\0' : ' '
  return {
    tag,
    vr,
    writtenVr: vr,
    value: new TextEncoder().encode(text.length % 2 === 0 ? text : text + padding),
  }
}

export const sequenceElement = (tag: string, items: readonly (readonly RawElement[])[]): RawElement => ({
  tag,
  vr: 'SQ',
  writtenVr: 'SQ',
  value: new Uint8Array(0),
  items,
})
