import type { AccessScope } from '../access/access-scope.ts'
import { modalitiesOf, tallyByModality } from '../archive/study-tally.ts'
import type { WorklistPage, WorklistQuery } from '../contract/api.ts'
import type { Queryable, SqlValue } from '../ports/database.ts'
import { isNarrowed, modalityFilter, worklistFilters } from './worklist-filters.ts'

export type WorklistCounts = Pick<WorklistPage, 'total' | 'totalIsExact' | 'modalities'>

/** Nobody reads more rows than this to the end: so many are counted at each key that is pressed, and no more. */
const ENOUGH = 1000

/**
 * How many studies there are in all, and of each modality whatever modalities are chosen. All studies are counted exactly,
 * from the tally; of those that filters find, `ENOUGH` or as many as the page is deep.
 */
export async function countWorklist(
  database: Queryable,
  scope: AccessScope,
  query: WorklistQuery,
): Promise<WorklistCounts> {
  if (scope.everything && !isNarrowed(query)) return countAll(database, scope, query)
  const found = await countFound(database, scope, query)
  if (found.all <= ENOUGH)
    return { total: found.chosen, totalIsExact: true, modalities: inOrder(found.modalities) }

  const names = scope.everything
    ? await modalitiesOf(database, scope.organisationId)
    : found.modalities.keys()
  const modalities = [...names].sort().map((modality) => ({ modality, count: null }))
  const most = Math.max(ENOUGH, query.offset + 2 * query.limit)
  const isAllChosen = modalityFilter(query, []).length === 0
  const total =
    isAllChosen && most === ENOUGH ? most + 1 : await countChosen(database, scope, query, most + 1)
  return { total: Math.min(total, most), totalIsExact: total <= most, modalities }
}

async function countAll(
  database: Queryable,
  scope: AccessScope,
  query: WorklistQuery,
): Promise<WorklistCounts> {
  const wanted = query.modality ?? []
  const counts = new Map<string, number>()
  let total = 0
  for (const { modalities, studies } of await tallyByModality(database, scope.organisationId)) {
    if (wanted.length === 0 || modalities.some((modality) => wanted.includes(modality))) total += studies
    for (const modality of modalities) counts.set(modality, (counts.get(modality) ?? 0) + studies)
  }
  return { total, totalIsExact: true, modalities: inOrder(counts) }
}

/** Among at most one more than `ENOUGH` studies: how many, how many of the chosen modalities, how many of each modality. */
async function countFound(
  database: Queryable,
  scope: AccessScope,
  query: WorklistQuery,
): Promise<{ all: number; chosen: number; modalities: Map<string, number> }> {
  const params: SqlValue[] = []
  const where = worklistFilters(scope, query, params).join(' and ')
  const chosen = modalityFilter(query, params).join(' and ') || 'true'
  const rows = await database.query<{ modality: string | null; count: number; chosen: number }>(
    `with found as materialized (select st.modalities from study st where ${where} limit ${ENOUGH + 1})
     select null as modality, count(*) as count, count(*) filter (where ${chosen}) as chosen from found st
     union all
     select m, count(*), 0 from found, unnest(modalities) m group by m`,
    params,
  )
  const whole = rows.find((row) => row.modality === null)
  const modalities = new Map(
    rows.flatMap(({ modality, count }) => (modality === null ? [] : [[modality, count] as const])),
  )
  return { all: whole?.count ?? 0, chosen: whole?.chosen ?? 0, modalities }
}

async function countChosen(
  database: Queryable,
  scope: AccessScope,
  query: WorklistQuery,
  most: number,
): Promise<number> {
  const params: SqlValue[] = []
  const where = [...worklistFilters(scope, query, params), ...modalityFilter(query, params)]
  const rows = await database.query<{ count: number }>(
    `select count(*) as count from (select 1 from study st where ${where.join(' and ')} limit $${params.push(most)}) found`,
    params,
  )
  return rows[0]?.count ?? 0
}

const inOrder = (counts: ReadonlyMap<string, number>): { modality: string; count: number }[] =>
  [...counts]
    .map(([modality, count]) => ({ modality, count }))
    .sort((a, b) => b.count - a.count || (a.modality < b.modality ? -1 : 1))
