import { isYunyingError } from '../errors.ts'
import type { Pacs } from '../pacs.ts'
import type { ObjectKey } from '../ports/object-store.ts'
import { gunzipText, instanceMetadataTexts } from './instance-metadata.ts'
import { listInstances, type InstanceRecord } from './instance-record.ts'

const BATCH = 100

/** The metadata of a series as one gzip body, kept as it is sent; undefined while instances are newer than it. */
export async function keptSeriesMetadata(
  pacs: Pick<Pacs, 'database' | 'objects'>,
  seriesId: string,
): Promise<{ gzip: Uint8Array; etag: string } | undefined> {
  const [row] = await pacs.database.query<{ metadata_key: ObjectKey }>(
    `select d.metadata_key from series_derived d join series s using (series_id)
     where d.series_id = $1 and d.metadata_key is not null and d.metadata_instance_count = s.instance_count`,
    [seriesId],
    { name: 'kept-series-metadata' },
  )
  if (row === undefined) return undefined
  try {
    const gzip = await pacs.objects.read(row.metadata_key)
    return { gzip, etag: /([0-9a-f-]{36})\.json\.gz$/.exec(row.metadata_key)?.[1] ?? row.metadata_key }
  } catch (error) {
    // A worker replaced it between the two reads: the slower way is right as well.
    if (isYunyingError(error) && error.kind === 'not-found') return undefined
    throw error
  }
}

/** The metadata of a series or study, instance by instance, as JSON text each. */
export async function* metadataTexts(
  pacs: Pick<Pacs, 'database' | 'objects'>,
  of: { readonly studyId: string } | { readonly seriesId: string },
): AsyncGenerator<string> {
  if ('seriesId' in of) {
    const kept = await keptSeriesMetadata(pacs, of.seriesId)
    if (kept !== undefined) {
      // An array of objects, without its brackets: as good as its elements with commas between them.
      const inside = (await gunzipText(kept.gzip)).slice(1, -1)
      if (inside !== '') yield inside
      return
    }
    yield* assembled(pacs, of.seriesId)
    return
  }
  const series = await pacs.database.query<{ series_id: string }>(
    'select series_id from series where study_id = $1 order by series_number nulls last, series_instance_uid',
    [of.studyId],
  )
  for (const { series_id: seriesId } of series) yield* metadataTexts(pacs, { seriesId })
}

async function* assembled(
  pacs: Pick<Pacs, 'database' | 'objects'>,
  seriesId: string,
): AsyncGenerator<string> {
  let batch: InstanceRecord[] = []
  for await (const instance of listInstances(pacs.database, { seriesId })) {
    batch.push(instance)
    if (batch.length < BATCH) continue
    yield* await instanceMetadataTexts(pacs, batch)
    batch = []
  }
  if (batch.length > 0) yield* await instanceMetadataTexts(pacs, batch)
}
