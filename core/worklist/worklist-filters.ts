import { scopePredicate, type AccessScope } from '../access/access-scope.ts'
import { hasWords, searchWords } from '../archive/search-letters.ts'
import type { WorklistQuery } from '../contract/api.ts'
import type { SqlValue } from '../ports/database.ts'
import { WITH_FAILED_WORK, WITH_PENDING_WORK } from './worklist-study.ts'

/** Whether anything but the choice of modalities narrows the list. */
export const isNarrowed = (query: WorklistQuery): boolean =>
  searchWords(query.q ?? '').length > 0 ||
  query.from !== undefined ||
  query.to !== undefined ||
  query.status !== undefined

/** SQL over the alias `st`: the scope, and all filters but the modalities. Parameters are appended to `params`. */
export function worklistFilters(scope: AccessScope, query: WorklistQuery, params: SqlValue[]): string[] {
  const where = [scopePredicate(scope, 'st', params), ...hasWords('st', query.q ?? '', params)]
  if (query.from !== undefined) where.push(`st.study_date >= $${params.push(query.from)}`)
  if (query.to !== undefined) where.push(`st.study_date <= $${params.push(query.to)} and st.study_date <> ''`)
  if (query.status === 'attention') where.push(WITH_FAILED_WORK)
  if (query.status === 'arriving') where.push(`${WITH_PENDING_WORK} and not ${WITH_FAILED_WORK}`)
  if (query.status === 'ready') where.push(`not ${WITH_PENDING_WORK} and not ${WITH_FAILED_WORK}`)
  return where
}

export function modalityFilter(query: Pick<WorklistQuery, 'modality'>, params: SqlValue[]): string[] {
  const wanted = query.modality ?? []
  return wanted.length === 0 ? [] : [`st.modalities && $${params.push(wanted)}::text[]`]
}
