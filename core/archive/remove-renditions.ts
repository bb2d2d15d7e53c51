import type { Pacs } from '../pacs.ts'
import type { ObjectKey } from '../ports/object-store.ts'
import { requestWork, type WorkRequest } from '../work/request-work.ts'
import { YunyingError } from '../errors.ts'
import { renditionRoom } from './rendition-room.ts'
import { wantedSeries } from './rendition-policy.ts'
import { WITHOUT_RENDITION } from './rendition-table.ts'

/** Rows that are removed together. */
const PAGE = 500
/** Rows that are removed together while it is looked whether there is room. */
const FEW = 50

type Parts = Pick<Pacs, 'config' | 'database' | 'objects'>

/** Removes the renditions that the policy does not want any more. Returns how many. For a timer, in one process at a time. */
export async function removeUnwantedRenditions(pacs: Parts): Promise<number> {
  const { enabled, maxAgeDays, modalities } = pacs.config.renditions
  if (enabled && maxAgeDays === undefined && modalities === undefined) return 0
  const wanted = wantedSeries(pacs.config.renditions, 1)
  return removeWhere(pacs, `not (${wanted.sql})`, wanted.values)
}

/**
 * Makes room on a disk that is nearly full: renditions are the first to go, those that were made first before others.
 * Begins when others took half of what renditions leave free, and ends when it is free again. Returns how many. For a
 * timer, in one process at a time.
 */
export async function removeRenditionsForRoom(pacs: Parts): Promise<number> {
  const { reserveBytes, spareBytes } = await renditionRoom(pacs.objects)
  if (spareBytes >= -reserveBytes / 2) return 0
  let removed = 0
  while ((await renditionRoom(pacs.objects)).spareBytes < 0) {
    const rows = await pacs.database.query<{ object_key: ObjectKey }>(
      `delete from rendition where instance_id in (
         select instance_id from rendition where object_key is not null order by made_at limit ${FEW})
       returning object_key`,
    )
    for (const { object_key: key } of rows) await pacs.objects.delete(key)
    if (rows.length === 0) break
    removed += rows.length
  }
  return removed
}

/**
 * Removes the renditions of a study, or all, and asks for them again: for those of an older encoder, or after a fault.
 * Errors: 'conflict' code 'renditions-off' when the policy is to have none.
 */
export async function remakeRenditions(
  pacs: Parts,
  studyInstanceUid: string | undefined,
): Promise<{ removed: number; series: number }> {
  if (!pacs.config.renditions.enabled) {
    throw new YunyingError(
      'conflict',
      'renditions-off',
      'YUNYING_RENDITIONS is off: there is nothing to make.',
    )
  }
  const ofStudy = `($1::text is null or se.study_id in (select study_id from study where study_instance_uid = $1))`
  const removed = await removeWhere(pacs, ofStudy, [studyInstanceUid ?? null])
  const wanted = wantedSeries(pacs.config.renditions, 2)
  const rows = await pacs.database.query<{ series_id: string; organisation_id: string }>(
    `select se.series_id, se.organisation_id from series se where ${ofStudy} and ${wanted.sql} and exists (
       select 1 from instance i left join rendition r using (instance_id) where i.series_id = se.series_id and ${WITHOUT_RENDITION})`,
    [studyInstanceUid ?? null, ...wanted.values],
  )
  const work = rows.map((row): WorkRequest => ({
    kind: 'make-renditions',
    key: row.series_id,
    organisationId: row.organisation_id,
  }))
  // The sweeper hints at them, a few at a time.
  for (let at = 0; at < work.length; at += PAGE) await requestWork(pacs.database, work.slice(at, at + PAGE))
  return { removed, series: work.length }
}

/** The rows first: what then remains of the objects, the sweep removes. */
async function removeWhere(
  pacs: Parts,
  condition: string,
  values: Parameters<Pacs['database']['query']>[1] & object,
): Promise<number> {
  let removed = 0
  for (;;) {
    const rows = await pacs.database.query<{ object_key: ObjectKey | null }>(
      `delete from rendition where instance_id in (
         select r.instance_id from rendition r join series se using (series_id) where ${condition} limit ${PAGE})
       returning object_key`,
      values,
    )
    for (const { object_key: key } of rows) if (key !== null) await pacs.objects.delete(key)
    removed += rows.length
    if (rows.length < PAGE) return removed
  }
}
