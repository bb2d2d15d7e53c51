import type { Mark } from './mark.ts'

/** Steps that can be taken back. */
const MOST_STEPS = 100

/** What every kind of thing has that is drawn by hand. */
export type Drawn = Pick<Mark, 'trackingUid' | 'label' | 'hidden'>

/** What follows from a change for the others, in the same step: all there are, when it is done. */
export type Follow<Item> = (
  next: readonly Item[],
  change: { readonly before?: Item | undefined; readonly after?: Item },
  isAlike?: (other: Item) => boolean,
) => readonly Item[]

/** The marks of a reading room, or its segments, in the order in which they were drawn. Every change can be undone. */
export interface DrawnStore<Item extends Drawn> {
  list(): readonly Item[]
  /**
   * Adds one, or replaces the one with its tracking UID.
   *
   * @param isAlike whether another of its series lies on an image of the same size
   */
  put(mark: Item, isAlike?: (other: Item) => boolean): void
  /** Several of which each is there already, in one step. */
  putAll(changed: readonly Item[]): void
  remove(trackingUid: string): void
  rename(trackingUid: string, label: string): void
  setHidden(trackingUid: string, hidden: boolean): void
  /** All marks of before, which nobody drew just now: there is nothing to undo. */
  restore(marks: readonly Item[]): void
  undo(): void
  redo(): void
  canUndo(): boolean
  canRedo(): boolean
  /** Told after every change; returns how to stop. */
  subscribe(listener: () => void): () => void
}

export function createDrawnStore<Item extends Drawn>(
  follow: Follow<Item> = (next) => next,
): DrawnStore<Item> {
  let marks: readonly Item[] = []
  let past: (readonly Item[])[] = []
  let future: (readonly Item[])[] = []
  const listeners = new Set<() => void>()

  function show(next: readonly Item[]): void {
    marks = next
    for (const listener of listeners) listener()
  }

  function change(next: readonly Item[]): void {
    past = [...past.slice(1 - MOST_STEPS), marks]
    future = []
    show(next)
  }

  function alter(trackingUid: string, part: Partial<Drawn>): void {
    if (!marks.some((mark) => mark.trackingUid === trackingUid)) return
    change(marks.map((mark) => (mark.trackingUid === trackingUid ? { ...mark, ...part } : mark)))
  }

  return {
    list: () => marks,
    put(mark, isAlike) {
      const before = marks.find(({ trackingUid }) => trackingUid === mark.trackingUid)
      const next =
        before === undefined ? [...marks, mark] : marks.map((each) => (each === before ? mark : each))
      change(follow(next, { before, after: mark }, isAlike))
    },
    putAll(changed) {
      const next = new Map(changed.map((mark) => [mark.trackingUid, mark]))
      change(marks.map((mark) => next.get(mark.trackingUid) ?? mark))
    },
    remove(trackingUid) {
      const before = marks.find((mark) => mark.trackingUid === trackingUid)
      if (before === undefined) return
      const left = marks.filter((mark) => mark !== before)
      change(follow(left, { before }))
    },
    rename: (trackingUid, label) => alter(trackingUid, { label }),
    setHidden: (trackingUid, hidden) => alter(trackingUid, { hidden }),
    restore(next) {
      past = []
      future = []
      show(next)
    },
    undo() {
      const before = past.at(-1)
      if (before === undefined) return
      past = past.slice(0, -1)
      future = [...future, marks]
      show(before)
    },
    redo() {
      const after = future.at(-1)
      if (after === undefined) return
      future = future.slice(0, -1)
      past = [...past, marks]
      show(after)
    },
    canUndo: () => past.length > 0,
    canRedo: () => future.length > 0,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
