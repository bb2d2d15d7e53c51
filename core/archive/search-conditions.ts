import { parseDateRange, parseTimeRange, type DicomRange } from '../dicom/date-time.ts'
import { Tag } from '../dicom/tag.ts'
import { invalid } from '../errors.ts'
import type { SqlValue } from '../ports/database.ts'
import { foldText } from './fold-text.ts'
import { columnInteger } from './row-text.ts'
import type { SearchLevel, SearchQuery } from './search-query.ts'

/** How values of an attribute are compared. `st`, `se` and `i` are the tables of study, series and instance. */
type Matcher =
  | { readonly kind: 'text'; readonly column: string; readonly fold?: boolean }
  | { readonly kind: 'name'; readonly column: string }
  | { readonly kind: 'date' | 'time'; readonly column: string }
  | { readonly kind: 'uid'; readonly column: string }
  | { readonly kind: 'number'; readonly column: string }
  | { readonly kind: 'modalities'; readonly column: string }

const STUDY_MATCHERS: Readonly<Record<string, Matcher>> = {
  [Tag.StudyInstanceUID]: { kind: 'uid', column: 'st.study_instance_uid' },
  [Tag.StudyDate]: { kind: 'date', column: 'st.study_date' },
  [Tag.StudyTime]: { kind: 'time', column: 'st.study_time' },
  [Tag.AccessionNumber]: { kind: 'text', column: 'st.accession_number' },
  [Tag.ModalitiesInStudy]: { kind: 'modalities', column: 'st.modalities' },
  [Tag.ReferringPhysicianName]: { kind: 'name', column: 'st.referring_physician_folded' },
  [Tag.PatientName]: { kind: 'name', column: 'st.patient_name_folded' },
  [Tag.PatientID]: { kind: 'text', column: 'st.patient_id' },
  [Tag.IssuerOfPatientID]: { kind: 'text', column: 'st.issuer_of_patient_id' },
  [Tag.PatientBirthDate]: { kind: 'date', column: 'st.patient_birth_date' },
  [Tag.PatientSex]: { kind: 'text', column: 'st.patient_sex' },
  [Tag.StudyID]: { kind: 'text', column: 'st.study_id_text' },
  [Tag.StudyDescription]: { kind: 'text', column: 'st.study_description', fold: true },
  [Tag.NumberOfStudyRelatedSeries]: { kind: 'number', column: 'st.series_count' },
  [Tag.NumberOfStudyRelatedInstances]: { kind: 'number', column: 'st.instance_count' },
}

const requestAttribute = (tag: string): string =>
  `(select string_agg(v, '\\') from jsonb_path_query(se.attributes, '$."${Tag.RequestAttributesSequence}".Value[*]."${tag}".Value[*]') q, lateral (select q #>> '{}') t(v))`

const SERIES_MATCHERS: Readonly<Record<string, Matcher>> = {
  [Tag.SeriesInstanceUID]: { kind: 'uid', column: 'se.series_instance_uid' },
  [Tag.Modality]: { kind: 'text', column: 'se.modality' },
  [Tag.SeriesNumber]: { kind: 'number', column: 'se.series_number' },
  [Tag.SeriesDescription]: { kind: 'text', column: 'se.series_description', fold: true },
  [Tag.BodyPartExamined]: { kind: 'text', column: 'se.body_part_examined', fold: true },
  [Tag.PerformedProcedureStepStartDate]: { kind: 'date', column: 'se.pps_start_date' },
  [Tag.PerformedProcedureStepStartTime]: { kind: 'time', column: 'se.pps_start_time' },
  [`${Tag.RequestAttributesSequence}.${Tag.ScheduledProcedureStepID}`]: {
    kind: 'text',
    column: requestAttribute(Tag.ScheduledProcedureStepID),
  },
  [`${Tag.RequestAttributesSequence}.${Tag.RequestedProcedureID}`]: {
    kind: 'text',
    column: requestAttribute(Tag.RequestedProcedureID),
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

/**
 * SQL that is true for what the query asks for; its parameters are appended to `params`. Attributes that are not
 * matched at this level come back by path. An empty value matches everything (PS3.4 C.2.2.2.3). Errors: 'invalid'.
 */
export function searchConditions(
  level: SearchLevel,
  query: SearchQuery,
  params: SqlValue[],
): { conditions: string[]; unmatched: string[] } {
  const conditions: string[] = []
  const unmatched: string[] = []
  for (const { path, value } of query.matches) {
    const matcher = MATCHERS[level][path]
    if (matcher === undefined) unmatched.push(path)
    else if (value !== '' && value !== '*')
      conditions.push(condition(matcher, path, value, query.fuzzy, params))
  }
  return { conditions, unmatched }
}

function condition(
  matcher: Matcher,
  path: string,
  value: string,
  fuzzy: boolean,
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
      return nameCondition(matcher.column, value, fuzzy, params)
    case 'modalities':
      return modalitiesCondition(matcher.column, value, params)
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

function textCondition(
  matcher: { column: string; fold?: boolean },
  value: string,
  params: SqlValue[],
): string {
  const { column } = matcher
  if (!/[*?]/.test(value)) {
    return matcher.fold === true
      ? `lower(${column}) = lower($${params.push(value.trim())})`
      : `${column} = $${params.push(value.trim())}`
  }
  const pattern = value
    .replace(/[\\%_]/g, '\\$&')
    .replaceAll('*', '%')
    .replaceAll('?', '_')
  return `${column} ${matcher.fold === true ? 'ilike' : 'like'} $${params.push(pattern)}`
}

function modalitiesCondition(column: string, value: string, params: SqlValue[]): string {
  const wanted = value.split(/[,\\]/).map((modality) => modality.trim().toUpperCase())
  if (wanted.every((modality) => !/[*?]/.test(modality)))
    return `${column} && $${params.push(wanted)}::text[]`
  const patterns = wanted.map((modality) =>
    modality
      .replace(/[\\%_]/g, '\\$&')
      .replaceAll('*', '%')
      .replaceAll('?', '_'),
  )
  return `exists (select 1 from unnest(${column}) m where m like any($${params.push(patterns)}::text[]))`
}

const escapeRegex = (text: string): string => text.replace(/[\\^$.|+()[\]{}]/g, '\\$&')

/**
 * Person names, without regard to case and accents (PS3.4 C.2.2.2.1.1). The column holds each group between bars. A value
 * with `=` names groups one by one; one without is looked for in any group. Fuzzy: each word begins some word.
 */
function nameCondition(column: string, value: string, fuzzy: boolean, params: SqlValue[]): string {
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
  const patterns = groups.map((group) =>
    escapeRegex(group)
      .replaceAll('*', '[^|]*')
      .replaceAll('?', '[^|]')
      // Components that are empty at the end are not written (PS3.5 6.2.1.1): `Li^*` is also `Li`.
      .replace(/\\\^\[\^\|\]\*$/, '(\\^[^|]*)?'),
  )
  return patterns.length === 0
    ? 'true'
    : patterns.map((pattern) => `${column} ~ $${params.push(`\\|${pattern}\\|`)}`).join(' and ')
}
