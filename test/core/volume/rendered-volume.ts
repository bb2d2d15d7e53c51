import { cross3, length3, minus3, plus3, times3, type Vector3 } from '../../../core/measurements/space.ts'
import { bricksOf, fillLayer } from '../../../core/volume/bricks.ts'
import type { CastVolume } from '../../../core/volume/cast-rays.ts'
import { voxelToPatient, type VolumeGrid } from '../../../core/volume/volume-grid.ts'

/** What counts where nothing is. */
export const FLOOR = -1000

/** A grid as a scanner would write it: slices go along the normal, the middle of all at the origin. */
export function gridOf(
  size: VolumeGrid['size'],
  [row, column]: readonly [row: Vector3, column: Vector3],
  [pixel, step]: readonly [pixel: number, step: number],
): VolumeGrid {
  const steps = [times3(row, pixel), times3(column, pixel), times3(cross3(row, column), step)] as const
  const origin = steps.reduce<Vector3>(
    (sum, each, axis) => minus3(sum, times3(each, ((size[axis] ?? 1) - 1) / 2)),
    [0, 0, 0],
  )
  return {
    frameOfReference: '1.2.3',
    origin,
    steps,
    size,
    sources: Array.from({ length: size[2] }, (_, index) => ({ one: index, other: index, share: 0 })),
    filled: 0,
    leftOut: 0,
  }
}

/** The volume of a function of the place in the patient. */
export function volumeFrom(grid: VolumeGrid, valueAt: (place: Vector3) => number): CastVolume {
  const [columns, rows, slices] = grid.size
  const values = new Int16Array(columns * rows * slices)
  for (let k = 0, at = 0; k < slices; k++)
    for (let j = 0; j < rows; j++)
      for (let i = 0; i < columns; i++, at++) values[at] = valueAt(voxelToPatient(grid, [i, j, k]))
  const volume = { values, size: grid.size, hasHoles: false }
  const bricks = bricksOf(volume)
  for (let layer = 0; layer < bricks.size[2]; layer++) fillLayer(bricks, layer, volume, FLOOR)
  return { volume, grid, bricks, floor: FLOOR }
}

/** To the left, in front, and above the middle. Millimetres. */
export const BALL: Vector3 = [12, -9, 10]
export const RADIUS = 8
/** From the right, behind and below: along the patient, as long as it is. */
export const BAR = { from: [-15, 10, -20], to: [-15, 10, 6], half: 3 } as const

/** A ball and a bar in air. */
export function ballAndBar(place: Vector3): number {
  if (length3(minus3(place, BALL)) <= RADIUS) return 1000
  const { from, to, half } = BAR
  const isIn = place.every((value, axis) => {
    const [low, high] = [from[axis] ?? 0, to[axis] ?? 0]
    return value >= low - (axis === 2 ? 0 : half) && value <= high + (axis === 2 ? 0 : half)
  })
  return isIn ? 1000 : FLOOR
}

export const middleOfBar: Vector3 = times3(plus3(BAR.from, BAR.to), 0.5)
