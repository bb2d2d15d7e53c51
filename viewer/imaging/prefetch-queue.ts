/** First every image that can be looked at, then those that are exact. */
export type Pass = 'usable' | 'exact'
const PASSES: readonly Pass[] = ['usable', 'exact']

/** One who wants images before they are shown. */
export interface PrefetchSource {
  /**
   * The next fetch of the pass, each once, or undefined when there is none now. It resolves when the image is here or cannot
   * be had; it never rejects.
   */
  next(pass: Pass): (() => Promise<void>) | undefined
}

export interface PrefetchQueue {
  /** Takes part from now on. Called again when a source that had nothing has something. */
  add(source: PrefetchSource): void
  remove(source: PrefetchSource): void
  /** Nothing is under way: nobody waits, nor lacks anything that can be had now. */
  isQuiet(): boolean
}

/**
 * Takes from the sources in turn, so that no pane waits until another has all of its stack. Nobody's image is made exact
 * while another lacks one to look at.
 *
 * @param most in flight together while the pass is fetched
 */
export function createPrefetchQueue(most: (pass: Pass) => number): PrefetchQueue {
  /** Whose turn it is comes first. */
  let sources: readonly PrefetchSource[] = []
  let inFlight = 0

  function takeOne(): (() => Promise<void>) | undefined {
    for (const pass of PASSES) {
      if (inFlight >= most(pass)) continue
      for (const source of sources) {
        const fetchOne = source.next(pass)
        if (fetchOne === undefined) continue
        sources = [...sources.filter((each) => each !== source), source]
        return fetchOne
      }
    }
    return undefined
  }

  function pump(): void {
    for (let fetchOne = takeOne(); fetchOne !== undefined; fetchOne = takeOne()) {
      inFlight++
      void fetchOne().then(() => {
        inFlight--
        pump()
      })
    }
  }

  return {
    add(source) {
      if (!sources.includes(source)) sources = [source, ...sources]
      pump()
    },
    remove(source) {
      sources = sources.filter((each) => each !== source)
    },
    isQuiet: () => inFlight === 0,
  }
}
