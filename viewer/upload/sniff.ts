import type { SkipReason } from './found-file.ts'

/** As many bytes of the beginning as `sniff` looks at. */
export const SNIFFED_BYTES = 1024

const PREFIX_OFFSET = 128
const SYSTEM_NAMES = new Set(['.ds_store', 'thumbs.db', 'desktop.ini', 'autorun.inf', '.localized'])
const DICOM_SUFFIX = /\.(?:dcm|dicom|ima|dic)$/i
/** Media Storage Directory Storage. */
const DIRECTORY_SOP_CLASS = '1.2.840.10008.1.3.10'
const APPLE_DOUBLE = [0x00, 0x05, 0x16, 0x07]

const SIGNATURES: readonly (readonly [SkipReason, number, readonly number[]])[] = [
  ['pdf', 0, ascii('%PDF-')],
  ['picture', 0, [0xff, 0xd8, 0xff]],
  ['picture', 0, [0x89, ...ascii('PNG')]],
  ['picture', 0, ascii('GIF8')],
  ['picture', 0, [...ascii('II*'), 0]],
  ['picture', 0, [...ascii('MM'), 0, 0x2a]],
  ['picture', 8, ascii('WEBP')],
  ['video', 4, ascii('ftyp')],
  ['video', 8, ascii('AVI ')],
  ['archive', 0, [...ascii('PK'), 3, 4]],
  ['archive', 0, ascii('Rar!')],
  ['archive', 0, [...ascii('7z'), 0xbc, 0xaf]],
  ['archive', 0, [0x1f, 0x8b]],
  ['program', 0, ascii('MZ')],
  ['program', 0, [0x7f, ...ascii('ELF')]],
]

/**
 * Whether a file is worth sending, from its name and its first bytes. Only what is surely something else is
 * skipped; in doubt, and always when it is named `.dcm`, the archive decides.
 */
export function sniff(path: string, size: number, head: Uint8Array): 'dicom' | SkipReason {
  const name = path.split(/\/|› /).at(-1) ?? path
  if (size === 0) return 'empty'
  if (isSystemFile(path, name, head)) return 'system-file'
  if (startsWith(head, PREFIX_OFFSET, ascii('DICM'))) return isDirectory(head) ? 'dicomdir' : 'dicom'
  if (name.toUpperCase() === 'DICOMDIR') return 'dicomdir'
  if (startsLikeDataset(head) || DICOM_SUFFIX.test(name)) return 'dicom'
  const known = SIGNATURES.find(([, offset, bytes]) => startsWith(head, offset, bytes))
  if (known !== undefined) return known[0]
  return isText(head) ? 'text' : 'not-dicom'
}

function isSystemFile(path: string, name: string, head: Uint8Array): boolean {
  return (
    SYSTEM_NAMES.has(name.toLowerCase()) ||
    path.includes('__MACOSX/') ||
    (name.startsWith('._') && startsWith(head, 0, APPLE_DOUBLE))
  )
}

function isDirectory(head: Uint8Array): boolean {
  const text = String.fromCharCode(...head.subarray(PREFIX_OFFSET, SNIFFED_BYTES))
  const element = text.indexOf('\x02\x00\x02\x00UI')
  return element >= 0 && text.slice(element + 8).match(/^[\d.]+/)?.[0] === DIRECTORY_SOP_CLASS
}

/** A data set without preamble starts with a low, even group (0002, 0008, 0010 …), little or big endian. */
function startsLikeDataset(head: Uint8Array): boolean {
  if (head.length < 8) return false
  const [a = 0, b = 0, c = 0, d = 0] = head
  const group = b === 0 ? a : a === 0 ? b : 0
  if (group === 0 || group % 2 !== 0 || group > 0x20) return false
  // The element number of the first element of a group is small as well.
  return b === 0 ? d === 0 || c === 0 : c === 0 || d === 0
}

/** No control characters but line ends and tabs, in a well-formed beginning. */
function isText(head: Uint8Array): boolean {
  return head.length > 0 && head.every((byte) => byte >= 0x20 || byte === 9 || byte === 10 || byte === 13)
}

function startsWith(head: Uint8Array, offset: number, bytes: readonly number[]): boolean {
  return bytes.every((byte, index) => head[offset + index] === byte)
}

function ascii(text: string): number[] {
  return [...text].map((character) => character.charCodeAt(0))
}
