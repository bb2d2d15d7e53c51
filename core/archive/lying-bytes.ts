import type { ByteRange, ObjectKey } from '../ports/object-store.ts'
import type { Pacs } from '../pacs.ts'

/**
 * Bytes that lie in the object store and never change, with a few in front of them at most. They are read to where they are
 * wanted, so that nothing is copied between the disk and what is sent.
 */
export interface LyingBytes {
  /** Bytes. */
  readonly size: number
  /** The same bytes and no others are called so, as long as the process lives; undefined where some of them are our own. */
  readonly name: string | undefined
  /**
   * Fills the target with the bytes from `offset` on (0 unless said).
   * Errors: 'not-found' code 'object-not-found'; a fault where the object is shorter than its row says.
   */
  readInto(target: Uint8Array, offset?: number): Promise<void>
}

/** One range of an object, behind a head of our own. */
export function lyingBytes(
  { objects }: Pick<Pacs, 'objects'>,
  key: ObjectKey,
  range: ByteRange,
  head: Uint8Array = new Uint8Array(0),
): LyingBytes {
  return {
    size: head.length + range.length,
    name: head.length === 0 ? nameOf(key, range) : undefined,
    async readInto(target, offset = 0) {
      const ahead = head.subarray(offset, offset + target.length)
      target.set(ahead)
      const rest = target.subarray(ahead.length)
      if (rest.length === 0) return
      const from = range.offset + Math.max(0, offset - head.length)
      const filled = await objects.readInto(key, from, rest)
      if (filled < rest.length) throw new Error('an object is shorter than its row says')
    },
  }
}

/** A part of them, which lies inside; all of them, under the name they have, where it is that. */
export function partOfLying(lying: LyingBytes, part: ByteRange): LyingBytes {
  if (part.length === lying.size) return lying
  return {
    size: part.length,
    name: lying.name === undefined ? undefined : nameOf(lying.name, part),
    readInto: (target, from = 0) => lying.readInto(target, part.offset + from),
  }
}

/** A key names its bytes for good: objects are never written over (core/archive/object-key.ts). */
const nameOf = (of: string, { offset, length }: ByteRange): string => `${of} ${offset}+${length}`

export const isLying = (body: object): body is LyingBytes => 'readInto' in body
