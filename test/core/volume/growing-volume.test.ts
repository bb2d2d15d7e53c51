import { describe, expect, it } from 'vitest'
import { growVolume, shrunkGrid } from '../../../core/volume/growing-volume.ts'
import { FLOAT32_HOLE, INT16_HOLE } from '../../../core/volume/reslice.ts'
import { voxelToPatient, type VolumeGrid } from '../../../core/volume/volume-grid.ts'

const gridOf = (sources: readonly (readonly [number, number, number])[]): VolumeGrid => ({
  frameOfReference: '1.2',
  origin: [0, 0, 0],
  steps: [
    [0.5, 0, 0],
    [0, 0.5, 0],
    [0, 0, 2],
  ],
  size: [2, 2, sources.length],
  sources: sources.map(([one, other, share]) => ({ one, other, share })),
  filled: 0,
  leftOut: 0,
})
const slice = (...values: number[]) => ({ values, padding: undefined })

describe('growVolume', () => {
  it('takes images in any order, and has holes where none has come yet', () => {
    const growing = growVolume(
      gridOf([
        [1, 1, 0],
        [0, 0, 0],
      ]),
      2,
      1,
    )
    growing.put(0, slice(5, 6, 7, 8))
    const early = growing.volume()
    expect([...early.values]).toEqual([...Array(4).fill(INT16_HOLE), 5, 6, 7, 8])
    expect(early.hasHoles).toBe(true)
    growing.put(1, slice(1, 2, 3, 4))
    expect([...growing.volume().values]).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect(growing.volume().hasHoles).toBe(false)
  })

  it('fills a slice in between its neighbours, whichever comes first', () => {
    for (const order of [
      [0, 1],
      [1, 0],
    ]) {
      const growing = growVolume(
        gridOf([
          [0, 0, 0],
          [0, 1, 0.25],
          [1, 1, 0],
        ]),
        2,
        1,
      )
      const images = [slice(0, 0, 0, 40), slice(40, 80, 4, 40)]
      for (const image of order) growing.put(image, images[image] ?? slice())
      expect([...growing.volume().values.subarray(4, 8)]).toEqual([10, 20, 1, 40])
    }
  })

  it('keeps what was padded a hole', () => {
    const growing = growVolume(gridOf([[0, 0, 0]]), 2, 1)
    growing.put(0, { values: [-2000, 1, 2, 3], padding: { from: -2000, to: -1999 } })
    expect(growing.volume()).toMatchObject({ values: Int16Array.of(INT16_HOLE, 1, 2, 3), hasHoles: true })
  })

  it('becomes one of single precision with the first value that is no whole number of 16 bits', () => {
    const growing = growVolume(
      gridOf([
        [0, 0, 0],
        [1, 1, 0],
        [2, 2, 0],
      ]),
      2,
      1,
    )
    growing.put(0, slice(1, 2, 3, 4))
    growing.put(1, slice(0.5, 70_000, -5, 0))
    expect([...growing.volume().values]).toEqual([
      1,
      2,
      3,
      4,
      0.5,
      70_000,
      -5,
      0,
      ...Array(4).fill(FLOAT32_HOLE),
    ])
  })

  it('shrinks: the mean of so many pixels, where they are in the patient', () => {
    const full = { ...gridOf([[0, 0, 0]]), size: [5, 4, 1] } as const
    const grid = shrunkGrid(full, 2)
    expect(grid.size).toEqual([2, 2, 1])
    expect(voxelToPatient(grid, [0, 0, 0])).toEqual([0.25, 0.25, 0])
    expect(voxelToPatient(grid, [1, 1, 0])).toEqual([1.25, 1.25, 0])
    const growing = growVolume(grid, 5, 2)
    growing.put(0, slice(0, 2, 4, 4, 99, 2, 4, 4, 4, 99, 8, 8, 1, 1, 99, 8, 8, 1, 2, 99))
    expect([...growing.volume().values]).toEqual([2, 4, 8, 1])
  })
})
