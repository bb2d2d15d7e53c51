import type { BrushMode } from '../../segments/painting.ts'

/** What can be done to segments, by key or by button. */
export interface SegmentCommands {
  /** Takes the brush in hand. */
  choose(mode: BrushMode): void
  toggleEraser(): void
  /** @param steps larger above zero */
  resize(steps: number): void
  fillBetween(): void
  fillHoles(): void
  clear(): void
  add(): void
  /** Takes another segment in hand. */
  next(by: 1 | -1): void
  nextPainted(): void
  /** Keys move the brush; again: no more. */
  toggleKeys(): void
  move(right: number, down: number): void
  dab(): void
  toggleDown(): void
  undo(): void
  redo(): void
  save(): void
}
