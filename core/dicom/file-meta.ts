import { IMPLEMENTATION_CLASS_UID } from './write-part10.ts'

/** A preamble of zeros, and the prefix. Source: PS3.10 7.1. */
export const PREFIX: Uint8Array = (() => {
  const prefix = new Uint8Array(132)
  prefix.set([0x44, 0x49, 0x43, 0x4d], 128)
  return prefix
})()

/** The file meta information group of an instance, in Explicit VR Little Endian. Source: PS3.10 7.1. */
export function metaGroup(instance: {
  readonly sopClassUid: string
  readonly sopInstanceUid: string
  readonly transferSyntaxUid: string
}): Uint8Array {
  const version = new Uint8Array([0x02, 0x00, 0x01, 0x00, 0x4f, 0x42, 0, 0, 2, 0, 0, 0, 0, 1])
  const elements = [
    version,
    uidElement(0x0002, instance.sopClassUid),
    uidElement(0x0003, instance.sopInstanceUid),
    uidElement(0x0010, instance.transferSyntaxUid),
    uidElement(0x0012, IMPLEMENTATION_CLASS_UID),
  ]
  const length = elements.reduce((sum, element) => sum + element.length, 0)
  const head = new DataView(new ArrayBuffer(12))
  head.setUint16(0, 2, true)
  head.setUint8(4, 0x55)
  head.setUint8(5, 0x4c)
  head.setUint16(6, 4, true)
  head.setUint32(8, length, true)
  const group = new Uint8Array(12 + length)
  group.set(new Uint8Array(head.buffer))
  let at = 12
  for (const element of elements) {
    group.set(element, at)
    at += element.length
  }
  return group
}

function uidElement(element: number, uid: string): Uint8Array {
  const length = uid.length + (uid.length % 2)
  const bytes = new Uint8Array(8 + length)
  const view = new DataView(bytes.buffer)
  view.setUint16(0, 2, true)
  view.setUint16(2, element, true)
  bytes.set([0x55, 0x49], 4)
  view.setUint16(6, length, true)
  bytes.set(new TextEncoder().encode(uid), 8)
  return bytes
}
