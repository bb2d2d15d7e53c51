/** A place for what is sent next, of exactly the bytes that were asked for. */
export interface LentBuffer {
  readonly bytes: Buffer
  /** It was sent to its last byte and nothing reads it any more. Whoever cannot say so for certain keeps it to themselves. */
  giveBack(): void
}

/**
 * Buffers that are used again: half a megabyte made for each frame, and thrown away after it, costs more than reading and
 * sending the frame does.
 */
export interface SendBuffers {
  lend(size: number): LentBuffer
}

/** Of all buffers that wait to be used again. Bytes. */
const KEEP = 48 << 20
/** Sizes are rounded up to this. Bytes. */
const STEP = 128 << 10
/** Larger ones are rare, and dear to keep. Bytes. */
const LARGEST_KEPT = 8 << 20

export function createSendBuffers(): SendBuffers {
  const free = new Map<number, Buffer[]>()
  let kept = 0
  return {
    lend(size) {
      const capacity = Math.ceil(Math.max(size, 1) / STEP) * STEP
      const waiting = free.get(capacity)?.pop()
      if (waiting !== undefined) kept -= capacity
      const whole = waiting ?? Buffer.allocUnsafeSlow(capacity)
      let isLent = true
      return {
        bytes: whole.subarray(0, size),
        giveBack() {
          if (!isLent) return
          isLent = false
          if (capacity > LARGEST_KEPT || kept + capacity > KEEP) return
          const others = free.get(capacity)
          if (others === undefined) free.set(capacity, [whole])
          else others.push(whole)
          kept += capacity
        },
      }
    },
  }
}
