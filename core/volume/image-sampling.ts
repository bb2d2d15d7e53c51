import type { PlacedImage } from '../measurements/reference-line.ts'
import { times3 } from '../measurements/space.ts'
import type { SamplingPlane } from './reslice.ts'
import { stepToVoxel, toVoxel, type VolumeGrid } from './volume-grid.ts'

/**
 * How a volume is sampled at the place of every pixel of an image.
 *
 * @param step between samples across a slab, millimetres along the image's normal
 */
export function imageSampling(
  grid: Pick<VolumeGrid, 'origin' | 'steps'>,
  { position, row, column, normal, spacing, columns, rows }: PlacedImage,
  step = 0,
): SamplingPlane {
  return {
    columns,
    rows,
    origin: toVoxel(grid, position),
    right: stepToVoxel(grid, times3(row, spacing[0])),
    down: stepToVoxel(grid, times3(column, spacing[1])),
    through: stepToVoxel(grid, times3(normal, step)),
  }
}
