import type { AccessScope } from '../access/access-scope.ts'
import type { WorklistPage, WorklistQuery } from '../contract/api.ts'
import type { Pacs } from '../pacs.ts'
import type { SqlValue } from '../ports/database.ts'
import { countWorklist } from './count-worklist.ts'
import { modalityFilter, worklistFilters } from './worklist-filters.ts'
import { afterPlace, findPlace, orderBy } from './worklist-order.ts'
import { presentWorklistStudy, selectWorklistStudies, type WorklistStudyRow } from './worklist-study.ts'

/** A page of the studies that the scope allows and the filters ask for, with counts for the filters. */
export async function listWorklist(
  pacs: Pick<Pacs, 'database'>,
  scope: AccessScope,
  query: WorklistQuery,
): Promise<WorklistPage> {
  const [studies, counts] = await Promise.all([
    listPage(pacs, scope, query),
    countWorklist(pacs.database, scope, query),
  ])
  return { studies, ...counts }
}

/** Which studies are on the page is found first, from an index; only theirs is the rest then read. */
async function listPage(
  pacs: Pick<Pacs, 'database'>,
  scope: AccessScope,
  query: WorklistQuery,
): Promise<WorklistPage['studies']> {
  const place =
    query.after === undefined || query.offset === 0
      ? undefined
      : await findPlace(pacs.database, scope, query.sort, query.after)
  const params: SqlValue[] = []
  const where = [...worklistFilters(scope, query, params), ...modalityFilter(query, params)]
  if (place !== undefined) where.push(afterPlace(query, place, params))
  const order = orderBy(query)
  const page = `select st.study_id from study st where ${where.join(' and ')} order by ${order}
    limit $${params.push(query.limit)} offset $${params.push(place === undefined ? query.offset : 0)}`
  const rows = await pacs.database.query<WorklistStudyRow>(
    `${selectWorklistStudies(`(select * from study join (${page}) page using (study_id))`)} order by ${order}`,
    params,
  )
  return rows.map(presentWorklistStudy)
}
