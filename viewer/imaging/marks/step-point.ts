import type { Types } from '@cornerstonejs/core'
import type { ImagePoint } from '../../../core/measurements/shapes.ts'
import { imageMatrix } from '../overlays/image-matrix.ts'

/**
 * A point of the image moved along a row or a column of it, however it is turned: as one sees it, by whole pixels, and by as
 * many more as are one of the screen. Undefined: it would leave the pane.
 */
export function stepPoint(
  viewport: Types.IStackViewport,
  at: ImagePoint,
  right: number,
  down: number,
): ImagePoint | undefined {
  const matrix = imageMatrix(viewport)
  if (matrix === undefined) return undefined
  const [a, b, c, d, e, f] = matrix
  const axes = [
    { along: a * right + b * down, length: Math.hypot(a, b) },
    { along: c * right + d * down, length: Math.hypot(c, d) },
  ] as const
  const share = ({ along, length }: { along: number; length: number }): number => Math.abs(along) / length
  // Where pixels are not square, too.
  const index = share(axes[0]) >= share(axes[1]) ? 0 : 1
  const { along, length } = axes[index]
  const next: [number, number] = [at[0], at[1]]
  next[index] += Math.sign(along) * Math.hypot(right, down) * Math.max(1, Math.round(1 / length))
  const [x, y] = [a * next[0] + c * next[1] + e, b * next[0] + d * next[1] + f]
  const { clientWidth, clientHeight } = viewport.element
  return x < 0 || y < 0 || x > clientWidth || y > clientHeight ? undefined : next
}
