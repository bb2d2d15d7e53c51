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
 * @param options.weightOf how much of `most` a value takes, 1 unless said; what would take more than all of it is not kept
 */
export function createRemembered<Value>(
  clock: Clock,
  options: { readonly forMs: number; readonly most: number; readonly weightOf?: (value: Value) => number },
): Remembered<Value> {
  const { most, weightOf = () => 1 } = options
  /** A Map keeps the order of insertion: the oldest comes first. */
  const kept = new Map<string, { readonly value: Value; readonly until: number; readonly weight: number }>()
  let total = 0

  function letGo(key: string): void {
    total -= kept.get(key)?.weight ?? 0
    kept.delete(key)
  }

  return {
    get(key) {
      const entry = kept.get(key)
      return entry === undefined || entry.until <= clock.now() ? undefined : entry.value
    },
    set(key, value, forMs = options.forMs) {
      const now = clock.now()
      letGo(key)
      const weight = weightOf(value)
      if (weight > most) return
      for (const [oldest, { until }] of kept) {
        if (until > now && total + weight <= most) break
        letGo(oldest)
      }
      kept.set(key, { value, until: now + forMs, weight })
      total += weight
    },
    delete: letGo,
    clear() {
      kept.clear()
      total = 0
    },
  }
}
