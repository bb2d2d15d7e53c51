import type { Turn } from './frames/fetch-frame.ts'

/** First every image that can be looked at, then those that are exact. */
export type Pass = 'usable' | 'exact'
const PASSES: readonly Pass[] = ['usable', 'exact']

/** One who wants images before they are shown. */
export interface PrefetchSource {
  /** The next fetch of the pass, each once, or undefined when there is none now. */
  next(pass: Pass): Fetch | undefined
}

export interface Fetch {
  /** What it will bring, as far as that is known before. Bytes. */
  readonly bytes: number
  /**
   * It resolves when the image is here or cannot be had; it never rejects. The turn: of all that are fetched at once;
   * undefined: it is alone.
   */
  readonly run: (turn: Turn | undefined) => Promise<void>
}

/** A far link is kept full by so many times what it holds: while the next is asked for, the others are on their way. */
export const FILL = 3

/** What may be under way at once while a pass is fetched. */
export interface Bounds {
  /** Turns. */
  readonly turns: number
  /** Of one turn, which asks for several images at once where so much is not one. Bytes. */
  readonly bytes: number
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
 */
export function createPrefetchQueue(boundsOf: (pass: Pass) => Bounds): PrefetchQueue {
  /** Whose turn it is comes first. */
  let sources: readonly PrefetchSource[] = []
  let inFlight = 0

  /** What is fetched next, of one source; nothing: there is none, or enough is under way. */
  function takeTurn(): readonly Fetch[] {
    for (const pass of PASSES) {
      const { turns, bytes } = boundsOf(pass)
      if (inFlight >= turns) continue
      for (const source of sources) {
        const turn = takeUpTo(bytes, () => source.next(pass))
        if (turn.length === 0) continue
        sources = [...sources.filter((each) => each !== source), source]
        return turn
      }
    }
    return []
  }

  function pump(): void {
    for (let taken = takeTurn(); taken.length > 0; taken = takeTurn()) {
      inFlight++
      const turn = taken.length > 1 ? Symbol('turn') : undefined
      void Promise.all(taken.map(({ run }) => run(turn))).then(() => {
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

/** What an image costs of which nothing is known, or nothing is missing. Bytes. */
const LEAST_BYTES = 1 << 10

/** One at least, where there is one; more while another like the last has room. */
export function takeUpTo<Each extends Pick<Fetch, 'bytes'>>(
  most: number,
  next: () => Each | undefined,
): Each[] {
  const taken: Each[] = []
  let bytes = 0
  for (let each = next(); each !== undefined; each = next()) {
    taken.push(each)
    const more = Math.max(LEAST_BYTES, each.bytes)
    bytes += more
    if (bytes + more > most) break
  }
  return taken
}
