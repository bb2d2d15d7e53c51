import { createHash } from 'node:crypto'
import { DicomFault } from '../dicom/dicom-fault.ts'
import { InstanceScanner, type ScannedInstance } from '../dicom/instance-scanner.ts'
import type { ObjectKey, ObjectStore } from '../ports/object-store.ts'
import { copyBytes } from '../copy-bytes.ts'
import { freeBytes } from './free-bytes.ts'
import { LARGEST_HEAD } from './recent-heads.ts'
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
  /** A copy of all before Pixel Data, where that is little and came at once. */
  readonly head: Uint8Array | undefined
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

/** There is no room for it: the organisation keeps as much as it may. */
export class NoRoom extends Refusal {
  constructor(
    /** What it was, where all of it was read. */
    readonly received?: ScannedBytes,
  ) {
    super(
      'quota-exceeded',
      'The organisation keeps as much as it may. Its administrator can ask the operator for more room; then send it again.',
      received?.scanned,
    )
  }
}

/**
 * Lets bytes flow once: hashed, scanned and kept under the key. `check` has the last word on what was scanned. What there is no room
 * for is read to its end all the same: the archive may have it, and its sender is told which it was.
 * Durable when it resolves with a scan; nothing is kept when it resolves with a Refusal, or rejects.
 * Errors: whatever the source throws; 'unavailable' when the store does not answer.
 */
export async function receiveBytes(
  objects: ObjectStore,
  key: ObjectKey,
  bytes: AsyncIterable<Uint8Array>,
  options: {
    size?: number | undefined
    /** Nobody else has the chunks: their memory can be given back as soon as it is not needed. */
    ownsChunks?: boolean | undefined
    /** Bytes that there is room for. */
    room?: number
    check?: (scanned: ScannedInstance) => Refusal | undefined
  } = {},
): Promise<ScannedBytes | Refusal> {
  const { room = Infinity } = options
  // The store hashes what it keeps, beside this thread; what turns out too much for the room is kept by none.
  const pass = scanBytes(bytes, { ...options, hashes: room < LARGEST_INSTANCE })
  if (room < (options.size ?? 1)) return withoutRoom(pass)
  try {
    const { sha256 } = await objects.put(key, pass.through(), {
      ...(options.size === undefined ? {} : { size: options.size }),
      ...(options.ownsChunks === true ? { onCopied: pass.free } : {}),
    })
    return pass.result(sha256)
  } catch (error) {
    // What the source threw comes first: an adapter may wrap it.
    const fault = pass.fault() ?? error
    if (fault instanceof NoRoom) return withoutRoom(pass)
    if (fault instanceof Refusal) return fault
    throw fault
  }
}

/** Hashes and scans without keeping: for bytes that are kept already. */
export const scanOnly = (bytes: AsyncIterable<Uint8Array>): Promise<ScannedBytes | Refusal> =>
  scanBytes(bytes, { hashes: true }).rest()

async function withoutRoom(pass: Pass): Promise<Refusal> {
  const received = await pass.rest()
  return received instanceof Refusal ? received : new NoRoom(received)
}

function headOf(firstChunk: Uint8Array, end = Infinity): Uint8Array | undefined {
  if (end > LARGEST_HEAD) return undefined
  const head = Buffer.allocUnsafe(end)
  copyBytes(head, firstChunk.subarray(0, end), 0)
  return head
}

interface Pass {
  /** To be kept. */
  through(): AsyncGenerator<Uint8Array>
  /** What is left, not to be kept; where this hashes. */
  rest(): Promise<ScannedBytes | Refusal>
  /** Gives back the memory of a chunk that has passed, where the scan is done with it. */
  free(chunk: Uint8Array): void
  fault(): unknown
  /** Once all bytes have passed. */
  result(sha256: string): ScannedBytes
}

function scanBytes(
  bytes: AsyncIterable<Uint8Array>,
  {
    check,
    room = Infinity,
    hashes,
  }: { check?: (scanned: ScannedInstance) => Refusal | undefined; room?: number; hashes: boolean },
): Pass {
  const source = bytes[Symbol.asyncIterator]()
  const hash = hashes ? createHash('sha256') : undefined
  const scanner = new InstanceScanner()
  let size = 0
  let scanned: ScannedInstance | undefined
  let head: Uint8Array | undefined
  let fault: unknown

  /** The next chunk, looked at; at the end undefined. */
  async function take(): Promise<Uint8Array | undefined> {
    const next = await source.next()
    if (next.done !== true) {
      size += next.value.length
      if (size > LARGEST_INSTANCE) throw new Refusal('instance-too-large', 'The instance is too large.')
      scanner.write(next.value)
      if (size === next.value.length) head = headOf(next.value, scanner.headerEnd)
      hash?.update(next.value)
      return next.value
    }
    if (size === 0) throw new Refusal('empty', 'There are no bytes.')
    scanned = scanner.end()
    const refusal = check?.(scanned)
    if (refusal !== undefined) throw refusal
    return undefined
  }

  async function failed(error: unknown): Promise<unknown> {
    fault = error instanceof DicomFault ? new Refusal(error.reason, error.message) : error
    if (!(fault instanceof NoRoom)) await source.return?.()
    return fault
  }

  async function* through(): AsyncGenerator<Uint8Array> {
    let ended = false
    try {
      for (let chunk = await take(); chunk !== undefined; chunk = await take()) {
        if (size > room) throw new NoRoom()
        yield chunk
      }
      ended = true
    } catch (error) {
      ended = true
      throw await failed(error)
    } finally {
      // Whoever keeps the bytes stopped.
      if (!ended) await source.return?.()
    }
  }

  function result(sha256: string): ScannedBytes {
    if (scanned === undefined) throw new Error('the object store did not read all bytes')
    return { scanned, sha256, size, head }
  }

  return {
    through,
    async rest() {
      try {
        while ((await take()) !== undefined);
      } catch (error) {
        const thrown = await failed(error)
        if (thrown instanceof Refusal) return thrown
        throw thrown
      }
      if (hash === undefined) throw new Error('what is not kept was not hashed')
      return result(hash.digest('hex'))
    },
    free(chunk) {
      if (!scanner.holdsChunks) freeBytes(chunk)
    },
    fault: () => fault,
    result,
  }
}
