import { describe, expect, it } from 'vitest'
import type { FramePlane } from '../../../core/measurements/frame-planes.ts'
import { cross3, type Vector3 } from '../../../core/measurements/space.ts'
import { geometryOfPlanes } from '../../../core/measurements/stack-geometry.ts'
import { toVoxel, volumeGridOf, voxelToPatient, type VolumeGrid } from '../../../core/volume/volume-grid.ts'

const plane = (position: Vector3, row: Vector3 = [1, 0, 0], column: Vector3 = [0, 1, 0]): FramePlane => ({
  frameOfReference: '1.2',
  position,
  row,
  column,
  normal: cross3(row, column),
  thickness: undefined,
})
const SIZE = { rows: 4, columns: 6, spacing: { row: 0.8, column: 0.5 } }
const gridOf = (planes: FramePlane[], turn = 0, sizes = planes.map(() => SIZE)) =>
  volumeGridOf(planes, sizes, geometryOfPlanes(planes), turn)
const at = (...heights: number[]): FramePlane[] => heights.map((z) => plane([10, 20, z]))

describe('volumeGridOf', () => {
  it('puts every voxel where its file does, in whatever order the slices are stacked', () => {
    const grid = gridOf(at(4, 0, 2, 6)) as VolumeGrid
    expect(grid.size).toEqual([6, 4, 4])
    expect(grid.sources.map(({ one, share }) => [one, share])).toEqual([
      [1, 0],
      [2, 0],
      [0, 0],
      [3, 0],
    ])
    expect(voxelToPatient(grid, [5, 3, 2])).toEqual([10 + 5 * 0.5, 20 + 3 * 0.8, 4])
    expect(toVoxel(grid, [12.5, 22.4, 4])).toEqual([
      expect.closeTo(5, 9),
      expect.closeTo(3, 9),
      expect.closeTo(2, 9),
    ])
  })

  it('keeps the tilt of a gantry', () => {
    const tilted = [0, 1, 2, 3].map((slice) => plane([0, slice * 1.5, slice * 5]))
    const grid = gridOf(tilted) as VolumeGrid
    expect(grid.steps[2]).toEqual([0, 1.5, 5])
    expect(voxelToPatient(grid, [0, 0, 3])).toEqual([0, 4.5, 15])
    expect(toVoxel(grid, [1, 4.5 + 1.6, 15])).toEqual([
      expect.closeTo(2, 9),
      expect.closeTo(2, 9),
      expect.closeTo(3, 9),
    ])
  })

  it('fills in what is missing between its neighbours, and counts it', () => {
    const grid = gridOf(at(0, 2, 4, 10, 12, 14)) as VolumeGrid
    expect(grid.size[2]).toBe(8)
    expect(grid.filled).toBe(2)
    expect(grid.sources[3]).toEqual({ one: 2, other: 3, share: expect.closeTo(1 / 3, 9) })
    expect(grid.sources[5]).toMatchObject({ one: 3, share: 0 })
  })

  it('takes one of several images at a place: that of the turn', () => {
    const repeated = [...at(0, 2, 4, 6), ...at(0, 2, 4, 6)]
    expect((gridOf(repeated) as VolumeGrid).sources.map(({ one }) => one)).toEqual([0, 1, 2, 3])
    expect((gridOf(repeated, 1) as VolumeGrid).sources.map(({ one }) => one)).toEqual([4, 5, 6, 7])
    expect((gridOf(at(0, 2, 2, 4, 6)) as VolumeGrid).leftOut).toBe(1)
  })

  it('says why there is none', () => {
    expect(gridOf(at(0, 2))).toBe('too-few')
    expect(gridOf(at(0, 0, 0))).toBe('one-place')
    expect(gridOf([...at(0, 2, 4), plane([0, 0, 0], [0, 1, 0], [0, 0, -1])])).toBe('several-directions')
    expect(gridOf([plane([0, 0, 0]), plane([9, 0, 2]), plane([0, 0, 4]), plane([9, 0, 6])])).toBe('crooked')
    expect(gridOf(at(0, 2, 4, 6), 0, [SIZE, SIZE, SIZE, { ...SIZE, columns: 7 }])).toBe('unlike-images')
    expect(volumeGridOf([undefined], [SIZE], { kind: 'not-spatial', because: 'no-positions' })).toBe(
      'no-positions',
    )
  })
})
