import { scopePredicate, type AccessScope } from '../access/access-scope.ts'
import type { DicomJson } from '../dicom/dicom-json.ts'
import { Tag } from '../dicom/tag.ts'
import type { Pacs } from '../pacs.ts'
import type { Database, QueryOptions, SqlValue } from '../ports/database.ts'
import { instanceMetadataTexts } from './instance-metadata.ts'
import { findInstancesById } from './instance-record.ts'
import { answerOf, computed, inOrder } from './search-answer.ts'
import { asksForModalitiesLike, searchConditions } from './search-conditions.ts'
import type { SearchLevel, SearchQuery } from './search-query.ts'
import { findFarPage, modalitiesOf } from './study-tally.ts'

/** Most that one answer holds; more is asked for by offset. */
const LARGEST_PAGE = 5000

/** Within one study or series, when the address says so (then what is above is not answered again). */
export interface SearchWithin {
  readonly studyInstanceUid?: string
  readonly seriesInstanceUid?: string
}

export interface SearchResult {
  readonly answers: readonly DicomJson[]
  /** There is more behind this page. */
  readonly more: boolean
  /** Attributes or parameters that were not heeded, by tag or name. */
  readonly unheeded: readonly string[]
}

/** Studies, series or instances that the query describes and the scope allows, in a stable order. Errors: 'invalid'. */
export async function search(
  pacs: Pick<Pacs, 'database' | 'objects'>,
  scope: AccessScope,
  level: SearchLevel,
  query: SearchQuery,
  within: SearchWithin = {},
): Promise<SearchResult> {
  const limit = Math.min(query.limit ?? LARGEST_PAGE, LARGEST_PAGE)
  const { rows, unmatched } = await findRows(pacs, scope, level, { ...query, limit: limit + 1 }, within)
  const page = rows.slice(0, limit)
  const full = level === 'instance' ? await fullAttributes(pacs, page, query) : undefined
  return {
    answers: page.map((row, index) => inOrder(answer(level, row, query, within, full?.[index]))),
    more: rows.length > limit,
    unheeded: [...unmatched, ...query.unknown],
  }
}

/** The rows of a page, in order, and the attributes that were asked for but are not matched at this level. */
async function findRows(
  pacs: Pick<Pacs, 'database'>,
  scope: AccessScope,
  level: SearchLevel,
  query: SearchQuery & { readonly limit: number },
  within: SearchWithin,
): Promise<{ rows: SearchRow[]; unmatched: string[] }> {
  const { database } = pacs
  const modalities = asksForModalitiesLike(query) ? await modalitiesOf(database, scope.organisationId) : []
  const params: SqlValue[] = []
  const { conditions, unmatched } = searchConditions(level, query, params, modalities)
  if (isFarAmongAll(scope, level, query, conditions))
    return { rows: await findFarRows(database, scope, query), unmatched }

  const where = [
    scopePredicate(scope, 'st', params),
    ...OWN_ORGANISATION[level](scope, params),
    ...conditions,
  ]
  if (within.studyInstanceUid !== undefined)
    where.push(`st.study_instance_uid = $${params.push(within.studyInstanceUid)}`)
  if (within.seriesInstanceUid !== undefined)
    where.push(`se.series_instance_uid = $${params.push(within.seriesInstanceUid)}`)
  const rows = await database.query<SearchRow>(
    `${SELECT[level]} where ${where.join(' and ')} order by ${ORDER[level]}
     limit $${params.push(query.limit)} offset $${params.push(query.offset)}`,
    params,
    nameOf(level, scope, within, conditions),
  )
  return { rows, unmatched }
}

/**
 * What there is in a study is always asked with the same text, of whoever reads everything: planned once by a connection, as planning takes longer
 * than the answer. All other questions are planned for what they look for.
 */
function nameOf(
  level: SearchLevel,
  scope: AccessScope,
  { studyInstanceUid, seriesInstanceUid }: SearchWithin,
  conditions: readonly string[],
): QueryOptions {
  if (!scope.everything || studyInstanceUid === undefined || conditions.length > 0) return {}
  return { name: `search-${level}-of-${seriesInstanceUid === undefined ? 'study' : 'series'}` }
}

/** Fewer rows than this are soon walked over. */
const FAR = 500

const isFarAmongAll = (
  scope: AccessScope,
  level: SearchLevel,
  query: SearchQuery,
  conditions: readonly string[],
): boolean => scope.everything && level === 'study' && query.offset >= FAR && conditions.length === 0

/** A page deep in the list of all studies: from the month it is in, and over the index alone to its place there. */
async function findFarRows(
  database: Database,
  scope: AccessScope,
  query: SearchQuery & { readonly limit: number },
): Promise<SearchRow[]> {
  const { before, offset } = await findFarPage(database, scope.organisationId, query.offset)
  const params: SqlValue[] = []
  const where = [scopePredicate(scope, 'st', params)]
  if (before !== undefined) where.push(`st.study_date < $${params.push(before)}`)
  const page = `select st.organisation_id, st.study_instance_uid from study st where ${where.join(' and ')}
    order by ${ORDER.study} limit $${params.push(query.limit)} offset $${params.push(offset)}`
  return database.query<SearchRow>(
    `${SELECT.study} join (${page}) page using (organisation_id, study_instance_uid) order by ${ORDER.study}`,
    params,
  )
}

interface SearchRow {
  readonly study_instance_uid: string
  readonly study_attributes: DicomJson
  readonly modalities: string[]
  readonly series_count: number
  readonly study_instances: number
  readonly series_instance_uid: string
  readonly series_attributes: DicomJson
  readonly series_instances: number
  readonly instance_id: string
  readonly sop_instance_uid: string
  readonly sop_class_uid: string
  readonly transfer_syntax_uid: string
  readonly instance_number: number | null
  readonly number_of_frames: number
  readonly rows: number | null
  readonly columns: number | null
  readonly bits_allocated: number | null
}

const STUDY_COLUMNS = `st.study_instance_uid, st.attributes as study_attributes, st.modalities, st.series_count,
  st.instance_count as study_instances`
const SERIES_COLUMNS = `${STUDY_COLUMNS}, se.series_instance_uid, se.attributes as series_attributes,
  se.instance_count as series_instances`
const SELECT: Readonly<Record<SearchLevel, string>> = {
  study: `select ${STUDY_COLUMNS} from study st`,
  series: `select ${SERIES_COLUMNS} from study st join series se on se.study_id = st.study_id`,
  instance: `select ${SERIES_COLUMNS}, i.instance_id, i.sop_instance_uid, i.sop_class_uid,
    i.transfer_syntax_uid, i.instance_number, i.number_of_frames, i.rows, i.columns, i.bits_allocated
    from study st join series se on se.study_id = st.study_id join instance i on i.series_id = se.series_id`,
}
/** The scope is of studies: said of the other tables too, their indexes are of use. */
const OWN_ORGANISATION: Readonly<
  Record<SearchLevel, (scope: AccessScope, params: SqlValue[]) => readonly string[]>
> = {
  study: () => [],
  series: (scope, params) => [`se.organisation_id = $${params.push(scope.organisationId)}`],
  instance: (scope, params) => {
    const organisation = `$${params.push(scope.organisationId)}`
    return [`se.organisation_id = ${organisation}`, `i.organisation_id = ${organisation}`]
  },
}
const STUDY_ORDER = 'st.study_date desc, st.study_time desc, st.study_instance_uid'
const SERIES_ORDER = `${STUDY_ORDER}, se.series_number nulls last, se.series_instance_uid`
const ORDER: Readonly<Record<SearchLevel, string>> = {
  study: STUDY_ORDER,
  series: SERIES_ORDER,
  instance: `${SERIES_ORDER}, i.instance_number nulls last, i.sop_instance_uid`,
}

function answer(
  level: SearchLevel,
  row: SearchRow,
  query: SearchQuery,
  within: SearchWithin,
  full: DicomJson | undefined,
): DicomJson {
  const path = `/dicom-web/studies/${row.study_instance_uid}`
  const ofStudy = {
    ...answerOf('study', row.study_attributes, query),
    ...computed(Tag.ModalitiesInStudy, 'CS', ...row.modalities),
    ...computed(Tag.NumberOfStudyRelatedSeries, 'IS', row.series_count),
    ...computed(Tag.NumberOfStudyRelatedInstances, 'IS', row.study_instances),
  }
  const online = computed(Tag.InstanceAvailability, 'CS', 'ONLINE')
  if (level === 'study') return { ...ofStudy, ...online, ...computed(Tag.RetrieveURL, 'UR', path) }

  const seriesPath = `${path}/series/${row.series_instance_uid}`
  const above =
    within.studyInstanceUid === undefined
      ? ofStudy
      : computed(Tag.StudyInstanceUID, 'UI', row.study_instance_uid)
  const ofSeries = {
    ...answerOf('series', row.series_attributes, query),
    ...computed(Tag.NumberOfSeriesRelatedInstances, 'IS', row.series_instances),
  }
  if (level === 'series')
    return { ...above, ...ofSeries, ...online, ...computed(Tag.RetrieveURL, 'UR', seriesPath) }

  const aboveInstance =
    within.seriesInstanceUid === undefined
      ? ofSeries
      : computed(Tag.SeriesInstanceUID, 'UI', row.series_instance_uid)
  return {
    ...above,
    ...aboveInstance,
    ...answerOf('instance', { ...full, ...instanceAttributes(row) }, query),
    ...online,
    ...computed(Tag.RetrieveURL, 'UR', `${seriesPath}/instances/${row.sop_instance_uid}`),
  }
}

function instanceAttributes(row: SearchRow): DicomJson {
  const number = (tag: string, vr: string, value: number | null): DicomJson =>
    value === null ? {} : computed(tag, vr, value)
  return {
    ...computed(Tag.SOPClassUID, 'UI', row.sop_class_uid),
    ...computed(Tag.SOPInstanceUID, 'UI', row.sop_instance_uid),
    // Of all it can be had in, the one that it is kept in (PS3.4 C.6.1.1.5.2).
    ...computed(Tag.AvailableTransferSyntaxUID, 'UI', row.transfer_syntax_uid),
    ...number(Tag.InstanceNumber, 'IS', row.instance_number),
    ...number(Tag.Rows, 'US', row.rows),
    ...number(Tag.Columns, 'US', row.columns),
    ...number(Tag.BitsAllocated, 'US', row.bits_allocated),
    ...number(Tag.NumberOfFrames, 'IS', row.number_of_frames > 1 ? row.number_of_frames : null),
  }
}

/** The whole metadata of the page's instances, read only when the query asks for more than rows hold. */
async function fullAttributes(
  pacs: Pick<Pacs, 'database' | 'objects'>,
  page: readonly SearchRow[],
  query: SearchQuery,
): Promise<DicomJson[] | undefined> {
  if (!query.includeAll && query.include.length === 0) return undefined
  const records = await findInstancesById(
    pacs.database,
    page.map((row) => row.instance_id),
  )
  const texts = await instanceMetadataTexts(pacs, records)
  const byId = new Map(
    records.map((record, index) => [record.instanceId, JSON.parse(texts[index] ?? '{}') as DicomJson]),
  )
  return page.map((row) => byId.get(row.instance_id) ?? {})
}
