import { keywordOfTag } from './dictionary.ts'
import { items, type DicomJson, type DicomJsonElement, type DicomJsonValue } from './dicom-json.ts'

/** One element of a data set, for a list. */
export interface ElementRow {
  /** `tag`, or `tag/item/tag…`; items counted from 0. */
  readonly path: string
  /** How deep in sequences; 0 in the data set itself. */
  readonly depth: number
  /** Eight hexadecimal digits. */
  readonly tag: string
  /** Undefined where it is private or unknown. */
  readonly keyword: string | undefined
  /** Of a private element: who it belongs to (PS3.5 7.8.1); undefined where nobody says. */
  readonly creator: string | undefined
  readonly vr: string
  /** Values as DICOM writes them, apart by backslashes; empty for sequences and what is kept elsewhere. */
  readonly value: string
  /** Of a sequence; undefined for others. */
  readonly itemCount: number | undefined
  /** Too large for metadata, or bytes without a meaning to people. */
  readonly isBulk: boolean
}

/** Every element in the order of its tags, each item of a sequence after the sequence. */
export function elementRows(dataset: DicomJson, within = '', depth = 0): ElementRow[] {
  return Object.keys(dataset)
    .sort()
    .flatMap((tag) => {
      const element = dataset[tag] ?? { vr: 'UN' }
      const content = items(dataset, tag)
      const path = within + tag
      return [
        {
          path,
          depth,
          tag,
          keyword: keywordOfTag(tag),
          creator: creatorOf(dataset, tag),
          vr: element.vr,
          value: valueText(element),
          itemCount: element.vr === 'SQ' ? content.length : undefined,
          isBulk: element.BulkDataURI !== undefined || element.InlineBinary !== undefined,
        },
        ...content.flatMap((item, index) => elementRows(item, `${path}/${index}/`, depth + 1)),
      ]
    })
}

/** The values of an element as one line; nothing for a sequence or for bytes. */
export const valueText = ({ vr, Value: values = [] }: DicomJsonElement): string =>
  vr === 'SQ' ? '' : values.map(oneValue).join('\\')

function oneValue(value: DicomJsonValue): string {
  if (value === null) return ''
  if (typeof value !== 'object') return String(value)
  const groups = ['Alphabetic', 'Ideographic', 'Phonetic'].map((group) => {
    const text = (value as Readonly<Record<string, unknown>>)[group]
    return typeof text === 'string' ? text : ''
  })
  return groups.join('=').replace(/=+$/, '')
}

/** Private elements lie in blocks that another element gives to somebody: (gggg,xxee) to whom (gggg,00xx) names. */
function creatorOf(dataset: DicomJson, tag: string): string | undefined {
  const isPrivate = Number.parseInt(tag.slice(3, 4), 16) % 2 === 1
  if (!isPrivate || tag.slice(4, 6) === '00') return undefined
  const owner = dataset[`${tag.slice(0, 4)}00${tag.slice(4, 6)}`]
  return owner && valueText(owner)
}

/** `(0010,0010)`. */
export const shownTag = (tag: string): string => `(${tag.slice(0, 4)},${tag.slice(4)})`

/**
 * Whether a row is what somebody looks for: by its tag, however it is written, by its name, its owner or its value; case and
 * spaces do not matter.
 */
export function isRowFound(row: ElementRow, wanted: string): boolean {
  const plain = (text: string): string => text.toLowerCase().replace(/[\s(),]/g, '')
  const looked = plain(wanted)
  return [row.tag, row.keyword, row.creator, row.value].some((text) => plain(text ?? '').includes(looked))
}
