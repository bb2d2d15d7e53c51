/** One who wants images before they are shown. */
export interface PrefetchSource {
  /** The next image to fetch, each once, or undefined when there is none now. */
  next(): string | undefined
}

export interface PrefetchQueue {
  /** Takes part from now on. Called again when a source that had nothing has something. */
  add(source: PrefetchSource): void
  remove(source: PrefetchSource): void
}

/**
 * Takes from the sources in turn, so that no pane waits until another has all of its stack.
 *
 * @param fetchOne resolves when the image is here or cannot be had; it never rejects
 * @param most in flight together
 */
export function createPrefetchQueue(
  fetchOne: (imageId: string) => Promise<void>,
  most: number,
): PrefetchQueue {
  /** Whose turn it is comes first. */
  let sources: readonly PrefetchSource[] = []
  let inFlight = 0

  function takeOne(): string | undefined {
    for (const source of sources) {
      const imageId = source.next()
      if (imageId === undefined) continue
      sources = [...sources.filter((each) => each !== source), source]
      return imageId
    }
    return undefined
  }

  function pump(): void {
    while (inFlight < most) {
      const imageId = takeOne()
      if (imageId === undefined) return
      inFlight++
      void fetchOne(imageId).then(() => {
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
  }
}
