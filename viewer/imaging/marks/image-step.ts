import type { Types } from '@cornerstonejs/core'
import type { Vector } from '../../../core/measurements/plane.ts'
import type { ImagePoint } from '../../../core/measurements/shapes.ts'
import { imagePlane } from './image-plane.ts'

/**
 * The step on the image that a key means: along a row or a column, however the image is turned: whole pixels, where they
 * are not square too; as many more as are one of the screen. Undefined while there is no image.
 *
 * @param at where from
 * @param right pixels, as one sees them; one of both is nothing
 */
export function imageStep(
  viewport: Types.IStackViewport,
  at: ImagePoint,
  right: number,
  down: number,
): Vector | undefined {
  const plane = imagePlane(viewport)
  if (plane === undefined) return undefined
  const onScreen = (point: ImagePoint): Types.Point2 => viewport.worldToCanvas(plane.toWorld(point))
  const [x, y] = onScreen(at)
  const axis = (end: ImagePoint) => {
    const [u, v] = onScreen(end)
    const [length, along] = [Math.hypot(u - x, v - y), (u - x) * right + (v - y) * down]
    return { along, share: Math.abs(along) / length, pixels: Math.max(1, Math.round(1 / length)) }
  }
  const [column, row] = [axis([at[0] + 1, at[1]]), axis([at[0], at[1] + 1])]
  const { along, pixels } = column.share >= row.share ? column : row
  const step = Math.sign(along) * Math.hypot(right, down) * pixels
  return column.share >= row.share ? [step, 0] : [0, step]
}
