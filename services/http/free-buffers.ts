/** Buffers that wait to be used again, empty. */
export interface FreeBuffers {
  /** One of them, or a new one, of at least so many bytes. */
  take(size: number): Buffer
  /** Of one that `take` gave, which nobody reads or writes any more. */
  putBack(buffer: Buffer): void
  /** Lets all go. */
  clear(): void
}

/** Of all together. Bytes. */
const KEEP = 32 << 20
/** Sizes are rounded up to this, so that few differ. Bytes. */
const STEP = 128 << 10
/** Larger ones are rare, and dear to keep. Bytes. */
export const LARGEST_KEPT = 8 << 20

export function createFreeBuffers(): FreeBuffers {
  const waiting = new Map<number, Buffer[]>()
  let bytes = 0
  return {
    take(size) {
      const capacity = Math.ceil(Math.max(size, 1) / STEP) * STEP
      const found = waiting.get(capacity)?.pop()
      if (found === undefined) return Buffer.allocUnsafeSlow(capacity)
      bytes -= capacity
      return found
    },
    putBack(buffer) {
      if (buffer.length > LARGEST_KEPT || bytes + buffer.length > KEEP) return
      const others = waiting.get(buffer.length)
      if (others === undefined) waiting.set(buffer.length, [buffer])
      else others.push(buffer)
      bytes += buffer.length
    },
    clear() {
      waiting.clear()
      bytes = 0
    },
  }
}
