import { Readable } from 'node:stream'
import type { ObjectKey, ObjectStore } from '../ports/object-store.ts'

/**
 * Says that the database has fewer rows than the store has instances: it was made anew, and a reindex has not ended yet.
 * It lies beside the instances, because a database that was lost cannot tell. While it is there, an object without a
 * row is no orphan.
 */
const MARK = 'registry/reindex-needed' as ObjectKey

export async function markReindexNeeded(objects: ObjectStore): Promise<void> {
  await objects.put(MARK, Readable.from([Buffer.from('{}')]), { size: 2 })
}

export async function isReindexNeeded(objects: ObjectStore): Promise<boolean> {
  return (await objects.head(MARK)) !== undefined
}

export async function clearReindexNeeded(objects: ObjectStore): Promise<void> {
  await objects.delete(MARK)
}
