import { describe, expect, it } from 'vitest'
import { cross3, dot3, plus3, times3, type Vector3 } from '../../../core/measurements/space.ts'
import { PROJECTIONS, projectionsOf } from '../../../core/volume/projection-planes.ts'
import { samplingOf } from '../../../core/volume/reformat-planes.ts'
import { reslice } from '../../../core/volume/reslice.ts'
import { voxelToPatient, type VolumeGrid } from '../../../core/volume/volume-grid.ts'

const SIZE = [20, 16, 24] as const
const STEPS = [
  [3, 0, 0],
  [0, 3, 0],
  [0, 0, 4],
] as const
const grid: VolumeGrid = {
  size: SIZE,
  origin: [-28.5, -22.5, 10],
  steps: STEPS,
  frameOfReference: '1.2',
  sources: [],
  filled: 0,
  leftOut: 0,
} as VolumeGrid

/** One hot voxel far to the left of the patient, in front, and high. */
const HOT = [17, 2, 20] as const
const values = new Int16Array(SIZE[0] * SIZE[1] * SIZE[2])
values[HOT[0] + SIZE[0] * (HOT[1] + SIZE[1] * HOT[2])] = 1000

describe('projectionsOf', () => {
  const all = projectionsOf(grid)

  it('goes round the patient in equal steps, upright, at one size', () => {
    expect(all).toHaveLength(PROJECTIONS)
    const [front, , , , , , , , , side] = all
    expect(front?.plane.row).toEqual([1, 0, 0])
    expect(front?.plane.column).toEqual([0, 0, -1])
    // A quarter further one looks from the left: the back is at the right.
    expect(side?.plane.row.map((part) => Math.round(part))).toEqual([0, 1, 0])
    for (const { plane } of all) {
      expect(plane.columns).toBe(front?.plane.columns)
      expect(plane.rows).toBe(front?.plane.rows)
      expect(dot3(plane.normal, [0, 0, 1])).toBeCloseTo(0)
      expect(Math.abs(dot3(cross3(plane.row, plane.column), plane.normal))).toBeCloseTo(1)
    }
  })

  it('shows what is hot at its place in each view, through the whole depth', () => {
    const place = voxelToPatient(grid, HOT as unknown as Vector3)
    for (const { plane, samples } of all) {
      const seen = reslice({ values, size: SIZE, hasHoles: false }, samplingOf(grid, plane, 0, plane.pixel), {
        mode: 'maximum',
        samples,
      })
      const best = seen.indexOf(Math.max(...seen))
      const at = plus3(
        plane.origin,
        plus3(
          times3(plane.row, (best % plane.columns) * plane.pixel),
          times3(plane.column, Math.floor(best / plane.columns) * plane.pixel),
        ),
      )
      const off = [plane.row, plane.column].map((axis) => Math.abs(dot3(at, axis) - dot3(place, axis)))
      for (const each of off) expect(each).toBeLessThanOrEqual(plane.pixel)
      expect(Math.max(...seen)).toBeGreaterThan(100)
    }
  })

  it('is no finer than a screen needs, however fine the scan', () => {
    const fine = {
      ...grid,
      size: [700, 700, 900],
      steps: [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
    } as VolumeGrid
    for (const { plane } of projectionsOf(fine))
      expect(Math.max(plane.columns, plane.rows)).toBeLessThanOrEqual(320)
  })
})
