import type { DicomJson } from '../dicom-json.ts'
import { textEncoder } from '../encode-text.ts'
import { metaGroup, PREFIX } from '../file-meta.ts'
import { Tag } from '../tag.ts'
import { EXPLICIT_VR_LITTLE_ENDIAN } from '../transfer-syntax.ts'
import { encodeDataset } from '../write-part10.ts'
import type { DirectoryRecord } from './directory-record.ts'

const MEDIA_STORAGE_DIRECTORY = '1.2.840.10008.1.3.10'
/** Tag and length of an item. */
const ITEM_HEAD = 8
/** Two elements UL and one US: the offsets of a record and its flag, which come first (PS3.3 F.3.2.2). */
const LINKS = 12 + 10 + 12
/** The elements before the sequence of records, and the head of that. */
const SEQUENCE_HEAD = 12
const IN_USE = 0xffff

export interface DicomdirInput {
  /** Of the file-set: it is the DICOMDIR's SOP Instance UID. */
  readonly fileSetUid: string
  /** The Specific Character Set that the files' text has come in. */
  readonly characterSet: string | undefined
  readonly records: readonly DirectoryRecord[]
}

/** A record where it is written. */
interface Placed {
  readonly bytes: Uint8Array
  readonly offset: number
  next: Placed | undefined
  lower: Placed | undefined
}

/**
 * A DICOMDIR: the Basic Directory IOD in a DICOM file. Records come as they are read, from the top down; offsets count from
 * the file's first byte, its preamble's. Source: PS3.3 F.2.2 and F.3.2, PS3.10 8.6.
 */
export function writeDicomdir({ fileSetUid, characterSet, records }: DicomdirInput): Uint8Array {
  const meta = metaGroup({
    sopClassUid: MEDIA_STORAGE_DIRECTORY,
    sopInstanceUid: fileSetUid,
    transferSyntaxUid: EXPLICIT_VR_LITTLE_ENDIAN,
  })
  const start = PREFIX.length + meta.length + headOf(0, 0).length + SEQUENCE_HEAD
  const placed = place(records, start, recordEncoder(characterSet))
  const all = placed.all
  const size = all.reduce((sum, { bytes }) => sum + ITEM_HEAD + LINKS + bytes.length, 0)
  const sequence = new DataView(new ArrayBuffer(SEQUENCE_HEAD))
  writeTag(sequence, 0, 0x0004, 0x1220)
  writeText(sequence, 4, 'SQ')
  sequence.setUint32(8, size, true)

  const file = new Uint8Array(start + size)
  let at = 0
  const write = (bytes: Uint8Array): void => {
    file.set(bytes, at)
    at += bytes.length
  }
  const [first] = placed.entity
  for (const part of [PREFIX, meta, headOf(first?.offset ?? 0, placed.entity.at(-1)?.offset ?? 0)])
    write(part)
  write(new Uint8Array(sequence.buffer))
  for (const record of all) {
    write(linksOf(record))
    write(record.bytes)
  }
  return file
}

/** File-set Identification and the beginning of Directory Information; the file-set has no ID but its UID. */
const headOf = (first: number, last: number): Uint8Array =>
  encodeDataset(
    {
      [Tag.FileSetID]: { vr: 'CS' },
      [Tag.OffsetOfTheFirstDirectoryRecord]: { vr: 'UL', Value: [first] },
      [Tag.OffsetOfTheLastDirectoryRecord]: { vr: 'UL', Value: [last] },
      [Tag.FileSetConsistencyFlag]: { vr: 'US', Value: [0] },
    },
    (text) => new TextEncoder().encode(text),
  )

/** Encodes the records of one directory entity, and all below them, from `start` on. */
function place(
  records: readonly DirectoryRecord[],
  start: number,
  encode: (record: DirectoryRecord) => Uint8Array,
): { readonly entity: Placed[]; readonly all: Placed[]; readonly end: number } {
  const entity: Placed[] = []
  const all: Placed[] = []
  let at = start
  for (const record of records) {
    const one: Placed = { bytes: encode(record), offset: at, next: undefined, lower: undefined }
    const before = entity.at(-1)
    if (before !== undefined) before.next = one
    entity.push(one)
    const below = place(record.lower, at + ITEM_HEAD + LINKS + one.bytes.length, encode)
    one.lower = below.entity[0]
    all.push(one)
    for (const each of below.all) all.push(each)
    at = below.end
  }
  return { entity, all, end: at }
}

/** The item's head, where the next record and those below are (0: there are none), and that it is in use. */
function linksOf({ bytes, next, lower }: Placed): Uint8Array {
  const view = new DataView(new ArrayBuffer(ITEM_HEAD + LINKS))
  writeTag(view, 0, 0xfffe, 0xe000)
  view.setUint32(4, LINKS + bytes.length, true)
  const offset = (at: number, element: number, value: number): void => {
    writeTag(view, at, 0x0004, element)
    writeText(view, at + 4, 'UL')
    view.setUint16(at + 6, 4, true)
    view.setUint32(at + 8, value, true)
  }
  offset(8, 0x1400, next?.offset ?? 0)
  writeTag(view, 20, 0x0004, 0x1410)
  writeText(view, 24, 'US')
  view.setUint16(26, 2, true)
  view.setUint16(28, IN_USE, true)
  offset(30, 0x1420, lower?.offset ?? 0)
  return new Uint8Array(view.buffer)
}

function writeTag(view: DataView, at: number, group: number, element: number): void {
  view.setUint16(at, group, true)
  view.setUint16(at + 2, element, true)
}

function writeText(view: DataView, at: number, text: string): void {
  for (let index = 0; index < text.length; index++) view.setUint8(at + index, text.charCodeAt(index))
}

/**
 * What follows the links of a record: type, file and keys. Text beyond ASCII is written in the character set the files
 * have, where we write that and it holds the text; else in UTF-8.
 */
function recordEncoder(characterSet: string | undefined): (record: DirectoryRecord) => Uint8Array {
  const own = characterSet === 'GBK' ? 'GB18030' : characterSet
  const isOurs = own === 'GB18030' || own === 'ISO_IR 100'
  // GB18030 takes a while to prepare, and most records are ASCII.
  let prepared: ((text: string) => Uint8Array) | undefined
  const utf8 = textEncoder('ISO_IR 192')
  return (record) => {
    let isAscii = true
    const elements = elementsOf(record)
    const plain = encodeDataset(elements, (text) => {
      isAscii &&= isPlain(text)
      return utf8(text)
    })
    if (isAscii) return plain
    const saying = (term: string): DicomJson => ({
      ...elements,
      [Tag.SpecificCharacterSet]: { vr: 'CS', Value: [term] },
    })
    if (isOurs) {
      prepared ??= textEncoder(own)
      try {
        return encodeDataset(saying(own), prepared)
      } catch (error) {
        if (!(error instanceof RangeError)) throw error
      }
    }
    return encodeDataset(saying('ISO_IR 192'), utf8)
  }
}

const isPlain = (text: string): boolean => {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7e) return false
  return true
}

function elementsOf({ type, keys, file }: DirectoryRecord): DicomJson {
  return {
    ...keys,
    [Tag.DirectoryRecordType]: { vr: 'CS', Value: [type] },
    ...(file && {
      [Tag.ReferencedFileID]: { vr: 'CS', Value: [...file.fileId] },
      [Tag.ReferencedSOPClassUIDInFile]: { vr: 'UI', Value: [file.sopClassUid] },
      [Tag.ReferencedSOPInstanceUIDInFile]: { vr: 'UI', Value: [file.sopInstanceUid] },
      [Tag.ReferencedTransferSyntaxUIDInFile]: { vr: 'UI', Value: [file.transferSyntaxUid] },
    }),
  }
}
