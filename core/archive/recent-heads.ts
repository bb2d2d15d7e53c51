import type { ObjectKey } from '../ports/object-store.ts'

/** Beyond this it is read again from the store. Bytes. */
export const LARGEST_HEAD = 16 * 1024
/** Of all that is held: a few thousand heads, as many as a flood leaves to be read. Bytes. */
const MOST_HELD = 16 << 20

/**
 * The heads (all before Pixel Data) of instances that this process stored lately, for whoever derives something from them soon: a file that was
 * written past the page cache is opened, read from the disk and closed otherwise, or asked for from another machine.
 */
export interface RecentHeads {
  /** Of an object that is kept. */
  keep(key: ObjectKey, head: Uint8Array): void
  /** Once: whoever took it is done with it. Undefined where it must be read from the store. */
  take(key: ObjectKey): Uint8Array | undefined
}

/** The oldest are let go first. `most`: bytes of all. */
export function createRecentHeads(most = MOST_HELD): RecentHeads {
  /** A Map keeps the order of insertion. */
  const held = new Map<ObjectKey, Uint8Array>()
  let size = 0
  const take = (key: ObjectKey): Uint8Array | undefined => {
    const head = held.get(key)
    if (head === undefined) return undefined
    held.delete(key)
    size -= head.length
    return head
  }
  return {
    keep(key, head) {
      take(key)
      held.set(key, head)
      size += head.length
      for (const oldest of held.keys()) {
        if (size <= most) break
        take(oldest)
      }
    },
    take,
  }
}

/** For a process that derives nothing. */
export const noRecentHeads: RecentHeads = { keep: () => undefined, take: () => undefined }
