import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import type { Pacs } from '../pacs.ts'
import type { ObjectKey } from '../ports/object-store.ts'
import { gzipText, instanceMetadataTexts, parseInstanceMetadata } from './instance-metadata.ts'
import { listInstances, type InstanceRecord } from './instance-record.ts'
import { seriesMetadataKey } from './object-key.ts'
import { storableText } from './row-text.ts'

const BATCH = 50

/**
 * DICOM JSON of each instance of the series that has none yet; then one object that holds that of all, in order, so that
 * retrieving the metadata of a series is one read. Does nothing for a series that is gone. Safe to repeat.
 */
export async function extractSeriesMetadata(
  pacs: Pick<Pacs, 'database' | 'objects' | 'ingest'>,
  seriesId: string,
): Promise<void> {
  const instances: InstanceRecord[] = []
  for await (const instance of listInstances(pacs.database, { seriesId })) instances.push(instance)
  const [first] = instances
  if (first === undefined) return
  const texts = await extractMissing(pacs, seriesId, instances)
  const before = instances.filter(({ instanceId }) => !texts.has(instanceId))
  for (let at = 0; at < before.length; at += BATCH) {
    const batch = before.slice(at, at + BATCH)
    const kept = await instanceMetadataTexts(pacs, batch)
    kept.forEach((text, index) => texts.set(batch[index]?.instanceId ?? '', text))
  }
  const inOrder = instances.map(({ instanceId }) => texts.get(instanceId))
  const body = await gzipText(`[${inOrder.join(',')}]`)
  const key = seriesMetadataKey(first.organisationId, seriesId, randomUUID())
  await pacs.objects.put(key, Readable.from([body]), { size: body.length })
  const replaced = await switchMetadata(pacs, seriesId, { key, size: body.length, count: instances.length })
  if (replaced !== null) await pacs.objects.delete(replaced)
}

/** The metadata that was made now, by instance. */
async function extractMissing(
  pacs: Pick<Pacs, 'database' | 'objects' | 'ingest'>,
  seriesId: string,
  instances: readonly InstanceRecord[],
): Promise<Map<string, string>> {
  const kept = await pacs.database.query<{ instance_id: string }>(
    'select instance_id from instance_metadata where series_id = $1',
    [seriesId],
  )
  const done = new Set(kept.map((row) => row.instance_id))
  const missing = instances.filter((instance) => !done.has(instance.instanceId))
  const texts = new Map<string, string>()
  for (let at = 0; at < missing.length; at += BATCH) {
    const batch = missing.slice(at, at + BATCH)
    const bodies = await Promise.all(
      batch.map(async (instance) => {
        const head = pacs.ingest.heads.take(instance.objectKey)
        const text = storableText(JSON.stringify(await parseInstanceMetadata(pacs, instance, head)))
        texts.set(instance.instanceId, text)
        return gzipText(text)
      }),
    )
    await pacs.database.query(
      `insert into instance_metadata (instance_id, series_id, dicom_json_gzip)
       select r.instance_id, $2, r.body from unnest($1::uuid[], $3::bytea[]) as r(instance_id, body)
       join instance using (instance_id) on conflict do nothing`,
      [batch.map((instance) => instance.instanceId), seriesId, bodies],
    )
  }
  return texts
}

/** Names the new object in the row; answers the one it replaces. */
async function switchMetadata(
  pacs: Pick<Pacs, 'database'>,
  seriesId: string,
  made: { key: ObjectKey; size: number; count: number },
): Promise<ObjectKey | null> {
  return pacs.database.transaction(async (tx) => {
    const [before] = await tx.query<{ metadata_key: ObjectKey | null }>(
      'select metadata_key from series_derived where series_id = $1 for update',
      [seriesId],
    )
    await tx.query(
      `insert into series_derived (series_id, metadata_key, metadata_size, metadata_instance_count) values ($1, $2, $3, $4)
       on conflict (series_id) do update set metadata_key = $2, metadata_size = $3, metadata_instance_count = $4, updated_at = now()`,
      [seriesId, made.key, made.size, made.count],
    )
    return before?.metadata_key ?? null
  })
}
