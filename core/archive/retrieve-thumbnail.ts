import { Readable } from 'node:stream'
import { isYunyingError, notFound } from '../errors.ts'
import type { Pacs } from '../pacs.ts'
import type { ObjectKey } from '../ports/object-store.ts'
import { listInstances, type InstanceRecord } from './instance-record.ts'
import { instanceDerivedKey } from './object-key.ts'
import { renderThumbnail } from './render-thumbnail.ts'

/** Makes each thumbnail once at a time, whoever asks for it meanwhile, and keeps it. */
export interface Thumbnails {
  /** WebP, 256 pixels on the longest side. */
  ofInstance(instance: InstanceRecord, frameNumber?: number): Promise<Uint8Array>
  /** The representative a worker chose, else that of the first instance. Errors: 'not-found' code 'series-not-found'. */
  ofSeries(seriesId: string): Promise<Uint8Array>
  /** That of the series with most instances. Errors: 'not-found'. */
  ofStudy(studyId: string): Promise<Uint8Array>
}

export function createThumbnails(pacs: Pacs): Thumbnails {
  const making = new Map<string, Promise<Uint8Array>>()

  async function makeAndKeep(key: ObjectKey, instance: InstanceRecord, frame?: number): Promise<Uint8Array> {
    const { bytes } = await renderThumbnail(pacs, instance, frame)
    await pacs.objects.put(key, Readable.from([bytes]), { size: bytes.length })
    return bytes
  }

  async function ofInstance(instance: InstanceRecord, frameNumber?: number): Promise<Uint8Array> {
    const name = `thumbnail-${frameNumber ?? 'middle'}.webp`
    const key = instanceDerivedKey(instance.organisationId, instance.instanceId, name)
    const kept = await readKept(pacs, key)
    if (kept !== undefined) return kept
    const running = making.get(key)
    if (running !== undefined) return running
    const made = makeAndKeep(key, instance, frameNumber).finally(() => making.delete(key))
    making.set(key, made)
    return made
  }

  async function ofSeries(seriesId: string): Promise<Uint8Array> {
    const [row] = await pacs.database.query<{ thumbnail_key: ObjectKey }>(
      'select thumbnail_key from series_derived where series_id = $1 and thumbnail_key is not null',
      [seriesId],
      { name: 'series-thumbnail' },
    )
    const kept = row === undefined ? undefined : await readKept(pacs, row.thumbnail_key)
    if (kept !== undefined) return kept
    for await (const instance of listInstances(pacs.database, { seriesId })) return ofInstance(instance)
    throw notFound('series-not-found', 'There is no such series in this study.')
  }

  async function ofStudy(studyId: string): Promise<Uint8Array> {
    const [row] = await pacs.database.query<{ series_id: string }>(
      'select series_id from series where study_id = $1 order by instance_count desc, series_number nulls last limit 1',
      [studyId],
    )
    if (row === undefined) throw notFound('study-not-found', 'This study has no series.')
    return ofSeries(row.series_id)
  }

  return { ofInstance, ofSeries, ofStudy }
}

async function readKept(pacs: Pick<Pacs, 'objects'>, key: ObjectKey): Promise<Uint8Array | undefined> {
  try {
    return await pacs.objects.read(key)
  } catch (error) {
    if (isYunyingError(error) && error.kind === 'not-found') return undefined
    throw error
  }
}
