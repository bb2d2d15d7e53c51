import { scopePredicate, type AccessScope } from '../access/access-scope.ts'
import { foldText } from '../archive/fold-text.ts'
import type { WorklistPage, WorklistQuery } from '../contract/api.ts'
import type { Pacs } from '../pacs.ts'
import type { SqlValue } from '../ports/database.ts'
import {
  presentWorklistStudy,
  SELECT_WORKLIST_STUDY,
  WITH_FAILED_WORK,
  WITH_PENDING_WORK,
  type WorklistStudyRow,
} from './worklist-study.ts'

/** What a click on a column's head orders by; ties are broken by the Id, so that pages never overlap. */
const SORTS: Readonly<Record<WorklistQuery['sort'], readonly string[]>> = {
  received: ['st.last_received_at'],
  studyDate: ['st.study_date', 'st.study_time'],
  patientName: ['st.patient_name_folded'],
  patientId: ['st.patient_id'],
  modality: ['st.modalities'],
  instances: ['st.instance_count'],
  description: ['lower(st.study_description)'],
}

/** A page of the studies that the scope allows and the filters ask for, with counts for the filters. */
export async function listWorklist(
  pacs: Pick<Pacs, 'database'>,
  scope: AccessScope,
  query: WorklistQuery,
): Promise<WorklistPage> {
  const [studies, counts] = await Promise.all([
    listPage(pacs, scope, query),
    countModalities(pacs, scope, query),
  ])
  return { studies, total: counts.total, modalities: counts.modalities }
}

async function listPage(
  pacs: Pick<Pacs, 'database'>,
  scope: AccessScope,
  query: WorklistQuery,
): Promise<WorklistPage['studies']> {
  const params: SqlValue[] = []
  const where = [...filters(scope, query, params), ...modalityFilter(query, params)]
  const direction = query.direction === 'asc' ? 'asc' : 'desc'
  const order = [...SORTS[query.sort], 'st.study_id'].map((column) => `${column} ${direction}`).join(', ')
  const rows = await pacs.database.query<WorklistStudyRow>(
    `${SELECT_WORKLIST_STUDY} where ${where.join(' and ')} order by ${order}
     limit $${params.push(query.limit)} offset $${params.push(query.offset)}`,
    params,
  )
  return rows.map(presentWorklistStudy)
}

/** How many studies there are in all, and of each modality whatever modalities are chosen. */
async function countModalities(
  pacs: Pick<Pacs, 'database'>,
  scope: AccessScope,
  query: WorklistQuery,
): Promise<{ total: number; modalities: { modality: string; count: number }[] }> {
  const params: SqlValue[] = []
  const where = filters(scope, query, params).join(' and ')
  const chosen = modalityFilter(query, params).join(' and ') || 'true'
  const rows = await pacs.database.query<{ modality: string | null; count: number; chosen: number }>(
    `with found as (select st.modalities, (${chosen}) as chosen from study st where ${where})
     select null as modality, 0 as count, count(*) filter (where chosen) as chosen from found
     union all
     select m, count(*), 0 from found, unnest(modalities) m group by m`,
    params,
  )
  const modalities = rows.flatMap(({ modality, count }) => (modality === null ? [] : [{ modality, count }]))
  return {
    total: rows.find((row) => row.modality === null)?.chosen ?? 0,
    modalities: modalities.sort((a, b) => b.count - a.count || (a.modality < b.modality ? -1 : 1)),
  }
}

function filters(scope: AccessScope, query: WorklistQuery, params: SqlValue[]): string[] {
  const where = [scopePredicate(scope, 'st', params)]
  for (const word of searchWords(query.q)) where.push(`st.search_text like $${params.push(`%${word}%`)}`)
  if (query.from !== undefined) where.push(`st.study_date >= $${params.push(query.from)}`)
  if (query.to !== undefined) where.push(`st.study_date <= $${params.push(query.to)} and st.study_date <> ''`)
  if (query.status === 'attention') where.push(WITH_FAILED_WORK)
  if (query.status === 'arriving') where.push(`${WITH_PENDING_WORK} and not ${WITH_FAILED_WORK}`)
  if (query.status === 'ready') where.push(`not ${WITH_PENDING_WORK} and not ${WITH_FAILED_WORK}`)
  return where
}

function modalityFilter(query: WorklistQuery, params: SqlValue[]): string[] {
  const wanted = query.modality ?? []
  return wanted.length === 0 ? [] : [`st.modalities && $${params.push(wanted)}::text[]`]
}

/** Each word is looked for anywhere: "zhang ct" and "ct zhang" find the same. Names are typed with spaces where DICOM has `^`. */
function searchWords(q: string | undefined): string[] {
  const folded = foldText(q ?? '').replace(/[\\%_]/g, '\\$&')
  return folded.split(/[\s^,]+/).filter((word) => word !== '')
}
