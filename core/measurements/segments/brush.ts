import type { ImagePoint } from '../shapes.ts'
import type { Mask } from './signed-distance.ts'

/** Pixels that changed: up to and without `right` and `bottom`. */
export interface Touched {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

export interface Brush {
  /** In columns. */
  readonly radius: number
  /** A row is so many columns high. */
  readonly aspect: number
  readonly erases: boolean
  /** Whether a pixel may be painted. */
  accepts(at: number): boolean
}

/**
 * Draws a round brush from one point of the image to another, over the pixels whose centres it covers, and over the one it
 * is at however small it is. Returns what may have changed.
 */
export function drawBrush(
  { columns, rows, pixels }: Mask,
  { radius, aspect, erases, accepts }: Brush,
  [fromX, fromY]: ImagePoint,
  [toX, toY]: ImagePoint,
): Touched {
  const reach = radius / aspect
  const touched = {
    left: Math.max(0, Math.floor(Math.min(fromX, toX) - radius)),
    top: Math.max(0, Math.floor(Math.min(fromY, toY) - reach)),
    right: Math.min(columns, Math.ceil(Math.max(fromX, toX) + radius) + 1),
    bottom: Math.min(rows, Math.ceil(Math.max(fromY, toY) + reach) + 1),
  }
  const [x, y] = [toX - fromX, (toY - fromY) * aspect]
  const length = x * x + y * y
  const [tipColumn, tipRow] = [Math.floor(toX), Math.floor(toY)]
  for (let row = touched.top; row < touched.bottom; row++)
    for (let column = touched.left; column < touched.right; column++) {
      const [px, py] = [column + 0.5 - fromX, (row + 0.5 - fromY) * aspect]
      const along = length === 0 ? 0 : Math.max(0, Math.min(1, (px * x + py * y) / length))
      const isCovered =
        Math.hypot(px - along * x, py - along * y) <= radius || (column === tipColumn && row === tipRow)
      const at = row * columns + column
      if (isCovered && (erases || accepts(at))) pixels[at] = erases ? 0 : 1
    }
  return touched
}
