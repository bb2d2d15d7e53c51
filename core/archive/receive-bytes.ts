import { createHash } from 'node:crypto'
import { DicomFault } from '../dicom/dicom-fault.ts'
import { InstanceScanner, type ScannedInstance } from '../dicom/instance-scanner.ts'
import type { ObjectKey, ObjectStore } from '../ports/object-store.ts'
import type { RejectionReason } from './store-outcome.ts'

/** Larger than any instance met; an endless sender must end somewhere. Bytes. */
const LARGEST_INSTANCE = 64 * 2 ** 30

/** What passed by, once all of it was there. */
export interface ScannedBytes {
  readonly scanned: ScannedInstance
  /** Lower-case hexadecimal. */
  readonly sha256: string
  /** Bytes. */
  readonly size: number
}

/** Why bytes are no instance we keep. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  constructor(
    readonly reason: RejectionReason,
    message: string,
    /** What was read of it, where it got so far. */
    readonly scanned?: ScannedInstance,
  ) {
    super(message)
  }
}

/** The organisation keeps as much as it may; `scanned` is what was refused, where it was read. */
export const quotaExceeded = (scanned?: ScannedInstance): Refusal =>
  new Refusal(
    'quota-exceeded',
    'The organisation keeps as much as it may. Its administrator can ask the operator for more room; then send it again.',
    scanned,
  )

/**
 * Lets bytes flow once: hashed, scanned and kept under the key. `check` has the last word on what was scanned.
 * Durable when it resolves with a scan; nothing is kept when it resolves with a Refusal, or rejects.
 * Errors: whatever the source throws; 'unavailable' when the store does not answer.
 */
export async function receiveBytes(
  objects: ObjectStore,
  key: ObjectKey,
  bytes: AsyncIterable<Uint8Array>,
  options: {
    size?: number | undefined
    /** Bytes that there is room for. */
    room?: number
    check?: (scanned: ScannedInstance) => Refusal | undefined
  } = {},
): Promise<ScannedBytes | Refusal> {
  const pass = scanBytes(bytes, options)
  try {
    await objects.put(key, pass.through(), options.size === undefined ? {} : { size: options.size })
  } catch (error) {
    // What the source threw comes first: an adapter may wrap it.
    const fault = pass.fault() ?? error
    if (fault instanceof Refusal) return fault
    throw fault
  }
  return pass.result()
}

/** Hashes and scans without keeping: for bytes that are kept already. */
export async function scanOnly(bytes: AsyncIterable<Uint8Array>): Promise<ScannedBytes | Refusal> {
  const pass = scanBytes(bytes)
  try {
    const chunks = pass.through()
    while ((await chunks.next()).done !== true);
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
  return pass.result()
}

function scanBytes(
  bytes: AsyncIterable<Uint8Array>,
  {
    check,
    room = Infinity,
  }: { check?: (scanned: ScannedInstance) => Refusal | undefined; room?: number } = {},
): { through(): AsyncGenerator<Uint8Array>; fault(): unknown; result(): ScannedBytes } {
  const hash = createHash('sha256')
  const scanner = new InstanceScanner()
  let size = 0
  let scanned: ScannedInstance | undefined
  let fault: unknown

  async function* through(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of bytes) {
        size += chunk.length
        if (size > LARGEST_INSTANCE) throw new Refusal('instance-too-large', 'The instance is too large.')
        if (size > room) throw quotaExceeded()
        scanner.write(chunk)
        hash.update(chunk)
        yield chunk
      }
      if (size === 0) throw new Refusal('empty', 'There are no bytes.')
      scanned = scanner.end()
      const refusal = check?.(scanned)
      if (refusal !== undefined) throw refusal
    } catch (error) {
      fault = error instanceof DicomFault ? new Refusal(error.reason, error.message) : error
      throw fault
    }
  }

  return {
    through,
    fault: () => fault,
    result() {
      if (scanned === undefined) throw new Error('the object store did not read all bytes')
      return { scanned, sha256: hash.digest('hex'), size }
    },
  }
}
