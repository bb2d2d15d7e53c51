import { getShouldUseCPURendering, type Types } from '@cornerstonejs/core'
import type { ImagePoint } from '../../../core/measurements/shapes.ts'

/** Where the shown image lies in the world of its viewport. */
export interface ImagePlane {
  toImage(world: Types.Point3): ImagePoint
  toWorld(point: ImagePoint): Types.Point3
}

/**
 * The plane of the image that a viewport shows. Image points have their origin at the corner of the first pixel, as in
 * core/measurements/shapes.ts; the library's own conversion takes the spacing of rows for that of columns.
 */
export function imagePlane(viewport: Types.IStackViewport): ImagePlane | undefined {
  const { origin, direction, spacing } = viewport.getImageData() ?? {}
  if (origin === undefined || direction === undefined || spacing === undefined) return undefined
  const along = (axis: 0 | 1): Types.Point3 => [
    direction[axis * 3] ?? 0,
    direction[axis * 3 + 1] ?? 0,
    direction[axis * 3 + 2] ?? 0,
  ]
  const [x, y] = [along(0), along(1)]
  // What is drawn on a canvas has its pixels' corners at whole numbers, what is drawn by WebGL their centres; the library
  // calls both the world.
  const centre = getShouldUseCPURendering() ? 0 : 0.5
  return {
    toImage(world) {
      const from: Types.Point3 = [world[0] - origin[0], world[1] - origin[1], world[2] - origin[2]]
      return [dot(from, x) / spacing[0] + centre, dot(from, y) / spacing[1] + centre]
    },
    toWorld([column, row]) {
      const [a, b] = [(column - centre) * spacing[0], (row - centre) * spacing[1]]
      return [
        origin[0] + a * x[0] + b * y[0],
        origin[1] + a * x[1] + b * y[1],
        origin[2] + a * x[2] + b * y[2],
      ]
    },
  }
}

const dot = (a: Types.Point3, b: Types.Point3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
