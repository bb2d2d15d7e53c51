import type { WorklistPage, WorklistStudy } from '../../core/contract/api.ts'

/** The rows known of a long list: some are there, others are not loaded yet. */
export interface WorklistRows {
  readonly rows: ReadonlyMap<number, WorklistStudy>
  readonly total: number
  /** False: there are more than `total`; how many shows as they are come to. */
  readonly totalIsExact: boolean
}

export const NO_ROWS: WorklistRows = { rows: new Map(), total: 0, totalIsExact: true }

export interface LoadedPage {
  readonly offset: number
  readonly page: WorklistPage
}

/** The rows with one more page of the same moment. */
export function withPage(before: WorklistRows, { offset, page }: LoadedPage): WorklistRows {
  const rows = new Map(before.rows)
  page.studies.forEach((study, index) => rows.set(offset + index, study))
  // Each page counts only a little further than itself.
  const total = page.totalIsExact ? page.total : Math.max(before.total, page.total)
  return { rows, total, totalIsExact: page.totalIsExact }
}

/**
 * The rows as a later page shows them, and by how many places the first row on screen moved. Rows outside the page
 * are forgotten: where they are now is not known.
 *
 * @param visible index of the first and of the last row on screen
 */
export function refreshed(
  before: WorklistRows,
  { offset, page }: LoadedPage,
  visible: { readonly first: number; readonly last: number },
): WorklistRows & { readonly movedBy: number } {
  const after = withPage(NO_ROWS, { offset, page })
  const places = new Map([...after.rows].map(([index, study]) => [study.studyId, index]))
  for (let index = visible.first; index <= visible.last; index += 1) {
    const study = before.rows.get(index)
    const place = study === undefined ? undefined : places.get(study.studyId)
    if (place !== undefined) return { ...after, movedBy: place - index }
  }
  return { ...after, movedBy: 0 }
}

/** The first stretch of missing rows that touches the asked ones, in whole blocks; undefined when nothing is missing. */
export function missingBlock(
  { rows, total }: WorklistRows,
  first: number,
  last: number,
  blockRows: number,
): number | undefined {
  for (let index = Math.max(0, first); index <= Math.min(last, total - 1); index += 1) {
    if (!rows.has(index)) return index - (index % blockRows)
  }
  return undefined
}
