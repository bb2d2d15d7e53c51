import type { LyingBytes } from '../../core/archive/lying-bytes.ts'
import { createFreeBuffers, LARGEST_KEPT } from './free-buffers.ts'

/** A place for what is sent next, of exactly the bytes that were asked for. */
export interface LentBuffer {
  readonly bytes: Buffer
  /** It was sent to its last byte and nothing reads it any more. Whoever cannot say so for certain keeps it to themselves. */
  giveBack(): void
}

/**
 * Buffers that are used again: half a megabyte made for each frame, and thrown away after it, costs more than reading and
 * sending the frame does. What is asked for a second time stays where it was read to, until its place is needed: the others of
 * a meeting, who look at the same frame, are sent it from there. What is taken once, all of an archive may be, displaces nothing.
 */
export interface SendBuffers {
  /** For something to be written in. */
  lend(size: number): LentBuffer
  /** With what lies in the store, which nobody may write in: others send it too. Errors: as LyingBytes.readInto. */
  lendFilled(lying: LyingBytes): Promise<LentBuffer>
}

/** Of all buffers with what was sent again: a CT of 120 slices as it is stored, of 400 as a rendition. Bytes. */
const KEEP_FILLED = 64 << 20
/** What was not sent for so long is let go: an archive at rest holds nothing. Milliseconds. */
const KEEP_MS = 60_000
/** Smaller ones would waste most of their room, and are read as soon as found. Bytes. */
const SMALLEST_FILLED = 64 << 10
/** Of so many pieces it is known that they were sent once. */
const MOST_SENT_ONCE = 4096

/** Bytes that lie in the store, in memory. */
interface Filled {
  readonly name: string
  readonly whole: Buffer
  /** Answers that send it just now, or never said that they have. */
  uses: number
  lastUsed: number
  readonly ready: Promise<void>
  /** Whether a request for these bytes finds it. */
  isKept: boolean
}

export function createSendBuffers(): SendBuffers {
  const free = createFreeBuffers()
  /** The longest unused first. */
  const filled = new Map<string, Filled>()
  let filledBytes = 0
  /** Names; the oldest first. */
  const sentOnce = new Set<string>()
  let timer: NodeJS.Timeout | undefined

  function putBack(whole: Buffer): void {
    free.putBack(whole)
    letGoLater()
  }

  function forget(place: Filled): void {
    if (!place.isKept) return
    place.isKept = false
    filled.delete(place.name)
    filledBytes -= place.whole.length
    if (place.uses === 0) putBack(place.whole)
  }

  /** Says whether it was sent before, and remembers that it is. */
  function isSecond(name: string): boolean {
    if (sentOnce.delete(name)) return true
    sentOnce.add(name)
    for (const oldest of sentOnce) {
      if (sentOnce.size <= MOST_SENT_ONCE) break
      sentOnce.delete(oldest)
    }
    return false
  }

  function find(lying: LyingBytes): Filled | undefined {
    const { name, size } = lying
    if (name === undefined || size < SMALLEST_FILLED || size > LARGEST_KEPT) return undefined
    const known = filled.get(name)
    if (known === undefined) return isSecond(name) ? fill(lying, name) : undefined
    filled.delete(name)
    filled.set(name, known)
    return known
  }

  function fill(lying: LyingBytes, name: string): Filled {
    for (const oldest of filled.values()) {
      if (filledBytes + lying.size <= KEEP_FILLED) break
      forget(oldest)
    }
    const whole = free.take(lying.size)
    const ready = lying.readInto(whole.subarray(0, lying.size))
    const place: Filled = { name, whole, uses: 0, lastUsed: 0, ready, isKept: true }
    // Who waited for it hears of it; the next request tries again.
    ready.catch(() => forget(place))
    filled.set(name, place)
    filledBytes += whole.length
    letGoLater()
    return place
  }

  function letGoLater(): void {
    timer ??= setTimeout(() => {
      timer = undefined
      const before = performance.now() - KEEP_MS
      for (const place of filled.values()) if (place.lastUsed < before) forget(place)
      free.clear()
      if (filled.size > 0) letGoLater()
    }, KEEP_MS).unref()
  }

  function lend(size: number): LentBuffer {
    const whole = free.take(size)
    return { bytes: whole.subarray(0, size), giveBack: once(() => putBack(whole)) }
  }

  return {
    lend,
    async lendFilled(lying) {
      const place = find(lying)
      if (place === undefined) {
        const lent = lend(lying.size)
        await lying.readInto(lent.bytes)
        return lent
      }
      place.uses++
      place.lastUsed = performance.now()
      await place.ready
      return {
        bytes: place.whole.subarray(0, lying.size),
        giveBack: once(() => {
          place.uses--
          if (place.uses === 0 && !place.isKept) putBack(place.whole)
        }),
      }
    },
  }
}

function once(work: () => void): () => void {
  let isDone = false
  return () => {
    if (isDone) return
    isDone = true
    work()
  }
}
