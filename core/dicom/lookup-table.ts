import { numbers, type DicomJson, type DicomJsonElement } from './dicom-json.ts'
import { Tag } from './tag.ts'

export interface LookupTable {
  /** The entry for a value; the first and last entries go on for ever. */
  at(value: number): number
  /** The first and the last value that have an entry of their own. */
  readonly first: number
  readonly last: number
  /** The largest an entry of its bits can be. */
  readonly largest: number
}

/** The table of a LUT sequence's item, or undefined when it is not usable. Source: PS3.3 C.11.1.1, C.11.2.1.1. */
export function lookupTable(item: DicomJson, pixelRepresentation: 0 | 1): LookupTable | undefined {
  const [count = 0, first = 0, bits = 0] = numbers(item, Tag.LUTDescriptor)
  const entries = lutEntries(item[Tag.LUTData], count === 0 ? 65_536 : count, bits)
  if (entries === undefined || entries.length === 0) return undefined
  // The first mapped value is signed where the pixels are; the JSON may have read it as unsigned.
  const start = pixelRepresentation === 1 && first > 32_767 ? first - 65_536 : first
  const last = entries.length - 1
  return {
    at: (value) => entries[Math.min(last, Math.max(0, Math.round(value) - start))] ?? 0,
    first: start,
    last: start + last,
    largest: 2 ** Math.max(1, Math.min(16, bits)) - 1,
  }
}

/** The entries of LUT Data or palette data: 16-bit words, or two 8-bit entries a word. */
export function lutEntries(
  element: DicomJsonElement | undefined,
  count: number,
  bits: number,
): number[] | undefined {
  if (element?.Value !== undefined) return element.Value.map(Number)
  if (element?.InlineBinary === undefined) return undefined
  const bytes = Uint8Array.from(atob(element.InlineBinary), (character) => character.charCodeAt(0))
  if (bits <= 8 && bytes.length < count * 2) return [...bytes.subarray(0, count)]
  const view = new DataView(bytes.buffer)
  return Array.from({ length: Math.min(count, bytes.length >> 1) }, (_, index) =>
    view.getUint16(index * 2, true),
  )
}
