import { ENCODER } from '../dicom/encoded-frame.ts'
import { HTJ2K_LOSSLESS_RPCL } from '../dicom/rendition-refusal.ts'
import { notFound } from '../errors.ts'
import type { Queryable } from '../ports/database.ts'
import type { Pacs } from '../pacs.ts'
import type { ByteRange, ObjectKey } from '../ports/object-store.ts'
import type { InstanceRecord } from './instance-record.ts'
import type { FrameReader } from './read-frame.ts'

/** The HTJ2K frames of an instance, made ahead: one object, frame after frame. */
export interface Rendition {
  readonly objectKey: ObjectKey
  /** core/dicom/encoded-frame.ts */
  readonly encoder: number
  /** Of each frame: where its resolutions end, from its first byte, the coarsest first. Bytes. */
  readonly frameEnds: readonly (readonly number[])[]
}

/**
 * Frames smaller than this as stored go over a slow link at once: nothing is gained by a preview of them. Bytes.
 */
const SMALL_FRAME = 64 << 10

const SELECT = `select instance_id as "instanceId", object_key as "objectKey", encoder, frame_ends as "frameEnds" from rendition`

/** Instances `i` that may deserve a rendition and have none, as a condition beside `left join rendition r`. */
export const WITHOUT_RENDITION = `r.instance_id is null and i.number_of_frames > 0 and i.bits_allocated in (8, 16)
  and i.size > ${SMALL_FRAME} * i.number_of_frames::bigint`

/** The rendition of an instance; undefined when there is none (yet). */
export async function findRendition(database: Queryable, instanceId: string): Promise<Rendition | undefined> {
  const rows = await database.query<Rendition & { instanceId: string }>(
    `${SELECT} where instance_id = $1 and object_key is not null`,
    [instanceId],
    { name: 'find-rendition' },
  )
  return rows[0]
}

/** Those of these instances, by their Ids. */
export async function findRenditions(
  database: Queryable,
  instanceIds: readonly string[],
): Promise<ReadonlyMap<string, Rendition>> {
  const rows = await database.query<Rendition & { instanceId: string }>(
    `${SELECT} where instance_id = any($1::uuid[]) and object_key is not null`,
    [instanceIds],
  )
  return new Map(rows.map(({ instanceId, ...rendition }) => [instanceId, rendition]))
}

/** A kind of pixels that some instances of a study or series have; `pixels` undefined where they have none. */
export interface PixelKind {
  readonly stored: string
  readonly pixels: InstanceRecord['layout']['pixels']
  readonly hasRendition: boolean
}

/** All kinds of pixels in a study or series. */
export async function listPixelKinds(
  database: Queryable,
  of: { readonly studyId: string } | { readonly seriesId: string },
): Promise<PixelKind[]> {
  const [column, id] = 'studyId' in of ? ['study_id', of.studyId] : ['series_id', of.seriesId]
  const rows = await database.query<Omit<PixelKind, 'pixels'> & { pixels: PixelKind['pixels'] | null }>(
    `select distinct i.transfer_syntax_uid as stored, l.layout->'pixels' as pixels, r.object_key is not null as "hasRendition"
     from instance i join instance_layout l using (instance_id) left join rendition r using (instance_id)
     where i.${column} = $1`,
    [id],
  )
  return rows.map(({ pixels, ...row }) => ({ ...row, pixels: pixels ?? undefined }))
}

/** Where a frame lies in the object. `frameNumber` is 1-based; undefined when the rendition does not have it. */
export function renditionRange(rendition: Rendition, frameNumber: number): ByteRange | undefined {
  const length = rendition.frameEnds[frameNumber - 1]?.at(-1)
  if (length === undefined) return undefined
  let offset = 0
  for (let index = 0; index < frameNumber - 1; index++) offset += rendition.frameEnds[index]?.at(-1) ?? 0
  return { offset, length }
}

/** Reads codestreams of a rendition. Errors of a read: 'not-found' codes 'frame-not-found', and 'object-not-found' where another was made meanwhile. */
export function openRendition(pacs: Pick<Pacs, 'objects'>, rendition: Rendition): FrameReader {
  return async (frameNumber) => {
    const range = renditionRange(rendition, frameNumber)
    if (range === undefined) {
      throw notFound('frame-not-found', 'The rendition of this instance has no frame of this number.')
    }
    return pacs.objects.read(rendition.objectKey, range)
  }
}

/**
 * Names the object in the row. Answers the key of an object that nothing names any more: the one before, or this where the
 * instance is gone. Of two that keep one at the same moment, the sweep removes the first.
 */
export async function keepRendition(
  database: Queryable,
  instance: InstanceRecord,
  made: {
    readonly objectKey: ObjectKey
    readonly size: number
    readonly frameEnds: readonly (readonly number[])[]
  },
): Promise<ObjectKey | undefined> {
  const rows = await database.query<{ before: ObjectKey | null }>(
    `with before as (select object_key from rendition where instance_id = $1)
     insert into rendition as r (instance_id, series_id, transfer_syntax_uid, encoder, object_key, size, frame_ends)
     select instance_id, series_id, $2, $3, $4, $5, $6::jsonb from instance where instance_id = $1
     on conflict (instance_id) do update set transfer_syntax_uid = excluded.transfer_syntax_uid, encoder = excluded.encoder,
       object_key = excluded.object_key, size = excluded.size, frame_ends = excluded.frame_ends, refusal = null, made_at = now()
     returning (select object_key from before) as before`,
    [
      instance.instanceId,
      HTJ2K_LOSSLESS_RPCL,
      ENCODER,
      made.objectKey,
      made.size,
      JSON.stringify(made.frameEnds),
    ],
  )
  return rows.length === 0 ? made.objectKey : (rows[0]?.before ?? undefined)
}

/** Remembers that these pixels have no rendition, and why: nobody tries again before it is asked for. */
export async function refuseRendition(
  database: Queryable,
  instance: InstanceRecord,
  refusal: string,
): Promise<void> {
  await database.query(
    `insert into rendition (instance_id, series_id, transfer_syntax_uid, encoder, refusal)
     select instance_id, series_id, $2, $3, $4 from instance where instance_id = $1 on conflict do nothing`,
    [instance.instanceId, HTJ2K_LOSSLESS_RPCL, ENCODER, refusal],
  )
}
