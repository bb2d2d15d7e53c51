import type { ImagePoint } from '../measurements/shapes.ts'
import type { WashedValues } from './colour-wash.ts'

/** A straight piece of a line. */
export type IsoPiece = readonly [ImagePoint, ImagePoint]

/** Between which sides of a cell of four pixels a line runs, by which of its corners are above the level. */
const SIDES: readonly (readonly (readonly [from: Side, to: Side])[])[] = [
  [],
  [['left', 'top']],
  [['top', 'right']],
  [['left', 'right']],
  [['right', 'bottom']],
  [],
  [['top', 'bottom']],
  [['left', 'bottom']],
  [['left', 'bottom']],
  [['top', 'bottom']],
  [],
  [['right', 'bottom']],
  [['left', 'right']],
  [['top', 'right']],
  [['left', 'top']],
  [],
]
type Side = 'left' | 'top' | 'right' | 'bottom'

/**
 * Where values on the pixels of an image pass a level: pieces of lines, straight between the centres of pixels, in pixels
 * from the corner of the first. Next to a pixel without a value there is none. Marching squares; where two lines could run
 * either way, the mean of the cell decides.
 */
export function isoLines({ values, padding }: WashedValues, columns: number, level: number): IsoPiece[] {
  const rows = Math.floor(values.length / columns)
  const { from, to } = padding ?? { from: Infinity, to: -Infinity }
  const isNone = (value: number): boolean => value >= from && value <= to
  const pieces: IsoPiece[] = []
  for (let row = 0; row + 1 < rows; row++) {
    for (let column = 0; column + 1 < columns; column++) {
      const at = row * columns + column
      const a = values[at] ?? NaN
      const b = values[at + 1] ?? NaN
      const c = values[at + columns + 1] ?? NaN
      const d = values[at + columns] ?? NaN
      const corners =
        (a >= level ? 1 : 0) | (b >= level ? 2 : 0) | (c >= level ? 4 : 0) | (d >= level ? 8 : 0)
      if (corners === 0 || corners === 15 || isNone(a) || isNone(b) || isNone(c) || isNone(d)) continue
      const on = (side: Side): ImagePoint => {
        const [x, y] = [column + 0.5, row + 0.5]
        if (side === 'top') return [x + (level - a) / (b - a), y]
        if (side === 'bottom') return [x + (level - d) / (c - d), y + 1]
        return side === 'left' ? [x, y + (level - a) / (d - a)] : [x + 1, y + (level - b) / (c - b)]
      }
      for (const [one, other] of sidesOf(corners, (a + b + c + d) / 4 >= level))
        pieces.push([on(one), on(other)])
    }
  }
  return pieces
}

function sidesOf(corners: number, isMiddleAbove: boolean): readonly (readonly [Side, Side])[] {
  if (corners !== 5 && corners !== 10) return SIDES[corners] ?? []
  // Two corners across from each other: joined through the middle, or apart.
  return (corners === 5) === isMiddleAbove
    ? [
        ['top', 'right'],
        ['left', 'bottom'],
      ]
    : [
        ['left', 'top'],
        ['right', 'bottom'],
      ]
}
