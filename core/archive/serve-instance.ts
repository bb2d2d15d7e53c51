import type { Pacs } from '../pacs.ts'
import type { ByteRange } from '../ports/object-store.ts'
import { metaGroup, PREFIX } from '../dicom/file-meta.ts'
import type { InstanceLayout } from './instance-layout.ts'
import type { InstanceRecord } from './instance-record.ts'
import { lyingBytes, type LyingBytes } from './lying-bytes.ts'

/** An instance of which it is known where its parts are. */
export type Served = Pick<
  InstanceRecord,
  'objectKey' | 'size' | 'sopClassUid' | 'sopInstanceUid' | 'transferSyntaxUid'
> & { readonly layout: Pick<InstanceLayout, 'datasetOffset' | 'hasPreamble' | 'hasMeta'> }

/** How an instance leaves: its first bytes as they are served, and where the received bytes go on. */
export interface ServedInstance {
  /** Preamble of zeros, prefix, and a meta group where the sender left it out. */
  readonly head: Uint8Array
  /** Offset in the object from which the received bytes follow. */
  readonly from: number
  /** Bytes of the whole. */
  readonly size: number
}

/** PS3.10 7.1, with the received preamble never served (docs/decisions/0005). */
export function servedInstance(instance: Served): ServedInstance {
  const { layout } = instance
  const keepsMeta = layout.hasMeta
  const from = layout.hasPreamble && keepsMeta ? PREFIX.length : layout.datasetOffset
  const head = from === PREFIX.length && keepsMeta ? PREFIX : Buffer.concat([PREFIX, metaGroup(instance)])
  return { head, from, size: head.length + instance.size - from }
}

/** The whole instance as it is served, in memory: for small ones. */
export async function readInstance(pacs: Pick<Pacs, 'objects'>, instance: Served): Promise<Uint8Array> {
  const { head, from } = servedInstance(instance)
  const rest = await pacs.objects.read(instance.objectKey, { offset: from, length: instance.size - from })
  return Buffer.concat([head, rest])
}

/** The whole instance as it is served, where it lies. */
export function lyingInstance(pacs: Pick<Pacs, 'objects'>, instance: Served): LyingBytes {
  const { head, from } = servedInstance(instance)
  return lyingBytes(pacs, instance.objectKey, { offset: from, length: instance.size - from }, head)
}

/** The instance as it is served, or one range of it, as a stream. */
export async function* streamInstance(
  pacs: Pick<Pacs, 'objects'>,
  instance: Served,
  signal: AbortSignal,
  range?: ByteRange,
): AsyncGenerator<Uint8Array> {
  const served = servedInstance(instance)
  const start = range?.offset ?? 0
  const end = Math.min(served.size, start + (range?.length ?? served.size))
  if (start < served.head.length) yield served.head.subarray(start, Math.min(end, served.head.length))
  const offset = served.from + Math.max(0, start - served.head.length)
  const length = end - Math.max(start, served.head.length)
  if (length > 0) yield* await pacs.objects.stream(instance.objectKey, { offset, length }, signal)
}
