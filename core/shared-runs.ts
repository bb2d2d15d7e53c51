/**
 * Runs something by key, one time after the other. One that is under way may have begun before what somebody wants it to see: they wait for
 * the next, together with all who ask meanwhile.
 */
export function createSharedRuns<Key>(): (key: Key, run: () => Promise<void>) => Promise<void> {
  const running = new Map<Key, Promise<void>>()
  const waiting = new Map<Key, Promise<void>>()

  function begin(key: Key, run: () => Promise<void>): Promise<void> {
    const current = run().finally(() => running.delete(key))
    running.set(key, current)
    return current
  }

  return (key, run) => {
    const next = waiting.get(key)
    if (next !== undefined) return next
    const current = running.get(key)
    if (current === undefined) return begin(key, run)
    const after = current
      .catch(() => undefined) // Its own waiters hear of it; ours is another run.
      .then(() => {
        waiting.delete(key)
        return begin(key, run)
      })
    waiting.set(key, after)
    return after
  }
}
