/** Lets at most `places` of what it is given run at once, in the order of asking. */
export function createGate(places: number): <T>(work: () => Promise<T>) => Promise<T> {
  let free = places
  const waiting: (() => void)[] = []
  return async (work) => {
    if (free > 0) free--
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await work()
    } finally {
      // The place goes straight to the next, so that nobody overtakes.
      const next = waiting.shift()
      if (next === undefined) free++
      else next()
    }
  }
}
