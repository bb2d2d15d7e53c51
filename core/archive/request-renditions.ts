import type { Pacs } from '../pacs.ts'
import { notifyWork, requestWork, type WorkRequest } from '../work/request-work.ts'
import { wantedSeries } from './rendition-policy.ts'
import { WITHOUT_RENDITION } from './rendition-table.ts'

/** Renditions have time: a study should have arrived, and those who opened it at once be served, before. Milliseconds. */
const LATER_MS = 10_000

/**
 * Asks for the renditions that the series still lacks, if the policy wants them: by default later, at once for somebody
 * who waits. Does nothing where none is lacking.
 */
export async function requestRenditions(
  pacs: Pick<Pacs, 'database' | 'queue' | 'config'>,
  seriesId: string,
  delayMs = LATER_MS,
): Promise<void> {
  if (!pacs.config.renditions.enabled) return
  const wanted = wantedSeries(pacs.config.renditions, 2)
  const rows = await pacs.database.query<{ organisation_id: string }>(
    `select se.organisation_id from series se where se.series_id = $1 and ${wanted.sql} and exists (
       select 1 from instance i left join rendition r using (instance_id) where i.series_id = $1 and ${WITHOUT_RENDITION})`,
    [seriesId, ...wanted.values],
  )
  const work = rows.map((row): WorkRequest => ({
    kind: 'make-renditions',
    key: seriesId,
    organisationId: row.organisation_id,
    delayMs,
  }))
  await requestWork(pacs.database, work)
  await notifyWork(pacs.queue, work)
}

/** A series that is read all day is noted once an hour. */
const NOTE_EVERY = '1 hour'

/**
 * Somebody reads the series who would take renditions that are not there: they are made now, and a policy of days counts
 * from now on. Does nothing where none is lacking, or its modality is to have none.
 */
export async function wishRenditions(
  pacs: Pick<Pacs, 'database' | 'queue' | 'config'>,
  seriesId: string,
): Promise<void> {
  const { enabled, maxAgeDays, modalities } = pacs.config.renditions
  if (!enabled) return
  if (maxAgeDays !== undefined) {
    await pacs.database.query(
      `update series se set renditions_wished_at = now() where se.series_id = $1
         and ($2::text[] is null or se.modality = any($2))
         and (se.renditions_wished_at is null or se.renditions_wished_at < now() - interval '${NOTE_EVERY}')`,
      [seriesId, modalities ?? null],
    )
  }
  await requestRenditions(pacs, seriesId, 0)
}
