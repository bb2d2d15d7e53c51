import { parseDateRange, parseTimeRange, type DicomRange } from '../dicom/date-time.ts'
import { Tag } from '../dicom/tag.ts'
import { invalid } from '../errors.ts'
import { likeText } from '../like-text.ts'
import type { SqlValue } from '../ports/database.ts'
import { foldText } from './fold-text.ts'
import { columnInteger } from './row-text.ts'
import { foundByLetters, foundByParts, isForTrigrams } from './search-letters.ts'
import type { SearchLevel, SearchQuery } from './search-query.ts'

/** How values of an attribute are compared. `st`, `se` and `i` are the tables of study, series and instance. */
type Matcher =
  | TextMatcher
  | NameMatcher
  | { readonly kind: 'date' | 'time'; readonly column: string }
  | { readonly kind: 'uid'; readonly column: string }
  | { readonly kind: 'number'; readonly column: string }
  | { readonly kind: 'modalities'; readonly column: string }
  | { readonly kind: 'request'; readonly tag: string }

interface TextMatcher {
  readonly kind: 'text'
  readonly column: string
  /** Compared without regard to case. */
  readonly fold?: boolean
  /** A column that begins alike, in lower case, and has an index. */
  readonly beginning?: { readonly column: string; readonly length: number }
  /** `st.search_text` holds the folded value too, and has an index of parts of words. */
  readonly isSought?: boolean
}

interface NameMatcher {
  readonly kind: 'name'
  /** Holds the folded groups between bars, and has an index of trigrams. */
  readonly column: string
  /** `st.search_text` holds it too, and has an index of letters. */
  readonly isSought?: boolean
}

const STUDY_MATCHERS: Readonly<Record<string, Matcher>> = {
  [Tag.StudyInstanceUID]: { kind: 'uid', column: 'st.study_instance_uid' },
  [Tag.StudyDate]: { kind: 'date', column: 'st.study_date' },
  [Tag.StudyTime]: { kind: 'time', column: 'st.study_time' },
  [Tag.AccessionNumber]: { kind: 'text', column: 'st.accession_number', isSought: true },
  [Tag.ModalitiesInStudy]: { kind: 'modalities', column: 'st.modalities' },
  [Tag.ReferringPhysicianName]: { kind: 'name', column: 'st.referring_physician_folded' },
  [Tag.PatientName]: { kind: 'name', column: 'st.patient_name_folded', isSought: true },
  [Tag.PatientID]: { kind: 'text', column: 'st.patient_id', isSought: true },
  [Tag.IssuerOfPatientID]: { kind: 'text', column: 'st.issuer_of_patient_id' },
  [Tag.PatientBirthDate]: { kind: 'date', column: 'st.patient_birth_date' },
  [Tag.PatientSex]: { kind: 'text', column: 'st.patient_sex' },
  [Tag.StudyID]: { kind: 'text', column: 'st.study_id_text' },
  [Tag.StudyDescription]: {
    kind: 'text',
    column: 'st.study_description',
    fold: true,
    beginning: { column: 'st.description_order', length: 100 },
    isSought: true,
  },
  [Tag.NumberOfStudyRelatedSeries]: { kind: 'number', column: 'st.series_count' },
  [Tag.NumberOfStudyRelatedInstances]: { kind: 'number', column: 'st.instance_count' },
}

const SERIES_MATCHERS: Readonly<Record<string, Matcher>> = {
  [Tag.SeriesInstanceUID]: { kind: 'uid', column: 'se.series_instance_uid' },
  [Tag.Modality]: { kind: 'text', column: 'se.modality' },
  [Tag.SeriesNumber]: { kind: 'number', column: 'se.series_number' },
  [Tag.SeriesDescription]: { kind: 'text', column: 'se.series_description', fold: true },
  [Tag.BodyPartExamined]: { kind: 'text', column: 'se.body_part_examined', fold: true },
  [Tag.PerformedProcedureStepStartDate]: { kind: 'date', column: 'se.pps_start_date' },
  [Tag.PerformedProcedureStepStartTime]: { kind: 'time', column: 'se.pps_start_time' },
  [`${Tag.RequestAttributesSequence}.${Tag.ScheduledProcedureStepID}`]: {
    kind: 'request',
    tag: Tag.ScheduledProcedureStepID,
  },
  [`${Tag.RequestAttributesSequence}.${Tag.RequestedProcedureID}`]: {
    kind: 'request',
    tag: Tag.RequestedProcedureID,
  },
  [Tag.NumberOfSeriesRelatedInstances]: { kind: 'number', column: 'se.instance_count' },
}

const INSTANCE_MATCHERS: Readonly<Record<string, Matcher>> = {
  [Tag.SOPInstanceUID]: { kind: 'uid', column: 'i.sop_instance_uid' },
  [Tag.SOPClassUID]: { kind: 'uid', column: 'i.sop_class_uid' },
  [Tag.InstanceNumber]: { kind: 'number', column: 'i.instance_number' },
  [Tag.NumberOfFrames]: { kind: 'number', column: 'i.number_of_frames' },
  [Tag.Rows]: { kind: 'number', column: 'i.rows' },
  [Tag.Columns]: { kind: 'number', column: 'i.columns' },
  [Tag.BitsAllocated]: { kind: 'number', column: 'i.bits_allocated' },
}

const MATCHERS: Readonly<Record<SearchLevel, Readonly<Record<string, Matcher>>>> = {
  study: STUDY_MATCHERS,
  series: { ...STUDY_MATCHERS, ...SERIES_MATCHERS },
  instance: { ...STUDY_MATCHERS, ...SERIES_MATCHERS, ...INSTANCE_MATCHERS },
}

/** Whether the query asks for modalities by a wildcard: then `searchConditions` wants to know which there are. */
export const asksForModalitiesLike = (query: Pick<SearchQuery, 'matches'>): boolean =>
  query.matches.some(({ path, value }) => path === Tag.ModalitiesInStudy && WILDCARD.test(value))

/**
 * SQL that is true for what the query asks for; its parameters are appended to `params`. Attributes that are not
 * matched at this level come back by path. An empty value matches everything (PS3.4 C.2.2.2.3). Errors: 'invalid'.
 *
 * @param modalities every modality that there is, when `asksForModalitiesLike`
 */
export function searchConditions(
  level: SearchLevel,
  query: Pick<SearchQuery, 'matches' | 'fuzzy'>,
  params: SqlValue[],
  modalities: readonly string[] = [],
): { conditions: string[]; unmatched: string[] } {
  const conditions: string[] = []
  const unmatched: string[] = []
  for (const { path, value } of query.matches) {
    const matcher = MATCHERS[level][path]
    if (matcher === undefined) unmatched.push(path)
    else if (value !== '' && value !== '*')
      conditions.push(condition(matcher, path, value, { fuzzy: query.fuzzy, modalities }, params))
  }
  return { conditions, unmatched }
}

function condition(
  matcher: Matcher,
  path: string,
  value: string,
  { fuzzy, modalities }: { readonly fuzzy: boolean; readonly modalities: readonly string[] },
  params: SqlValue[],
): string {
  switch (matcher.kind) {
    case 'uid':
      return `${matcher.column} = any($${params.push(uidList(value))}::text[])`
    case 'date':
      return within(
        matcher.column,
        parseDateRange(value) ?? refuse(path, 'a date or a range of dates, YYYYMMDD-YYYYMMDD'),
        params,
      )
    case 'time':
      return within(
        matcher.column,
        parseTimeRange(value) ?? refuse(path, 'a time or a range of times, HHMMSS-HHMMSS'),
        params,
      )
    case 'number':
      return `${matcher.column} = $${params.push(wholeNumber(path, value))}`
    case 'name':
      return nameCondition(matcher, value, fuzzy, params)
    case 'modalities':
      return modalitiesCondition(matcher.column, value, modalities, params)
    case 'request':
      return requestCondition(matcher.tag, value, params)
    case 'text':
      return textCondition(matcher, value, params)
  }
}

function refuse(path: string, right: string): never {
  throw invalid('match-value-invalid', `${path} is matched by ${right}.`)
}

/** A list by commas or backslashes (PS3.18 8.3.4.1 and PS3.4 C.2.2.2.2). */
function uidList(value: string): string[] {
  const uids = value.split(/[,\\]/).map((uid) => uid.trim())
  const wrong = uids.some((uid) => !/^[\d.]{1,100}$/.test(uid))
  return wrong ? refuse('A UID', 'UIDs with commas between them') : uids
}

/** As an IS holds it (PS3.5 6.2), and an integer column. */
function wholeNumber(path: string, value: string): number {
  const number = /^[+-]?\d{1,10}$/.test(value.trim()) ? columnInteger(Number(value)) : null
  return number ?? refuse(path, 'a whole number of 32 bits')
}

/** Columns hold dates as YYYYMMDD and times as HHMMSS.FFFFFF, so text compares as time does; an empty one is in no range. */
function within(column: string, range: DicomRange, params: SqlValue[]): string {
  if (range.from !== undefined && range.from === range.to) return `${column} = $${params.push(range.from)}`
  const sides = [`${column} <> ''`]
  if (range.from !== undefined) sides.push(`${column} >= $${params.push(range.from)}`)
  if (range.to !== undefined) sides.push(`${column} <= $${params.push(range.to)}`)
  return sides.join(' and ')
}

const WILDCARD = /[*?]/

/** A pattern of `like`, which knows `%`, `_` and `\` where DICOM has `*` and `?`. */
const likePattern = (value: string): string => likeText(value).replaceAll('*', '%').replaceAll('?', '_')

function textCondition(matcher: TextMatcher, value: string, params: SqlValue[]): string {
  const { column, fold = false, beginning } = matcher
  if (WILDCARD.test(value)) {
    const like = `${column} ${fold ? 'ilike' : 'like'} $${params.push(likePattern(value))}`
    // What begins a value that is compared by its bytes is found by the order of values.
    if (matcher.isSought !== true || (!fold && !/^[*?]/.test(value))) return like
    return foundByParts('st', soughtParts(value), like, params)
  }
  const wanted = `$${params.push(value.trim())}`
  if (!fold) return `${column} = ${wanted}`
  const equal = `lower(${column}) = lower(${wanted})`
  return beginning === undefined
    ? equal
    : `${equal} and ${beginning.column} = left(lower(${wanted}), ${beginning.length})`
}

/**
 * The parts of a pattern that folded text surely holds as they are, in lower case: folding joins nothing to printable ASCII and
 * to Chinese characters, and takes none of them away, but outer and doubled spaces.
 */
const soughtParts = (pattern: string): string[] =>
  pattern
    .split(/[^\x20-\x7e\u3400-\u4dbf\u4e00-\u9fff]|[*?]| {2,}/)
    .map((part) => part.trim().toLowerCase())
    .filter((part) => part !== '')

function modalitiesCondition(
  column: string,
  value: string,
  modalities: readonly string[],
  params: SqlValue[],
): string {
  const wanted = value.split(/[,\\]/).map((modality) => modality.trim().toUpperCase())
  const named = wanted.flatMap((one) =>
    WILDCARD.test(one) ? modalities.filter((modality) => wildcardRegex(one).test(modality)) : [one],
  )
  return `${column} && $${params.push(named)}::text[]`
}

/** `*` is any characters, `?` any one (PS3.4 C.2.2.2.4). */
const wildcardRegex = (pattern: string): RegExp =>
  new RegExp(`^${escapeRegex(pattern).replaceAll('*', '.*').replaceAll('?', '.')}$`, 'su')

const REQUEST = `se.attributes -> '${Tag.RequestAttributesSequence}'`

/** True when some item of the Request Attributes Sequence has the value (PS3.4 C.2.2.2.6). */
function requestCondition(tag: string, value: string, params: SqlValue[]): string {
  const isThere = `se.attributes ? '${Tag.RequestAttributesSequence}'`
  if (!WILDCARD.test(value)) {
    const item = JSON.stringify({ Value: [{ [tag]: { Value: [value.trim()] } }] })
    return `${isThere} and ${REQUEST} @> $${params.push(item)}::jsonb`
  }
  return `${isThere} and exists (select 1 from jsonb_path_query(${REQUEST}, '$.Value[*]."${tag}".Value[*]') v
    where v #>> '{}' like $${params.push(likePattern(value))})`
}

const escapeRegex = (text: string): string => text.replace(/[\\^$.|+()[\]{}]/g, '\\$&')

/**
 * Person names, without regard to case and accents (PS3.4 C.2.2.2.1.1). The column holds each group between bars. A value
 * with `=` names groups one by one; one without is looked for in any group. Fuzzy: each word begins some word.
 */
function nameCondition(
  { column, isSought = false }: NameMatcher,
  value: string,
  fuzzy: boolean,
  params: SqlValue[],
): string {
  // As the column has it: a bar in a name would look like the end of a group.
  const folded = foldText(value).replaceAll('|', ' ')
  if (fuzzy) {
    const words = folded
      .replace(/[*?]/g, '')
      .split(/[\s^=,]+/)
      .filter((word) => word !== '')
    return words.length === 0
      ? 'true'
      : words.map((word) => `${column} ~ $${params.push(`[|^ ]${escapeRegex(word)}`)}`).join(' and ')
  }
  const groups = folded
    .split('=')
    .map((group) => group.trim().replace(/\^+$/, ''))
    .filter((group) => group !== '')
  const conditions = groups.map((group) => {
    const part = namePart(group)
    const matches =
      part === undefined
        ? `${column} ~ $${params.push(`\\|${nameRegex(group)}\\|`)}`
        : `${column} like $${params.push(`%${part}%`)}`
    if (!isSought) return matches
    const parts = surelyIn(group)
    return parts.some(isForTrigrams) ? matches : foundByLetters('st', parts, matches, params)
  })
  return conditions.length === 0 ? 'true' : conditions.join(' and ')
}

/**
 * What `like` finds in the column where wildcards are at the ends alone: the same as a regular expression, in a tenth of the
 * time, which is what counts where a page is looked for in thousands of names. Undefined for other patterns.
 */
function namePart(group: string): string | undefined {
  const [, before, literal, after] = /^(\*?)([^*?]+)(\*?)$/.exec(group) ?? []
  // `Li^*` is also `Li`.
  if (literal === undefined || literal.endsWith('^')) return undefined
  return `${before === '' ? '|' : ''}${likePattern(literal)}${after === '' ? '|' : ''}`
}

/** What the column holds as it is, of every name that a group's pattern finds. */
const surelyIn = (group: string): string[] =>
  `|${group.replace(/\^\*$/, '*')}|`.split(/[*?]/).filter((part) => part !== '|')

const nameRegex = (group: string): string =>
  escapeRegex(group)
    .replaceAll('*', '[^|]*')
    .replaceAll('?', '[^|]')
    // Components that are empty at the end are not written (PS3.5 6.2.1.1): `Li^*` is also `Li`.
    .replace(/\\\^\[\^\|\]\*$/, '(\\^[^|]*)?')
