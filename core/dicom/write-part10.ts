import type { DicomJson, DicomJsonElement, DicomJsonPersonName, DicomJsonValue } from './dicom-json.ts'
import { textEncoder } from './encode-text.ts'

export interface Part10Input {
  /** Every element but the file meta group and Pixel Data; keys in any order; Annex F shapes (binary as InlineBinary). */
  readonly dataset: DicomJson
  /** Native pixels, little endian. Written as OW, or as OB when a sample has 8 bits. */
  readonly pixels?: Uint8Array
  /** Of an encapsulated syntax, whose Pixel Data the caller puts behind; Explicit VR Little Endian unless said. */
  readonly transferSyntaxUid?: string
}

/** Names this writer in the file meta group (PS3.7 D.3.3.2). */
export const IMPLEMENTATION_CLASS_UID = '2.25.221749130372814583927735069124318274561'
const IMPLEMENTATION_VERSION_NAME = 'YUNYING'
const EXPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2.1'

/** VRs whose length field has four bytes (PS3.5 7.1.2). */
const LONG_VRS = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV'])
/** VRs whose text follows Specific Character Set (PS3.5 6.1.2.3). */
const CHARSET_VRS = new Set(['LO', 'LT', 'PN', 'SH', 'ST', 'UC', 'UT'])

/** Writes DICOM files whose text is in one character set. */
export type Part10Writer = (input: Part10Input) => Uint8Array[]

/**
 * A writer of DICOM files (PS3.10 7.1) in Explicit VR Little Endian; it answers chunks: the header, then the pixels as
 * given (not copied). The character set is also what it writes as Specific Character Set.
 *
 * Errors of the writer: TypeError for an object where text belongs, RangeError for text outside the character set or a
 * value too long for its VR.
 */
export function openPart10Writer(characterSet: 'GB18030' | 'ISO_IR 192' | 'ISO_IR 100'): Part10Writer {
  const encode = textEncoder(characterSet)
  return ({ dataset: given, ...rest }) =>
    writePart10({ ...rest, dataset: { ...given, '00080005': { vr: 'CS', Value: [characterSet] } } }, encode)
}

function writePart10(
  { dataset: json, pixels, transferSyntaxUid = EXPLICIT_VR_LITTLE_ENDIAN }: Part10Input,
  encode: Encode,
): Uint8Array[] {
  const meta = concat([
    element('00020001', { vr: 'OB', InlineBinary: 'AAE=' }, encode),
    element('00020002', { vr: 'UI', Value: [text(json['00080016']?.Value?.[0])] }, encode),
    element('00020003', { vr: 'UI', Value: [text(json['00080018']?.Value?.[0])] }, encode),
    element('00020010', { vr: 'UI', Value: [transferSyntaxUid] }, encode),
    element('00020012', { vr: 'UI', Value: [IMPLEMENTATION_CLASS_UID] }, encode),
    element('00020013', { vr: 'SH', Value: [IMPLEMENTATION_VERSION_NAME] }, encode),
  ])
  const preamble = new Uint8Array(132)
  preamble.set([0x44, 0x49, 0x43, 0x4d], 128)
  const chunks = [
    preamble,
    element('00020000', { vr: 'UL', Value: [meta.length] }, encode),
    meta,
    encodeDataset(json, encode),
  ]
  if (pixels === undefined) return [concat(chunks)]
  const vr = json['00280100']?.Value?.[0] === 8 ? 'OB' : 'OW'
  const odd = pixels.length % 2
  chunks.push(elementHeader('7FE00010', vr, pixels.length + odd))
  return odd === 1 ? [concat(chunks), pixels, new Uint8Array(1)] : [concat(chunks), pixels]
}

type Encode = (text: string) => Uint8Array

/**
 * The elements of a data set or an item, in Explicit VR Little Endian and in the order of their tags; sequences and their
 * items have defined lengths. Errors as those of `Part10Writer`.
 */
export function encodeDataset(json: DicomJson, encode: Encode): Uint8Array {
  return concat(
    Object.entries(json)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([tag, value]) => element(tag, value, encode)),
  )
}

function element(tag: string, value: DicomJsonElement, encode: Encode): Uint8Array {
  const bytes = valueBytes(value, encode)
  return concat([elementHeader(tag, value.vr, bytes.length), bytes])
}

function elementHeader(tag: string, vr: string, length: number): Uint8Array {
  const long = LONG_VRS.has(vr)
  if (!long && length > 0xffff) throw new RangeError(`A value of ${tag} is too long for its VR.`)
  const header = new DataView(new ArrayBuffer(long ? 12 : 8))
  header.setUint16(0, Number.parseInt(tag.slice(0, 4), 16), true)
  header.setUint16(2, Number.parseInt(tag.slice(4), 16), true)
  header.setUint8(4, vr.charCodeAt(0))
  header.setUint8(5, vr.charCodeAt(1))
  if (long) header.setUint32(8, length, true)
  else header.setUint16(6, length, true)
  return new Uint8Array(header.buffer)
}

function valueBytes(value: DicomJsonElement, encode: Encode): Uint8Array {
  if (value.InlineBinary !== undefined) {
    return padded(
      Uint8Array.from(atob(value.InlineBinary), (character) => character.charCodeAt(0)),
      0,
    )
  }
  const values = value.Value ?? []
  if (value.vr === 'SQ') return concat(values.map((item) => sequenceItem(item, encode)))
  const size = BINARY_SIZES[value.vr]
  if (size !== undefined) return binary(value.vr, size, values)
  const joined = values.map((each) => (value.vr === 'PN' ? personName(each) : text(each))).join('\\')
  const bytes = CHARSET_VRS.has(value.vr) ? encode(joined) : new TextEncoder().encode(joined)
  return padded(bytes, value.vr === 'UI' ? 0 : 0x20)
}

/** An item of defined length (PS3.5 7.5.2). */
function sequenceItem(item: DicomJsonValue, encode: Encode): Uint8Array {
  const bytes = encodeDataset(isDataset(item) ? item : {}, encode)
  const header = new DataView(new ArrayBuffer(8))
  header.setUint16(0, 0xfffe, true)
  header.setUint16(2, 0xe000, true)
  header.setUint32(4, bytes.length, true)
  return concat([new Uint8Array(header.buffer), bytes])
}

const isDataset = (value: DicomJsonValue): value is DicomJson => typeof value === 'object' && value !== null

const BINARY_SIZES: Readonly<Record<string, number>> = { US: 2, SS: 2, UL: 4, SL: 4, FL: 4, FD: 8, AT: 4 }

function binary(vr: string, size: number, values: readonly DicomJsonValue[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(size * values.length))
  values.forEach((value, index) => {
    const at = index * size
    const number = Number(value)
    if (vr === 'US') view.setUint16(at, number, true)
    else if (vr === 'SS') view.setInt16(at, number, true)
    else if (vr === 'UL') view.setUint32(at, number, true)
    else if (vr === 'SL') view.setInt32(at, number, true)
    else if (vr === 'FL') view.setFloat32(at, number, true)
    else if (vr === 'FD') view.setFloat64(at, number, true)
    else {
      const tag = text(value)
      view.setUint16(at, Number.parseInt(tag.slice(0, 4), 16), true)
      view.setUint16(at + 2, Number.parseInt(tag.slice(4), 16), true)
    }
  })
  return new Uint8Array(view.buffer)
}

function personName(value: DicomJsonValue): string {
  if (typeof value !== 'object' || value === null) return text(value)
  const { Alphabetic, Ideographic, Phonetic } = value as DicomJsonPersonName
  return [Alphabetic, Ideographic, Phonetic]
    .map((group) => group ?? '')
    .join('=')
    .replace(/=+$/, '')
}

function text(value: DicomJsonValue | undefined): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'object') throw new TypeError('A text element holds an object.')
  return String(value)
}

function padded(bytes: Uint8Array, filler: number): Uint8Array {
  if (bytes.length % 2 === 0) return bytes
  const out = new Uint8Array(bytes.length + 1)
  out.set(bytes)
  out[bytes.length] = filler
  return out
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}
