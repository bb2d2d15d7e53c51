/** Opaque: no UID, no patient data. Lower-case letters, digits, `-`, `.`, `/`. Made only by core/archive/object-key.ts. */
export type ObjectKey = string & { readonly __brand: 'ObjectKey' }

export interface StoredObject {
  readonly key: ObjectKey
  /** Bytes. */
  readonly size: number
  /** Milliseconds since the epoch, UTC. */
  readonly modifiedAt: number
}

/** What was kept, as the store saw it pass. */
export interface KeptBytes {
  /** Bytes. */
  readonly size: number
  /** Lower-case hexadecimal. */
  readonly sha256: string
}

export interface ByteRange {
  /** First byte, 0-based. */
  readonly offset: number
  /** Bytes. */
  readonly length: number
}

/**
 * Where bytes are kept. Two implementations: a folder (`file:`) and an S3 bucket (`s3:`).
 *
 * Errors: YunyingError kind 'not-found' code 'object-not-found' for an absent key; kind 'unavailable' code
 * 'object-store-unavailable' when the store does not answer. Foreign errors never leave the adapter.
 */
export interface ObjectStore {
  /**
   * Durable when it resolves: a crash a moment later loses nothing, and a key that was never resolved is
   * never visible with part of its bytes. Constant memory whatever the size. If the source throws, nothing is kept.
   */
  put(key: ObjectKey, bytes: AsyncIterable<Uint8Array>, options?: PutOptions): Promise<KeptBytes>
  /** The whole object or one range of it, as a stream with back-pressure. Destroying the stream frees it. */
  stream(key: ObjectKey, range?: ByteRange, signal?: AbortSignal): Promise<AsyncIterable<Uint8Array>>
  /** One range in memory. For frames and headers: at most a few tens of MiB. Shorter only at the end of the object. */
  read(key: ObjectKey, range?: ByteRange): Promise<Uint8Array>
  /**
   * Fills the target from `offset` on, and answers how many bytes there were: fewer only at the end of the object. For keys
   * whose bytes never change; what was put or deleted elsewhere may be seen some seconds late.
   */
  readInto(key: ObjectKey, offset: number, target: Uint8Array): Promise<number>
  /**
   * Memory to gather in what will be put: a source of `put` whose only chunk lies in it is kept as it lies, without another
   * copy. Undefined where there is none, or none left: then the source's chunks may lie anywhere.
   */
  land(): Landing | undefined
  head(key: ObjectKey): Promise<StoredObject | undefined>
  /** Absent is fine. */
  delete(key: ObjectKey): Promise<void>
  /** In key order. */
  list(prefix: string): AsyncIterable<StoredObject>
  /** Removes what interrupted puts left behind and is older than `olderThanMs`; returns how many. */
  sweepUnfinished(olderThanMs: number): Promise<number>
  /** How much room the volume has that it lies on; undefined where there is no such limit. */
  room(): Promise<StoreRoom | undefined>
  /** Resolves when the store answers; rejects with 'object-store-unavailable'. */
  check(): Promise<void>
  close(): Promise<void>
}

/** Where an object in a landing best begins, at a multiple of this: a disk takes it from there. Bytes. */
export const LANDING_PAGE = 4096
/** As much as there is behind a first page. Bytes. */
export const LANDING_SIZE = 1 << 20

export interface Landing {
  /** LANDING_PAGE and LANDING_SIZE. */
  readonly bytes: Buffer
  /** Not before what was put from it is kept, or given up. */
  release(): void
}

/** Units: bytes. */
export interface StoreRoom {
  readonly freeBytes: number
  readonly allBytes: number
}

export interface PutOptions {
  /** Exact size when the caller knows it. */
  readonly size?: number
  readonly contentType?: string
  /** Told of each chunk, where the store has copied it and keeps nothing of the chunk itself. */
  readonly onCopied?: ((chunk: Uint8Array) => void) | undefined
}
