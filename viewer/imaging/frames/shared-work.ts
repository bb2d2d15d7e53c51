/** Work that several may wait for: done once, as who asks first wants it, and given up when nobody waits any longer. */
export type SharedWork<How> = (key: string, signal: AbortSignal, how?: How) => Promise<void>

interface UnderWay {
  readonly promise: Promise<void>
  readonly controller: AbortController
  waiting: number
}

/** What is asked for under the same key is the same. Errors: those of the work; the reason of the signal of who gives up. */
export function shareWork<How>(work: SharedWork<How>): SharedWork<How> {
  const all = new Map<string, UnderWay>()

  function begin(key: string, how: How | undefined): UnderWay {
    const controller = new AbortController()
    const promise = work(key, controller.signal, how).finally(() => {
      if (all.get(key) === begun) all.delete(key)
    })
    const begun: UnderWay = { promise, controller, waiting: 0 }
    all.set(key, begun)
    return begun
  }

  return (key, signal, how) =>
    new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason as Error)
      const shared = all.get(key) ?? begin(key, how)
      shared.waiting++
      const leave = (): void => {
        reject(signal.reason as Error)
        if (--shared.waiting > 0) return
        // Who asks for it from now on begins anew.
        if (all.get(key) === shared) all.delete(key)
        shared.controller.abort(signal.reason)
      }
      signal.addEventListener('abort', leave, { once: true })
      shared.promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave))
    })
}
