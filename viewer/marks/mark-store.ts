import type { Mark } from './mark.ts'

/** Steps that can be taken back. */
const MOST_STEPS = 100

/** What every kind of mark has. */
type Marked = Pick<Mark, 'trackingUid' | 'label' | 'hidden'>

/** The marks of a reading room, or its segments, in the order in which they were drawn. Every change can be undone. */
export interface MarkStore<Item extends Marked = Mark> {
  list(): readonly Item[]
  /** Adds a mark, or replaces the one with its tracking UID. */
  put(mark: Item): void
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

export function createMarkStore<Item extends Marked = Mark>(): MarkStore<Item> {
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

  function alter(trackingUid: string, part: Partial<Marked>): void {
    if (!marks.some((mark) => mark.trackingUid === trackingUid)) return
    change(marks.map((mark) => (mark.trackingUid === trackingUid ? { ...mark, ...part } : mark)))
  }

  return {
    list: () => marks,
    put(mark) {
      const known = marks.some(({ trackingUid }) => trackingUid === mark.trackingUid)
      change(
        known ? marks.map((each) => (each.trackingUid === mark.trackingUid ? mark : each)) : [...marks, mark],
      )
    },
    remove(trackingUid) {
      const left = marks.filter((mark) => mark.trackingUid !== trackingUid)
      if (left.length < marks.length) change(left)
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
