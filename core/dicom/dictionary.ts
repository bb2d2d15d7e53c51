import dictionary from '@iwharris/dicom-data-dictionary'

interface DictionaryEntry {
  readonly keyword: string
  readonly vr: string
}

const plain = (tag: string): string => tag.slice(1, 5).toUpperCase() + tag.slice(6, 10).toUpperCase()

/** Every element of PS3.6 with one tag; then those whose tag has places that count up (50xx, 60xx, 0020,31xx). */
const BY_TAG = new Map<string, DictionaryEntry>()
const REPEATING: { pattern: RegExp; entry: DictionaryEntry }[] = []
const TAG_BY_KEYWORD = new Map<string, string>()

for (const { tag, keyword, vr } of Object.values(dictionary.elements)) {
  // "US or SS", "OB or OW": the first is what is said when nothing else tells.
  const entry = { keyword, vr: vr.split(' ')[0] ?? 'UN' }
  const digits = plain(tag)
  if (/X/.test(digits))
    REPEATING.push({ pattern: new RegExp(`^${digits.replaceAll('X', '[0-9A-F]')}$`), entry })
  else {
    BY_TAG.set(digits, entry)
    if (keyword !== '') TAG_BY_KEYWORD.set(keyword, digits)
  }
}

function entryOf(tag: string): DictionaryEntry | undefined {
  return BY_TAG.get(tag) ?? REPEATING.find(({ pattern }) => pattern.test(tag))?.entry
}

/** The VR of a standard element, or undefined (private, unknown). Eight hexadecimal digits, upper case. */
export function vrOfTag(tag: string): string | undefined {
  if (tag.endsWith('0000')) return 'UL'
  const isPrivate = Number.parseInt(tag.slice(3, 4), 16) % 2 === 1
  if (isPrivate) return /^....00(?!0)[0-9A-F]{2}$/.test(tag) ? 'LO' : undefined
  return entryOf(tag)?.vr
}

export function keywordOfTag(tag: string): string | undefined {
  const keyword = entryOf(tag)?.keyword
  return keyword === '' ? undefined : keyword
}

export function tagOfKeyword(keyword: string): string | undefined {
  return TAG_BY_KEYWORD.get(keyword)
}
