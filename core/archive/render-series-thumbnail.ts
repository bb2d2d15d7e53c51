import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import type { Pacs } from '../pacs.ts'
import type { ObjectKey } from '../ports/object-store.ts'
import { listInstances, type InstanceRecord } from './instance-record.ts'
import { seriesThumbnailKey } from './object-key.ts'
import { renderThumbnail } from './render-thumbnail.ts'

/**
 * The picture that stands for a series: its middle instance with pixels. Does nothing when the series is gone, or when
 * the picture is of the same instance already. Safe to repeat.
 */
export async function renderSeriesThumbnail(
  pacs: Pick<Pacs, 'database' | 'objects' | 'codec'>,
  seriesId: string,
): Promise<void> {
  const instances: InstanceRecord[] = []
  for await (const instance of listInstances(pacs.database, { seriesId })) instances.push(instance)
  const pictured = instances.filter((instance) => instance.layout.frames.kind !== 'none')
  const chosen = middle(pictured) ?? middle(instances)
  if (chosen === undefined) return
  const [before] = await pacs.database.query<{
    thumbnail_key: ObjectKey | null
    thumbnail_instance_id: string | null
  }>('select thumbnail_key, thumbnail_instance_id from series_derived where series_id = $1', [seriesId])
  if (before?.thumbnail_instance_id === chosen.instanceId) return

  const thumbnail = await renderThumbnail(pacs, chosen)
  const key = seriesThumbnailKey(chosen.organisationId, seriesId, randomUUID())
  await pacs.objects.put(key, Readable.from([thumbnail.bytes]), { size: thumbnail.bytes.length })
  await pacs.database.query(
    `insert into series_derived (series_id, thumbnail_key, thumbnail_instance_id, thumbnail_kind) values ($1, $2, $3, $4)
     on conflict (series_id) do update set thumbnail_key = $2, thumbnail_instance_id = $3, thumbnail_kind = $4, updated_at = now()`,
    [seriesId, key, chosen.instanceId, thumbnail.kind],
  )
  if (before?.thumbnail_key != null) await pacs.objects.delete(before.thumbnail_key)
}

const middle = <T>(list: readonly T[]): T | undefined => list[Math.floor(list.length / 2)]
