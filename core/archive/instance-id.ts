import { randomUUID } from 'node:crypto'
import type { Clock } from '../ports/clock.ts'

/**
 * A maker of version 7 UUIDs (RFC 9562 5.7) that rise strictly in one process and by the millisecond between processes,
 * so that their order is the order of arrival.
 */
export function createIdSequence(clock: Clock): () => string {
  let lastMs = 0
  // The 12 bits after the version count within a millisecond (RFC 9562 6.2, method 1).
  let counter = 0
  return () => {
    const now = clock.now()
    if (now > lastMs) {
      lastMs = now
      counter = Number.parseInt(randomUUID().slice(0, 2), 16)
    } else if (++counter > 0xfff) {
      lastMs += 1
      counter = 0
    }
    const time = lastMs.toString(16).padStart(12, '0')
    // The variant and the random bits of a version 4 UUID are those of version 7.
    const tail = randomUUID().slice(19)
    return `${time.slice(0, 8)}-${time.slice(8)}-7${counter.toString(16).padStart(3, '0')}-${tail}`
  }
}

/** When a version 7 UUID was made. Units: milliseconds since the epoch, UTC. */
export function timeOfId(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Whether the text is a UUID in lower case. */
export const isUuid = (text: string): boolean => UUID.test(text)
