import type { MarkKind } from '../imaging/marks/geometry-of.ts'

interface MarkKey {
  readonly kind: MarkKind
  /** Of `KeyboardEvent`. */
  readonly code: string
  readonly shift: boolean
  readonly shown: string
}

const key = (kind: MarkKind, letter: string, shift = false): MarkKey => ({
  kind,
  code: `Key${letter}`,
  shift,
  shown: shift ? `⇧${letter}` : letter,
})

/** The tools that measure, in the order in which they are offered, with their keys. */
export const MARK_KEYS: readonly MarkKey[] = [
  key('length', 'D'),
  key('bidirectional', 'K'),
  key('angle', 'A'),
  key('cobb', 'A', true),
  key('ellipse', 'E'),
  key('circle', 'E', true),
  key('rectangle', 'Q'),
  key('freehand', 'F'),
  key('probe', 'J'),
  key('arrow', 'N', true),
  key('cardiothoracic', 'C', true),
  key('vertebra', 'L', true),
  key('known-length', 'D', true),
]

export const isMarkKind = (tool: string): tool is MarkKind => MARK_KEYS.some(({ kind }) => kind === tool)
