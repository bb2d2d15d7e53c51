import { asciiText, CHARSET_VRS, decodeText, isAscii } from './character-set.ts'
import type { DicomJsonValue } from './dicom-json.ts'
import { parsePersonName } from './person-name.ts'

/** VRs whose value is one text, backslashes and all (PS3.5 6.2). */
const ONE_TEXT = new Set(['LT', 'ST', 'UT', 'UR'])
/** VRs that DICOM JSON carries as binary (PS3.18 F.2.7). */
export const BINARY_VRS: ReadonlySet<string> = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'UN'])

export interface ValueBytes {
  readonly vr: string
  readonly bytes: Uint8Array
  readonly bigEndian: boolean
  readonly characterSet: readonly string[]
}

/**
 * The values of an element that is neither a sequence nor binary, as PS3.18 F.2.3 wants them; empty ones are null.
 * A number that is none stays text, so that nothing is lost.
 */
export function decodeValue(value: ValueBytes): DicomJsonValue[] {
  const numeric = NUMERIC[value.vr]
  if (numeric !== undefined) return decodeNumbers(value, numeric)
  if (value.vr === 'AT') return decodeTags(value)
  const text = CHARSET_VRS.has(value.vr)
    ? decodeText(trimEnd(value.bytes), value.characterSet, value.vr)
    : asciiOrUtf8(trimEnd(value.bytes))
  if (ONE_TEXT.has(value.vr)) {
    const whole = text.replace(/[\s\0]+$/, '')
    return whole === '' ? [] : [whole]
  }
  if (text === '') return []
  const isOne = !text.includes('\\') && !text.includes('\0')
  if (isOne && value.vr !== 'PN') return [trimmed(text, value.vr)]
  const values = text.split('\\').map((each) => each.replace(/\0/g, ''))
  if (value.vr === 'PN') {
    return values.map((each) => {
      const name = parsePersonName(each)
      return Object.keys(name).length === 0 ? null : name
    })
  }
  return values.map((each) => trimmed(each, value.vr))
}

function trimmed(text: string, vr: string): DicomJsonValue {
  const clean = text.trim()
  if (clean === '') return null
  if (vr === 'IS' || vr === 'DS') {
    const number = Number(clean)
    return Number.isFinite(number) && isDecimal(clean) ? number : clean
  }
  return clean
}

/** Not hexadecimal, binary or octal, which `Number` reads too. */
const isDecimal = (text: string): boolean => /^[-+.\deE]+$/.test(text)

type Read = (view: DataView, offset: number, littleEndian: boolean) => DicomJsonValue

const NUMERIC: Readonly<Record<string, { readonly size: number; readonly read: Read }>> = {
  US: { size: 2, read: (view, at, little) => view.getUint16(at, little) },
  SS: { size: 2, read: (view, at, little) => view.getInt16(at, little) },
  UL: { size: 4, read: (view, at, little) => view.getUint32(at, little) },
  SL: { size: 4, read: (view, at, little) => view.getInt32(at, little) },
  FL: { size: 4, read: (view, at, little) => finite(view.getFloat32(at, little)) },
  FD: { size: 8, read: (view, at, little) => finite(view.getFloat64(at, little)) },
  // Beyond 2^53 a JSON number would lie: PS3.18 F.2.3 allows text.
  SV: { size: 8, read: (view, at, little) => safe(view.getBigInt64(at, little)) },
  UV: { size: 8, read: (view, at, little) => safe(view.getBigUint64(at, little)) },
}

function decodeNumbers(
  { bytes, bigEndian }: ValueBytes,
  { size, read }: { size: number; read: Read },
): DicomJsonValue[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const values: DicomJsonValue[] = []
  for (let at = 0; at + size <= bytes.length; at += size) values.push(read(view, at, !bigEndian))
  return values
}

function decodeTags({ bytes, bigEndian }: ValueBytes): DicomJsonValue[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_, index) =>
    [view.getUint16(index * 4, !bigEndian), view.getUint16(index * 4 + 2, !bigEndian)]
      .map((half) => half.toString(16).padStart(4, '0').toUpperCase())
      .join(''),
  )
}

/** JSON has neither NaN nor infinities. */
const finite = (value: number): DicomJsonValue => (Number.isFinite(value) ? value : String(value))

function safe(value: bigint): DicomJsonValue {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : String(value)
}

function trimEnd(bytes: Uint8Array): Uint8Array {
  let end = bytes.length
  while (end > 0 && (bytes[end - 1] === 0 || bytes[end - 1] === 0x20)) end--
  return end === bytes.length ? bytes : bytes.subarray(0, end)
}

/** Codes, dates and numbers are ASCII; what is not was written by a careless hand. */
function asciiOrUtf8(bytes: Uint8Array): string {
  return isAscii(bytes) ? asciiText(bytes, 0, bytes.length) : decodeText(bytes, [], 'LO')
}
