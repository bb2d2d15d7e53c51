import { asciiText, decodeText } from '../dicom/character-set.ts'
import type { RawElement } from './elements.ts'

/** Attributes whose values name the patient, the visit or who was there; those of VR PN beside them. */
const IDENTIFIERS = new Set([
  ...['00100020', '00101000', '00101001', '00101005', '00101040', '00101060', '00101090', '00102154'],
  ...[
    '00080050',
    '00200010',
    '00321032',
    '00380010',
    '00380060',
    '00380300',
    '00402016',
    '00402017',
    '00401001',
    '00400253',
  ],
  ...['00080080', '00080081', '00081010', '00081040', '00080092', '00080094'],
])
const DAYS = new Set(['00100030'])
const UIDS = new Set(['0020000D', '0020000E', '00080018', '00200052', '00080014'])
/** What describes the image to programs; defined terms that a short name could be met in. */
const NEVER_TOUCHED =
  /^(0028|00080005|00080008|00080016|00089007|0008920[5-9]|00080060|00081150|00185100|00200020|00200060|00080064|0040A0[14]0|0040A050|00700022|00700023|0054)/
const TEXT = new Set(['AE', 'AS', 'CS', 'LO', 'LT', 'PN', 'SH', 'ST', 'UC', 'UI', 'UR', 'UT'])
const BINARY = new Set(['OB', 'OW', 'UN'])

/** Shorter names are found as whole words only, and the shortest not at all: "Li" is also half of "Lipiodol". */
const SHORTEST = 3
const SHORTEST_WITHIN = 6
/** Of binary values so much is looked through. Bytes. */
const LARGEST_LOOKED_AT = 1 << 20

/**
 * What an instance says about people, days and itself, found again where no table expects it: a name in a software version,
 * an ID in a label. A net under the profile, not in its place.
 */
export interface IdentityNet {
  /** The value of an element that would stay has something of this. */
  catches(element: RawElement, characterSet: readonly string[]): boolean
  /** Bytes that are none of an element (a comment in a codestream) have something of this. */
  catchesBytes(bytes: Uint8Array): boolean
}

/** Looks through elements at any depth, private ones too. */
export function identityNet(elements: readonly RawElement[], options: { uids: boolean }): IdentityNet {
  const words = new Set<string>()
  gather(elements, [], options.uids, words)
  const within = [...words].filter((word) => word.length >= SHORTEST_WITHIN || isWide(word))
  const whole = new Set([...words].filter((word) => word.length >= SHORTEST))
  const catchesText = (text: string): boolean => {
    const folded = text.toLowerCase()
    return (
      within.some((word) => folded.includes(word)) ||
      folded.split(/[^\p{L}\p{N}]+/u).some((word) => whole.has(word)) ||
      whole.has(folded.trim())
    )
  }
  const ascii = within.filter((word) => !isWide(word))
  const catchesBytes = (bytes: Uint8Array): boolean => {
    const folded = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      .toString('latin1')
      .toLowerCase()
    return ascii.some((word) => folded.includes(word))
  }
  return {
    catches({ tag, vr = 'UN', value }, characterSet) {
      if (words.size === 0 || NEVER_TOUCHED.test(tag)) return false
      if (TEXT.has(vr)) return catchesText(textOf(value, vr, characterSet))
      return BINARY.has(vr) && value.length <= LARGEST_LOOKED_AT && catchesBytes(value)
    },
    catchesBytes,
  }
}

function gather(
  elements: readonly RawElement[],
  outer: readonly string[],
  withUids: boolean,
  words: Set<string>,
): void {
  const characterSet = characterSetOf(elements) ?? outer
  for (const { tag, vr = 'UN', value, items } of elements) {
    for (const item of items ?? []) gather(item, characterSet, withUids, words)
    if (items !== undefined || value.length === 0 || value.length > 4096) continue
    if (vr === 'PN') namesIn(textOf(value, vr, characterSet)).forEach((word) => words.add(word))
    else if (IDENTIFIERS.has(tag))
      valuesIn(textOf(value, vr, characterSet)).forEach((word) => words.add(word))
    else if (DAYS.has(tag) || (withUids && UIDS.has(tag)))
      valuesIn(textOf(value, vr, [])).forEach((word) => words.add(word))
  }
}

/** Each name, and each of its components. */
function namesIn(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[\\=]/)
    .flatMap((name) => [name.replace(/\^+$/, ''), ...name.split(/[\^\s,]+/)])
    .map((word) => word.trim())
    .filter(
      (word) =>
        isTelling(word) &&
        !/^(dr|md|mr|mrs|ms|prof|phd|anonymous|anon|anonymized|none|unknown|test|patient|name|phantom)$/.test(
          word,
        ),
    )
}

const valuesIn = (text: string): string[] =>
  text
    .toLowerCase()
    .split('\\')
    .map((word) => word.trim())
    .filter((word) => isTelling(word) && (word.length > SHORTEST || isWide(word)))

const isTelling = (word: string): boolean => word.length >= SHORTEST || (word.length >= 2 && isWide(word))
const isWide = (word: string): boolean => /[^\0-\x7f]/.test(word)

/** The Specific Character Set that these elements declare, or undefined. */
export function characterSetOf(elements: readonly RawElement[]): readonly string[] | undefined {
  const declared = elements.find(({ tag }) => tag === '00080005')?.value
  return (
    declared &&
    asciiText(declared, 0, declared.length)
      .split('\\')
      .map((term) => term.trim())
  )
}

/** Without its padding. */
export function textOf(value: Uint8Array, vr: string, characterSet: readonly string[]): string {
  return decodeText(value, characterSet, vr).replace(/[\s\0]+$/, '')
}
