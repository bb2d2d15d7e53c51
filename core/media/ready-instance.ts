import type { InstanceRecord } from '../archive/instance-record.ts'
import { chunksOf } from '../chunks-of.ts'
import { deidentifyInstance, type DeidentifyRequest } from '../deidentify/deidentify-instance.ts'
import type { DicomJson } from '../dicom/dicom-json.ts'
import { locateDataset } from '../dicom/locate-dataset.ts'
import { datasetToJson } from '../dicom/parse-dataset.ts'
import type { Pacs } from '../pacs.ts'
import { instanceSource, refusalOf, type CopyRefusal } from '../sharing/copy-instance.ts'

/** Larger instances are de-identified twice, to be measured and to be sent, rather than kept in memory. Bytes. */
const LARGEST_KEPT = 4 << 20

/** A de-identified instance of known size, ready to be written. */
export interface ReadyInstance {
  /** Its header, without pixels. */
  readonly json: DicomJson
  readonly transferSyntaxUid: string
  /** Bytes. */
  readonly size: number
  readonly open: () => AsyncIterable<Uint8Array>
}

/**
 * De-identifies an instance to its end before a byte of it is passed on: what refuses it may stand in its last frame.
 * Errors: 'unavailable' when the store does not answer.
 */
export async function readyInstance(
  pacs: Pick<Pacs, 'objects' | 'codec'>,
  instance: InstanceRecord,
  request: DeidentifyRequest,
  signal: AbortSignal,
): Promise<ReadyInstance | { readonly refusal: CopyRefusal }> {
  const begin = () => deidentifyInstance(instanceSource(pacs, instance, signal), request)
  try {
    let kept: Uint8Array[] | undefined = []
    let head: Uint8Array | undefined
    let size = 0
    for await (const chunk of await begin()) {
      head ??= chunk
      size += chunk.length
      if (size > LARGEST_KEPT) kept = undefined
      // What the chunk is a part of is used again.
      else kept?.push(new Uint8Array(chunk))
    }
    const header = head ?? new Uint8Array(0)
    return {
      json: datasetToJson(header, { bulkDataUri: () => '' }),
      transferSyntaxUid: locateDataset(header, true)?.transferSyntaxUid ?? '',
      size,
      open: kept === undefined ? () => again(begin) : () => chunksOf(...(kept ?? [])),
    }
  } catch (error) {
    const refusal = refusalOf(error)
    if (refusal === undefined) throw error
    return { refusal }
  }
}

async function* again(begin: () => Promise<AsyncIterable<Uint8Array>>): AsyncGenerator<Uint8Array> {
  yield* await begin()
}
