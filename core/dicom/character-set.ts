import { convertBytes } from 'dicom-character-set'

/** VRs whose text follows Specific Character Set (PS3.5 6.1.2.3). */
export const CHARSET_VRS: ReadonlySet<string> = new Set(['LO', 'LT', 'PN', 'SH', 'ST', 'UC', 'UT'])

/** Bytes. */
const LONG_TEXT = 128

const strictUtf8 = new TextDecoder('utf-8', { fatal: true })
const strictGb18030 = new TextDecoder('gb18030', { fatal: true })
const latin1 = new TextDecoder('windows-1252')

/**
 * Text from bytes by Specific Character Set (PS3.3 C.12.1.1.2), code extensions included.
 *
 * The field's mistakes are mended where the bytes prove them: no declared set, or Latin-1 declared, over bytes that are
 * valid UTF-8 or that read as GBK with Chinese characters only. A real Latin-1 name has single accented letters between
 * plain ones, which is neither.
 */
export function decodeText(bytes: Uint8Array, characterSet: readonly string[], vr: string): string {
  if (isAscii(bytes)) return asciiText(bytes, 0, bytes.length)
  const declared = characterSet.map((term) => term.trim()).filter((term, index) => index === 0 || term !== '')
  const first = declared[0] ?? ''
  const single = declared.length <= 1
  if (single && (first === '' || first === 'ISO_IR 6' || first === 'ISO_IR 100' || first === 'ISO-IR 100')) {
    return mendedText(bytes)
  }
  if (single && first === 'ISO_IR 192') return new TextDecoder('utf-8').decode(bytes)
  if (single && (first === 'GB18030' || first === 'GBK')) return new TextDecoder('gb18030').decode(bytes)
  if (single && first === 'ISO_IR 203') return new TextDecoder('iso-8859-15').decode(bytes)
  // Many go back to ASCII by an escape sequence without having declared it.
  for (const terms of [declared, [...declared, 'ISO 2022 IR 6']]) {
    const text = tryConvert(terms.join('\\'), bytes, vr)
    if (text !== undefined) return text
  }
  // An unknown defined term: the bytes still say something.
  return mendedText(bytes)
}

function tryConvert(characterSet: string, bytes: Uint8Array, vr: string): string | undefined {
  try {
    return convertBytes(characterSet, bytes, { vr })
  } catch (error) {
    if (error instanceof Error) return undefined
    throw error
  }
}

function mendedText(bytes: Uint8Array): string {
  const utf8 = tryDecode(strictUtf8, bytes)
  if (utf8 !== undefined) return utf8
  const chinese = tryDecode(strictGb18030, bytes)
  if (chinese !== undefined && looksChinese(chinese)) return chinese
  return latin1.decode(bytes)
}

/** Nothing beyond ASCII but common Chinese characters and punctuation, in runs of two or more characters or a run a component. */
function looksChinese(text: string): boolean {
  const runs = text.match(/[^\0-\x7f]+/g) ?? []
  return (
    runs.every((run) => /^[\u4e00-\u9fff\u3000-\u303f\uff00-\uffef]+$/.test(run)) &&
    // Between letters of one word two bytes beyond ASCII are more likely two accented letters.
    !/[a-z][\u4e00-\u9fff]|[\u4e00-\u9fff][a-z]/i.test(text)
  )
}

function tryDecode(decoder: TextDecoder, bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes)
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}

/** Seven bits, and no escape sequence: the same in every character set. */
export function isAscii(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0
    if (byte > 0x7e || byte === 0x1b) return false
  }
  return true
}

/** ISO 646 text of [start, end). */
export function asciiText(bytes: Uint8Array, start: number, end: number): string {
  if (end - start > LONG_TEXT) return longAsciiText(bytes, start, end)
  let text = ''
  let at = start
  // Nearly all values: eight at once are quicker than one by one or an argument list, and leave less to collect.
  for (; at + 8 <= end; at += 8) {
    text += String.fromCharCode(
      bytes[at] ?? 0,
      bytes[at + 1] ?? 0,
      bytes[at + 2] ?? 0,
      bytes[at + 3] ?? 0,
      bytes[at + 4] ?? 0,
      bytes[at + 5] ?? 0,
      bytes[at + 6] ?? 0,
      bytes[at + 7] ?? 0,
    )
  }
  for (; at < end; at++) text += String.fromCharCode(bytes[at] ?? 0)
  return text
}

function longAsciiText(bytes: Uint8Array, start: number, end: number): string {
  let text = ''
  // In pieces: an argument list has a limit.
  for (let at = start; at < end; at += 4096) {
    text += String.fromCharCode(...bytes.subarray(at, Math.min(end, at + 4096)))
  }
  return text
}
