import type { ValueRange } from './frame-look.ts'

/** A word of the pixels, as the canvas renderer reads them, and what it measures. */
export interface WordScale {
  /** The table's first entry is for this word. */
  readonly first: number
  readonly size: number
  /** NaN: padding, which is background whatever the window. */
  valueOf(word: number): number
}

/**
 * The table of grey levels by which the library's canvas renderer draws an image. The renderer writes the window it draws
 * with into it and then reads the levels; its own table knows no padding, no curves and no rounding. One image may be
 * shown in several panes, by a window each.
 */
export class LevelTable {
  windowWidth?: number
  windowCenter?: number
  invert?: boolean
  private drawn: { key: string; levels: Uint8ClampedArray<ArrayBuffer> } | undefined
  private readonly words: WordScale
  private readonly levelsOf: (range: ValueRange) => (value: number) => number

  constructor(words: WordScale, levelsOf: (range: ValueRange) => (value: number) => number) {
    this.words = words
    this.levelsOf = levelsOf
  }

  get lutArray(): Uint8ClampedArray<ArrayBuffer> {
    const { windowWidth, windowCenter, invert = false } = this
    if (windowWidth === undefined || windowCenter === undefined) return new Uint8ClampedArray(0)
    const key = `${windowCenter}/${windowWidth}/${invert}`
    if (this.drawn?.key !== key) {
      // As the library made them of the range: PS3.3 C.11.2.1.2.1.
      const lower = windowCenter - 0.5 - (windowWidth - 1) / 2
      this.drawn = { key, levels: this.draw({ lower, upper: lower + windowWidth - 1 }, invert) }
    }
    return this.drawn.levels
  }

  private draw(range: ValueRange, inverted: boolean): Uint8ClampedArray<ArrayBuffer> {
    const { first, size, valueOf } = this.words
    const levelOf = this.levelsOf(range)
    const levels = new Uint8ClampedArray(size)
    for (let index = 0; index < size; index++) {
      const value = valueOf(first + index)
      if (Number.isNaN(value)) continue
      const level = Math.round(levelOf(value))
      levels[index] = inverted ? 255 - level : level
    }
    return levels
  }
}
