import type { Types } from '@cornerstonejs/core'
import type { Affine } from '../../../core/measurements/drawn-over.ts'
import { imagePlane } from '../marks/image-plane.ts'

/** From pixels of the shown image, from the corner of the first, to CSS pixels of the pane. */
export function imageMatrix(viewport: Types.IStackViewport): Affine | undefined {
  const plane = imagePlane(viewport)
  if (plane === undefined) return undefined
  const at = (point: [number, number]) => viewport.worldToCanvas(plane.toWorld(point))
  const [[x, y], [right, rightDown], [below, down]] = [at([0, 0]), at([1, 0]), at([0, 1])]
  return [right - x, rightDown - y, below - x, down - y, x, y]
}
