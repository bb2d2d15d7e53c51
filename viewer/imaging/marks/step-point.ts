import type { Types } from '@cornerstonejs/core'
import { plus } from '../../../core/measurements/plane.ts'
import type { ImagePoint } from '../../../core/measurements/shapes.ts'
import { imagePlane } from './image-plane.ts'
import { imageStep } from './image-step.ts'

/** A point of the image moved by a step of `imageStep`. Undefined: it would leave the pane. */
export function stepPoint(
  viewport: Types.IStackViewport,
  at: ImagePoint,
  right: number,
  down: number,
): ImagePoint | undefined {
  const by = imageStep(viewport, at, right, down)
  const plane = imagePlane(viewport)
  if (by === undefined || plane === undefined) return undefined
  const next = plus(at, by)
  const [x, y] = viewport.worldToCanvas(plane.toWorld(next))
  const { clientWidth, clientHeight } = viewport.element
  return x < 0 || y < 0 || x > clientWidth || y > clientHeight ? undefined : next
}
