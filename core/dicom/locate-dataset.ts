import { asciiText } from './character-set.ts'
import { DicomFault } from './dicom-fault.ts'
import { readHead, tagText, UNDEFINED_LENGTH, type Encoding } from './element-head.ts'
import { Tag } from './tag.ts'
import {
  DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
  EXPLICIT_VR_BIG_ENDIAN,
  EXPLICIT_VR_LITTLE_ENDIAN,
  IMPLICIT_VR_LITTLE_ENDIAN,
  transferSyntax,
} from './transfer-syntax.ts'

const EXPLICIT_LITTLE: Encoding = { implicit: false, bigEndian: false }
/** Preamble and prefix (PS3.10 7.1). */
const PREFIX_END = 132
/** File meta information is a few hundred bytes; a longer one is something else. */
const LARGEST_META = 1 << 20

/** Where the data set begins and how it is written. */
export interface LocatedDataset {
  readonly datasetOffset: number
  readonly hasPreamble: boolean
  /** There is a file meta group with a transfer syntax. */
  readonly hasMeta: boolean
  readonly transferSyntaxUid: string
  readonly deflated: boolean
  readonly encoding: Encoding
  readonly mediaStorageSopClassUid: string | undefined
  readonly mediaStorageSopInstanceUid: string | undefined
  readonly warnings: readonly string[]
}

/**
 * Finds the data set: after preamble, prefix and file meta group as PS3.10 7.1 wants them, or without the one or the
 * other. What the bytes show of the encoding wins over what the file meta group says. Undefined: more bytes are needed
 * (`complete`: there are no more). Errors: DicomFault 'not-dicom', 'truncated'.
 */
export function locateDataset(bytes: Uint8Array, complete: boolean): LocatedDataset | undefined {
  if (bytes.length < PREFIX_END + 16 && !complete) return undefined
  const metaOffset = findMeta(bytes)
  const meta = metaOffset === undefined ? emptyMeta(0) : readMeta(bytes, metaOffset, complete)
  if (meta === undefined) return undefined
  // A few bytes more, to see how the first element is written.
  if (bytes.length < meta.end + 8 && !complete) return undefined
  if (bytes.length < meta.end + 8) {
    throw new DicomFault(metaOffset === undefined ? 'not-dicom' : 'truncated', 'There is no data set.')
  }
  const declared = meta.transferSyntaxUid === undefined ? undefined : transferSyntax(meta.transferSyntaxUid)
  // Behind a file meta group that says how, the first element may be any; without one it must look like a first element.
  const shown =
    (metaOffset === undefined ? encodingOfBareDataset(bytes) : encodingShown(bytes, meta.end)) ??
    (declared?.deflated === false ? declared : undefined)
  const warnings: string[] = []
  if (metaOffset === undefined) warnings.push('no-file-meta')
  const deflated = declared?.deflated === true && shown === undefined
  if (shown === undefined && !deflated) {
    throw new DicomFault(
      metaOffset === undefined ? 'not-dicom' : 'data-set-invalid',
      'There is no DICOM data set.',
    )
  }
  const encoding = shown ?? EXPLICIT_LITTLE
  const said = declared ?? undefined
  const agrees =
    said !== undefined &&
    (deflated ||
      (said.implicit === encoding.implicit && said.bigEndian === encoding.bigEndian && !said.deflated))
  if (meta.transferSyntaxUid !== undefined && !agrees) warnings.push('transfer-syntax-differs')
  if (meta.transferSyntaxUid === undefined && metaOffset !== undefined)
    warnings.push('transfer-syntax-missing')
  const keepsItsName =
    meta.transferSyntaxUid !== undefined && (agrees || said === undefined || said.encapsulated)
  return {
    datasetOffset: meta.end,
    hasPreamble: metaOffset === PREFIX_END,
    hasMeta: meta.transferSyntaxUid !== undefined,
    transferSyntaxUid:
      keepsItsName && meta.transferSyntaxUid !== undefined
        ? meta.transferSyntaxUid
        : deflated
          ? DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN
          : uidOf(encoding),
    deflated,
    encoding,
    mediaStorageSopClassUid: meta.sopClassUid,
    mediaStorageSopInstanceUid: meta.sopInstanceUid,
    warnings,
  }
}

function uidOf(encoding: Encoding): string {
  if (encoding.implicit) return IMPLICIT_VR_LITTLE_ENDIAN
  return encoding.bigEndian ? EXPLICIT_VR_BIG_ENDIAN : EXPLICIT_VR_LITTLE_ENDIAN
}

/** The first byte of the file meta group, or undefined when the bytes begin with something else. */
function findMeta(bytes: Uint8Array): number | undefined {
  const isPrefix = (at: number): boolean => asciiText(bytes, at, Math.min(bytes.length, at + 4)) === 'DICM'
  if (isPrefix(128) && (isGroup2(bytes, PREFIX_END) || encodingOfBareDataset(bytes) === undefined))
    return PREFIX_END
  if (isPrefix(0)) return 4
  return isGroup2(bytes, 0) ? 0 : undefined
}

const isGroup2 = (bytes: Uint8Array, at: number): boolean => bytes[at] === 2 && bytes[at + 1] === 0

interface Meta {
  readonly end: number
  readonly transferSyntaxUid: string | undefined
  readonly sopClassUid: string | undefined
  readonly sopInstanceUid: string | undefined
}

const emptyMeta = (end: number): Meta => ({
  end,
  transferSyntaxUid: undefined,
  sopClassUid: undefined,
  sopInstanceUid: undefined,
})

/** Reads while elements are of group 2: the group length is often wrong, and not needed. */
function readMeta(bytes: Uint8Array, start: number, complete: boolean): Meta | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const values = new Map<string, string>()
  let at = start
  while (at < bytes.length && isGroup2(bytes, at)) {
    const head = readHead(view, at, bytes.length, EXPLICIT_LITTLE)
    const end = head === undefined ? Infinity : head.valueOffset + head.length
    if (head === undefined || end > bytes.length) {
      const absurd = head !== undefined && (head.length === UNDEFINED_LENGTH || end - start > LARGEST_META)
      if (absurd) throw new DicomFault('data-set-invalid', 'The file meta information is too long.')
      if (!complete) return undefined
      throw new DicomFault('truncated', 'The file ends in its file meta information.')
    }
    values.set(
      tagText(head.tag),
      asciiText(bytes, head.valueOffset, Math.min(end, head.valueOffset + 128)).replace(/[\s\0]+$/, ''),
    )
    at = end
  }
  const uid = (tag: string): string | undefined => values.get(tag) || undefined
  return {
    end: at,
    transferSyntaxUid: uid(Tag.TransferSyntaxUID),
    sopClassUid: uid(Tag.MediaStorageSOPClassUID),
    sopInstanceUid: uid(Tag.MediaStorageSOPInstanceUID),
  }
}

/** How the element at `at` is written, or undefined when no encoding makes sense of it. */
function encodingShown(bytes: Uint8Array, at: number): Encoding | undefined {
  if (at + 8 > bytes.length) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  // Data sets begin with a low group; read in the wrong order its number is large.
  const bigEndian = !isFirstGroup(view.getUint16(at, true)) && isFirstGroup(view.getUint16(at, false))
  if (!bigEndian && !isFirstGroup(view.getUint16(at, true))) return undefined
  const vr = asciiText(bytes, at + 4, at + 6)
  if (
    /^(AE|AS|AT|CS|DA|DS|DT|FD|FL|IS|LO|LT|OB|OD|OF|OL|OV|OW|PN|SH|SL|SQ|SS|ST|SV|TM|UC|UI|UL|UN|UR|US|UT|UV)$/.test(
      vr,
    )
  ) {
    return { implicit: false, bigEndian }
  }
  const length = view.getUint32(at + 4, !bigEndian)
  return length < 1 << 20 || length === UNDEFINED_LENGTH ? { implicit: true, bigEndian } : undefined
}

/** Nothing says that this is DICOM, so zeros, which would read as empty command elements, are no data set. */
function encodingOfBareDataset(bytes: Uint8Array): Encoding | undefined {
  return bytes[0] === 0 && bytes[1] === 0 ? undefined : encodingShown(bytes, 0)
}

/** Command group leftovers (0), file meta leftovers (2), directory (4), identifying (8), patient (0x10) and so on. */
const isFirstGroup = (group: number): boolean => group <= 0x20
