import { Readable } from 'node:stream'
import { z } from 'zod'
import { mapConcurrently } from '../archive/map-concurrently.ts'
import { removalKey, removalsPrefix } from '../archive/object-key.ts'
import { YunyingError } from '../errors.ts'
import { publishRegistry } from '../identity/registry.ts'
import type { Pacs } from '../pacs.ts'
import type { ObjectKey } from '../ports/object-store.ts'

/** Objects that are removed at the same time. */
const AT_ONCE = 4

type Parts = Pick<Pacs, 'database' | 'objects'>

/**
 * Removes the objects of a study whose rows are gone. Begun again after a crash it comes to the same. First it writes beside them
 * which they are: if the database is lost half-way, a reindex goes on with it, and brings no half of a study back. Errors:
 * 'unavailable' when the store does not answer, or code 'worker-stopping' when the signal aborts.
 */
export async function finishRemoval(pacs: Parts, removalId: string, signal?: AbortSignal): Promise<void> {
  const [removal] = await pacs.database.query<{ organisation_id: string }>(
    'select organisation_id from study_removal where removal_id = $1 and done_at is null',
    [removalId],
  )
  if (removal === undefined) return
  const { organisation_id: organisationId } = removal
  const rows = await pacs.database.query<{ object_key: string }>(
    'select object_key from removal_object where removal_id = $1 order by object_key',
    [removalId],
  )
  const places = rows.map(({ object_key }) => object_key)
  const mark = removalKey(organisationId, removalId)
  const bytes = Buffer.from(JSON.stringify({ places }))
  await pacs.objects.put(mark, Readable.from([bytes]), { size: bytes.length })
  await removeObjects(pacs, places, signal)
  await pacs.objects.delete(mark)
  await pacs.database.transaction(async (tx) => {
    await tx.query('update study_removal set done_at = now() where removal_id = $1', [removalId])
    await tx.query('delete from removal_object where removal_id = $1', [removalId])
  })
  // It names the links and grants of studies that are there.
  await publishRegistry(pacs)
}

/** Removals that were begun and are not done: the rows that say so may be there, or have been lost. Returns how many. */
export async function finishRemovals(pacs: Parts, organisations: Iterable<string>): Promise<number> {
  const begun = await pacs.database.query<{ removal_id: string }>(
    'select removal_id from study_removal where done_at is null',
  )
  for (const { removal_id } of begun) await finishRemoval(pacs, removal_id)
  let marks = 0
  for (const organisationId of organisations) {
    const own = `organisations/${organisationId}/`
    for await (const { key } of pacs.objects.list(removalsPrefix(organisationId))) {
      const { places } = Mark.parse(JSON.parse(Buffer.from(await pacs.objects.read(key)).toString('utf8')))
      await removeObjects(
        pacs,
        places.filter((place) => place.startsWith(own)),
      )
      await pacs.objects.delete(key)
      marks += 1
    }
  }
  return begun.length + marks
}

const Mark = z.object({ places: z.array(z.string()) })

async function removeObjects(
  { objects }: Pick<Pacs, 'objects'>,
  places: readonly string[],
  signal?: AbortSignal,
): Promise<void> {
  await mapConcurrently(places, AT_ONCE, async (place) => {
    if (signal?.aborted === true)
      throw new YunyingError('unavailable', 'worker-stopping', 'The work goes on when the worker is back.')
    if (!place.endsWith('/')) return objects.delete(place as ObjectKey)
    for await (const { key } of objects.list(place)) await objects.delete(key)
  })
}
