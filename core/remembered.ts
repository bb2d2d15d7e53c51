import type { Clock } from './ports/clock.ts'

/** What is believed for a while, by key. */
export interface Remembered<Value> {
  /** Undefined where nothing was told, or too long ago. */
  get(key: string): Value | undefined
  /** @param forMs how long it is believed, where that is another time than of the others; milliseconds */
  set(key: string, value: Value, forMs?: number): void
  delete(key: string): void
  clear(): void
}

/**
 * What is no longer believed is let go as more is told, and the oldest when there is more than `most`: a process holds what it
 * uses now, not what it ever used.
 *
 * @param options.forMs milliseconds
 */
export function createRemembered<Value>(
  clock: Clock,
  options: { readonly forMs: number; readonly most: number },
): Remembered<Value> {
  /** A Map keeps the order of insertion: the oldest comes first. */
  const kept = new Map<string, { readonly value: Value; readonly until: number }>()
  return {
    get(key) {
      const entry = kept.get(key)
      return entry === undefined || entry.until <= clock.now() ? undefined : entry.value
    },
    set(key, value, forMs = options.forMs) {
      const now = clock.now()
      kept.delete(key)
      for (const [oldest, { until }] of kept) {
        if (until > now && kept.size < options.most) break
        kept.delete(oldest)
      }
      kept.set(key, { value, until: now + forMs })
    },
    delete: (key) => void kept.delete(key),
    clear: () => kept.clear(),
  }
}
