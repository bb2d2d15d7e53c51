import { tagOfKeyword } from '../dicom/dictionary.ts'
import { invalid } from '../errors.ts'

export type SearchLevel = 'study' | 'series' | 'instance'

/** A search as QIDO-RS and C-FIND both ask it (PS3.4 C.2.2.2, PS3.18 8.3.4). */
export interface SearchQuery {
  /** By tag, or tag.tag inside a sequence; values as they were given. */
  readonly matches: readonly { readonly path: string; readonly value: string }[]
  /** Tags to answer beside those that are always answered. */
  readonly include: readonly string[]
  readonly includeAll: boolean
  readonly fuzzy: boolean
  readonly limit: number | undefined
  readonly offset: number
  /** Parameters nobody understands: the answer says so. */
  readonly unknown: readonly string[]
}

const PARAMETERS = new Set(['includefield', 'fuzzymatching', 'limit', 'offset', 'accept', 'charset'])

/** Ways of matching that the standard offers and the archive does not: heeded by saying so, where they are wished for. */
const UNSUPPORTED_FLAGS = new Set(['emptyvaluematching', 'multiplevaluematching'])

/** The query of a QIDO-RS request. Errors: 'invalid', naming the parameter. */
export function parseSearchQuery(query: URLSearchParams): SearchQuery {
  const matches: { path: string; value: string }[] = []
  const unknown: string[] = []
  for (const [name, value] of query) {
    if (PARAMETERS.has(name.toLowerCase())) continue
    if (UNSUPPORTED_FLAGS.has(name.toLowerCase())) {
      if (value.toLowerCase() !== 'false') unknown.push(name)
      continue
    }
    // No DICOM value holds a NUL, and no text of the database can.
    if (value.includes('\0')) throw invalid('match-value-invalid', 'A value to match holds a NUL character.')
    const path = attributePath(name)
    if (path === undefined) unknown.push(name)
    else matches.push({ path, value })
  }
  const fields = query
    .getAll('includefield')
    .flatMap((value) => value.split(','))
    .map((field) => field.trim())
  return {
    matches,
    include: fields.flatMap((field) => attributePath(field) ?? []),
    includeAll: fields.some((field) => field.toLowerCase() === 'all'),
    fuzzy: parseFlag(query.get('fuzzymatching')),
    limit: parseCount(query.get('limit'), 'limit'),
    offset: parseCount(query.get('offset'), 'offset') ?? 0,
    unknown: [
      ...unknown,
      ...fields.filter(
        (field) => field !== '' && field.toLowerCase() !== 'all' && attributePath(field) === undefined,
      ),
    ],
  }
}

/** `PatientName`, `00100010`, `00400275.00400009` or its keywords, as tags; undefined when a part of it is no attribute. */
function attributePath(name: string): string | undefined {
  const tags = name
    .split('.')
    .map((part) => (/^[0-9a-f]{8}$/i.test(part) ? part.toUpperCase() : tagOfKeyword(part)))
  return tags.every((tag) => tag !== undefined) ? tags.join('.') : undefined
}

function parseFlag(text: string | null): boolean {
  if (text === null || text === '' || text === 'false') return false
  if (text === 'true') return true
  throw invalid('fuzzymatching-invalid', 'fuzzymatching is true or false.')
}

function parseCount(text: string | null, name: string): number | undefined {
  if (text === null || text === '') return undefined
  if (!/^\d{1,9}$/.test(text)) throw invalid(`${name}-invalid`, `${name} is a whole number from 0.`)
  return Number(text)
}
