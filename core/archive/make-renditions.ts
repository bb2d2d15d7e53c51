import { randomUUID } from 'node:crypto'
import { HTJ2K_LOSSLESS_RPCL, renditionRefusal } from '../dicom/rendition-refusal.ts'
import { isYunyingError } from '../errors.ts'
import type { Pacs } from '../pacs.ts'
import { findInstancesById, requirePixels, type InstanceRecord } from './instance-record.ts'
import { renditionKey } from './object-key.ts'
import { quietMoments } from './quiet-moment.ts'
import { frameCount, openFrames } from './read-frame.ts'
import { requireRoom, untilThereIsRoom } from './rendition-room.ts'
import { wantedSeries } from './rendition-policy.ts'
import { keepRendition, refuseRendition, WITHOUT_RENDITION } from './rendition-table.ts'

/**
 * HTJ2K renditions of the instances of a series that deserve one and have none, from the middle of the series outwards.
 * Gives way to all other work between frames, and waits while the disk is nearly full. Does nothing for a series that is gone or that the policy does not want.
 * Safe to repeat and to kill: a row names only what is whole. Errors: 'unavailable' code 'worker-stopping' when the signal
 * aborts; the first fault of an instance, after all others were made.
 */
export async function makeRenditions(
  pacs: Pick<Pacs, 'config' | 'database' | 'objects' | 'codec' | 'clock'>,
  seriesId: string,
  signal: AbortSignal,
): Promise<void> {
  const waiting = await listWaiting(pacs, seriesId)
  const [first] = waiting
  if (first === undefined) return
  const quiet = quietMoments(pacs, first.organisation_id, signal)
  const faults: unknown[] = []
  for (const { instance_id: instanceId } of fromTheMiddle(waiting)) {
    await quiet()
    await untilThereIsRoom(pacs.objects, signal)
    const [instance] = await findInstancesById(pacs.database, [instanceId])
    if (instance === undefined) continue
    try {
      await makeRendition(pacs, instance, quiet)
    } catch (error) {
      if (signal.aborted || (isYunyingError(error) && error.kind === 'unavailable')) throw error
      faults.push(error)
    }
  }
  if (faults.length > 0) throw faults[0]
}

async function makeRendition(
  pacs: Pick<Pacs, 'database' | 'objects' | 'codec'>,
  instance: InstanceRecord,
  quiet: () => Promise<void>,
): Promise<void> {
  const { layout, transferSyntaxUid } = instance
  const refusal =
    transferSyntaxUid === HTJ2K_LOSSLESS_RPCL ? 'htj2k' : renditionRefusal(transferSyntaxUid, layout.pixels)
  if (refusal !== undefined) return refuseRendition(pacs.database, instance, refusal)
  const key = renditionKey(instance.organisationId, instance.instanceId, randomUUID())
  const frameEnds: (readonly number[])[] = []
  let size: number
  try {
    const put = await pacs.objects.put(key, encodedFrames(pacs, instance, frameEnds, quiet))
    size = put.size
  } catch (error) {
    // Pixels that cannot be decoded will not get better by trying again; a part that is down will.
    const lasting = isYunyingError(error) && ['invalid', 'unsupported', 'limit'].includes(error.kind)
    if (!lasting) throw error
    return refuseRendition(pacs.database, instance, error.code)
  }
  const unnamed = await keepRendition(pacs.database, instance, { objectKey: key, size, frameEnds })
  if (unnamed !== undefined) await pacs.objects.delete(unnamed)
}

/** One frame after another, one in memory at a time; `frameEnds` grows with them. */
async function* encodedFrames(
  pacs: Pick<Pacs, 'objects' | 'codec'>,
  instance: InstanceRecord,
  frameEnds: (readonly number[])[],
  quiet: () => Promise<void>,
): AsyncGenerator<Uint8Array> {
  const pixels = { ...requirePixels(instance), presentation: {} }
  const isPalette = pixels.photometricInterpretation === 'PALETTE COLOR'
  const read = openFrames(pacs, instance)
  const count = frameCount(instance.layout.frames)
  for (let frame = 1; frame <= count; frame++) {
    await quiet()
    await requireRoom(pacs.objects)
    const { bytes, resolutionEnds } = await pacs.codec.encode({
      bytes: await read(frame),
      transferSyntaxUid: instance.transferSyntaxUid,
      pixels,
    })
    // Halved indices into a palette are other colours: such a frame is whole or not at all.
    frameEnds.push(isPalette ? [bytes.length] : resolutionEnds)
    yield bytes
  }
}

interface Waiting {
  readonly instance_id: string
  readonly organisation_id: string
}

async function listWaiting(pacs: Pick<Pacs, 'config' | 'database'>, seriesId: string): Promise<Waiting[]> {
  const wanted = wantedSeries(pacs.config.renditions, 2)
  return pacs.database.query<Waiting>(
    `select i.instance_id, i.organisation_id from instance i join series se using (series_id) left join rendition r using (instance_id)
     where i.series_id = $1 and ${wanted.sql} and ${WITHOUT_RENDITION}
     order by i.instance_number nulls last, i.sop_instance_uid`,
    [seriesId, ...wanted.values],
  )
}

/** The middle one, then its neighbours: what readers look at first is there first. */
export function fromTheMiddle<Item>(list: readonly Item[]): Item[] {
  const middle = Math.floor(list.length / 2)
  return list
    .map((item, index) => ({ item, distance: Math.abs(index - middle) }))
    .sort((a, b) => a.distance - b.distance)
    .map(({ item }) => item)
}
