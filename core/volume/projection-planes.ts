import { dot3, minus3, plus3, times3, type Vector3 } from '../measurements/space.ts'
import { turned, UPRIGHT, type PlaneStack } from './reformat-planes.ts'
import { voxelToPatient, type VolumeGrid } from './volume-grid.ts'

/** Views round a volume, from the front and round by the left: one to ten degrees. */
export const PROJECTIONS = 36
/** A view has at most so many pixels along a side: what a scanner resolves of emission is coarser. */
const MOST_PIXELS = 320
const HEAD: Vector3 = [0, 0, 1]

/** A view of all of a volume: its plane, through the middle, and so many samples a pixel apart across it. */
export interface Projection {
  readonly plane: PlaneStack
  readonly samples: number
}

/** Views of a volume as it turns about the long axis of the patient: all of one size, round one place. */
export function projectionsOf(grid: VolumeGrid): readonly Projection[] {
  const last = grid.size.map((count) => count - 1) as [number, number, number]
  const middle = voxelToPatient(grid, times3(last, 0.5))
  const corners = [0, 1, 2, 3, 4, 5, 6, 7].map((corner) =>
    minus3(
      voxelToPatient(grid, [corner & 1 ? last[0] : 0, corner & 2 ? last[1] : 0, corner & 4 ? last[2] : 0]),
      middle,
    ),
  )
  const width = 2 * Math.max(...corners.map(([x, y]) => Math.hypot(x, y)))
  const height = 2 * Math.max(...corners.map((corner) => Math.abs(dot3(corner, HEAD))))
  const closest = Math.min(...grid.steps.map((step) => Math.hypot(...step)))
  const pixel = Math.max(closest, Math.max(width, height) / (MOST_PIXELS - 1))
  const columns = Math.floor(width / pixel) + 1
  const rows = Math.floor(height / pixel) + 1
  return Array.from({ length: PROJECTIONS }, (_, view) => {
    const directions = turned(UPRIGHT.coronal, HEAD, (360 * view) / PROJECTIONS)
    const left = times3(directions.row, (-(columns - 1) * pixel) / 2)
    const up = times3(directions.column, (-(rows - 1) * pixel) / 2)
    const origin = plus3(middle, plus3(left, up))
    return {
      plane: { ...directions, columns, rows, count: 1, origin, spacing: pixel, pixel },
      samples: columns,
    }
  })
}
