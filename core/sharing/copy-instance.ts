import type { Principal } from '../access/principal.ts'
import { openFrames } from '../archive/read-frame.ts'
import type { InstanceRecord } from '../archive/instance-record.ts'
import { streamInstance } from '../archive/serve-instance.ts'
import { storeInstance } from '../archive/store-instance.ts'
import { deidentifyInstance, type DeidentifyRequest } from '../deidentify/deidentify-instance.ts'
import type { InstanceSource } from '../deidentify/instance-source.ts'
import { DeidentificationRefused } from '../deidentify/refused.ts'
import { DicomFault } from '../dicom/dicom-fault.ts'
import type { Pacs } from '../pacs.ts'

/** Why an instance is not in a copy; each has words of what to do on the screens. */
export type CopyRefusal = DeidentificationRefused['reason'] | 'unreadable' | 'not-storable'

/**
 * Copies an instance into a vault: de-identified, or as it is served. Answers why it is not there, or undefined. Errors:
 * 'unavailable'; then nothing of it is kept.
 */
export async function copyInstance(
  pacs: Pacs,
  instance: InstanceRecord,
  vault: Principal,
  request: DeidentifyRequest | undefined,
  signal: AbortSignal,
): Promise<CopyRefusal | undefined> {
  // The store wraps what its source throws: what it was is known here.
  let fault: unknown
  const watched = async function* (bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    try {
      yield* bytes
    } catch (error) {
      fault = error
      throw error
    }
  }
  try {
    const bytes =
      request === undefined
        ? streamInstance(pacs, instance, signal)
        : await deidentifyInstance(instanceSource(pacs, instance, signal), request)
    const outcome = await storeInstance(pacs, vault, { bytes: watched(bytes), source: 'share' })
    return outcome.kind === 'rejected' ? 'not-storable' : undefined
  } catch (error) {
    const refusal = refusalOf(fault ?? error)
    if (refusal === undefined) throw error
    return refusal
  }
}

/** Why an instance cannot leave without names, by what de-identifying it threw; undefined: something else is wrong. */
export function refusalOf(error: unknown): CopyRefusal | undefined {
  if (error instanceof DeidentificationRefused) return error.reason
  return error instanceof DicomFault ? 'unreadable' : undefined
}

/** A stored instance as de-identification reads it. */
export const instanceSource = (
  pacs: Pick<Pacs, 'objects' | 'codec'>,
  instance: InstanceRecord,
  signal: AbortSignal,
): InstanceSource => {
  const { objectKey, size, transferSyntaxUid, layout } = instance
  const { headerEnd, frames, pixels } = layout
  const readFrame = openFrames(pacs, instance)
  return {
    transferSyntaxUid,
    size,
    headerEnd: Math.min(headerEnd, size),
    frames,
    pixels,
    read: (offset, length) => pacs.objects.read(objectKey, { offset, length }),
    stream: async function* (offset, length) {
      yield* await pacs.objects.stream(objectKey, { offset, length }, signal)
    },
    ...(pixels === undefined
      ? {}
      : {
          decode: async (frameNumber: number) =>
            pacs.codec.decode({
              bytes: await readFrame(frameNumber),
              transferSyntaxUid,
              pixels: { ...pixels, presentation: {} },
            }),
        }),
  }
}
