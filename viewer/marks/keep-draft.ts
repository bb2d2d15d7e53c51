import { ApiError } from '../client/api-error.ts'
import type { Mark } from './mark.ts'
import type { DrawnStore } from './drawn-store.ts'

/** Whether all that was drawn is where a crash does not reach it. */
export type DraftStatus = 'loading' | 'saved' | 'saving' | 'failed'

/** Marks, or segments. */
type Drawn = Pick<Mark, 'trackingUid' | 'label' | 'hidden'>

export interface DraftKeeperOptions<Item extends Drawn = Mark> {
  readonly store: DrawnStore<Item>
  load(): Promise<SettledDraft<Item>>
  /** Answers the new version. Rejects with ApiError code 'draft-changed' when another window saved meanwhile. */
  save(draft: { version: number; marks: Item[] }): Promise<number>
  onStatus(status: DraftStatus): void
  /** The archive has another version of the draft because of this window. */
  onVersion?(version: number): void
  /** From the first change that is not saved to its saving: strokes of one hand go together. Milliseconds. */
  readonly delayMs?: number
  /** Between two tries when the archive does not answer. Milliseconds. */
  readonly retryMs?: number
}

/** What the archive and the reader both have. */
export interface SettledDraft<Item = Mark> {
  readonly version: number
  readonly marks: readonly Item[]
}

export interface DraftKeeper<Item = Mark> {
  /** Saves what is not saved yet, now. */
  flush(): void
  /** The same, and answers what is saved then; undefined when it cannot be. */
  settle(): Promise<SettledDraft<Item> | undefined>
  /** The archive took these marks of a settled draft out of it, which made it this version: they go here too, unless changed since. */
  release(version: number, marks: readonly Item[]): void
  /** Another window of this reader made the draft this version: what is new in it is read. */
  changedElsewhere(version: number): void
  /** Saves what is not saved yet and no more after it; resolves once that is settled. */
  stop(): Promise<void>
}

/** Reads what was drawn before, and saves every change, until it is stopped. */
export function keepDraft<Item extends Drawn = Mark>({
  store,
  load,
  save,
  onStatus,
  onVersion,
  delayMs = 500,
  retryMs = 4_000,
}: DraftKeeperOptions<Item>): DraftKeeper<Item> {
  let version = 0
  /** What the archive has. */
  let kept = store.list()
  let loaded = false
  /** The archive has a newer one. */
  let isStale = false
  let running: Promise<void> | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let due = Infinity
  let stopped = false

  const isKept = (): boolean => store.list() === kept || isSame(store.list(), kept)
  const tell = (status: DraftStatus): void => {
    if (!stopped) onStatus(status)
  }

  /** Never later than was said before: who draws on and on is saved on and on. */
  function soon(ms: number): void {
    const at = Date.now() + ms
    if (stopped || at >= due) return
    clearTimeout(timer)
    due = at
    timer = setTimeout(flush, ms)
  }

  /** Puts together what the archive has and what is here: of each mark what was changed since both had the same. */
  async function take(): Promise<void> {
    isStale = false
    const draft = await load()
    const own = store.list()
    // Left before anything was read or drawn: there is nothing to keep, and no page to show it on.
    if (stopped && own === kept) return
    const merged = together(kept, own, draft.marks)
    version = draft.version
    kept = draft.marks
    loaded = true
    if (!isSame(merged, own)) store.restore(merged)
  }

  async function run(): Promise<void> {
    try {
      if (!loaded) await take()
      while (isStale || !isKept()) {
        if (isStale) {
          await take()
          continue
        }
        tell('saving')
        const marks = store.list()
        try {
          version = await save({ version, marks: [...marks] })
          kept = marks
          onVersion?.(version)
        } catch (error) {
          if (!(error instanceof ApiError) || error.code !== 'draft-changed') throw error
          await take()
        }
      }
      tell('saved')
    } catch {
      tell('failed')
      soon(retryMs)
    }
  }

  function flush(): void {
    clearTimeout(timer)
    due = Infinity
    running ??= run().finally(() => (running = undefined))
  }

  const unsubscribe = store.subscribe(() => {
    if (isKept()) return
    if (loaded) tell('saving')
    soon(delayMs)
  })
  onStatus('loading')
  flush()
  return {
    flush,
    async settle() {
      flush()
      await running
      return loaded && isKept() ? { version, marks: store.list() } : undefined
    },
    release(next, released) {
      const rest = (marks: readonly Item[]): readonly Item[] =>
        marks.filter((mark) => !released.includes(mark))
      const uids = new Set(released.map(({ trackingUid }) => trackingUid))
      version = next
      kept = kept.filter(({ trackingUid }) => !uids.has(trackingUid))
      store.restore(rest(store.list()))
      onVersion?.(version)
    },
    changedElsewhere(next) {
      if (next <= version || stopped) return
      isStale = true
      flush()
    },
    async stop() {
      unsubscribe()
      stopped = true
      flush()
      await running
    },
  }
}

const isSame = (a: readonly Drawn[], b: readonly Drawn[]): boolean =>
  a.length === b.length &&
  a.every((each, index) => each === b[index] || JSON.stringify(each) === JSON.stringify(b[index]))

/**
 * Deleted on either side is deleted, unless the other side changed it; changed on both is as it is here. In the archive's
 * order: two windows that take over from each other come to rest.
 */
function together<Item extends Drawn>(
  before: readonly Item[],
  own: readonly Item[],
  theirs: readonly Item[],
): Item[] {
  const byUid = (marks: readonly Item[]): Map<string, Item> =>
    new Map(marks.map((mark) => [mark.trackingUid, mark]))
  const [was, here, there] = [byUid(before), byUid(own), byUid(theirs)]
  const isChanged = (mark: Item): boolean => {
    const then = was.get(mark.trackingUid)
    return then === undefined || !isSame([mark], [then])
  }
  const shared = theirs.flatMap((mark) => {
    const ours = here.get(mark.trackingUid)
    if (ours !== undefined) return isChanged(ours) ? ours : mark
    return was.has(mark.trackingUid) && !isChanged(mark) ? [] : mark
  })
  return [...shared, ...own.filter((mark) => !there.has(mark.trackingUid) && isChanged(mark))]
}
