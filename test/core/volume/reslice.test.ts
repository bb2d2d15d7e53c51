import { describe, expect, it } from 'vitest'
import { cross3, dot3, plus3, times3, type Vector3 } from '../../../core/measurements/space.ts'
import { FLOAT32_HOLE, INT16_HOLE, reslice, type ScalarVolume } from '../../../core/volume/reslice.ts'
import {
  planeAt,
  planeOrigin,
  planeStackOf,
  samplingOf,
  turned,
  UPRIGHT,
  type PlaneStack,
} from '../../../core/volume/reformat-planes.ts'
import { toVoxel, voxelToPatient, type VolumeGrid } from '../../../core/volume/volume-grid.ts'

/** How patients lie, and how the scanner then writes its rows and columns (PS3.3 C.7.3.1.1.2): head or feet first, … */
const POSITIONS: Readonly<Record<string, readonly [row: Vector3, column: Vector3]>> = {
  HFS: [
    [1, 0, 0],
    [0, 1, 0],
  ],
  HFP: [
    [-1, 0, 0],
    [0, -1, 0],
  ],
  FFS: [
    [-1, 0, 0],
    [0, 1, 0],
  ],
  FFP: [
    [1, 0, 0],
    [0, -1, 0],
  ],
  HFDR: [
    [0, 1, 0],
    [-1, 0, 0],
  ],
  HFDL: [
    [0, -1, 0],
    [1, 0, 0],
  ],
  FFDR: [
    [0, 1, 0],
    [1, 0, 0],
  ],
  FFDL: [
    [0, -1, 0],
    [-1, 0, 0],
  ],
}

/** Linear in the patient's place: what trilinear sampling gives back exactly, wherever it samples. */
const LINEAR = ([x, y, z]: Vector3): number => 3 * x - 2 * y + 5 * z + 40

function gridBy(row: Vector3, column: Vector3, slices: Vector3, size: VolumeGrid['size']): VolumeGrid {
  return {
    frameOfReference: '1.2',
    origin: [-7, 11, -30],
    steps: [times3(row, 0.5), times3(column, 0.8), slices],
    size,
    sources: [],
    filled: 0,
    leftOut: 0,
  }
}

function filled(grid: VolumeGrid, valueOf: (place: Vector3) => number): ScalarVolume {
  const [columns, rows, slices] = grid.size
  const values = new Float32Array(columns * rows * slices)
  let at = 0
  for (let k = 0; k < slices; k++)
    for (let j = 0; j < rows; j++)
      for (let i = 0; i < columns; i++) values[at++] = valueOf(voxelToPatient(grid, [i, j, k]))
  return { values, size: grid.size, hasHoles: false }
}

const placeOf = (stack: PlaneStack, index: number, row: number, column: number): Vector3 =>
  plus3(
    planeOrigin(stack, index),
    plus3(times3(stack.row, column * stack.pixel), times3(stack.column, row * stack.pixel)),
  )

/** Beyond the outermost centres the last value stands: half a voxel belongs to it. */
const isBetweenCentres = (grid: VolumeGrid, place: Vector3): boolean =>
  toVoxel(grid, place).every((at, axis) => at > -1e-6 && at < (grid.size[axis] ?? 0) - 1 + 1e-6)

/** The largest difference of a plane from what its places in the patient ask for; holes left out, and how many there are. */
function compare(grid: VolumeGrid, volume: ScalarVolume, stack: PlaneStack, index: number) {
  const out = reslice(volume, samplingOf(grid, stack, index))
  let [worst, holes] = [0, 0]
  for (let row = 0; row < stack.rows; row++)
    for (let column = 0; column < stack.columns; column++) {
      const value = out[row * stack.columns + column] ?? NaN
      const place = placeOf(stack, index, row, column)
      if (value === FLOAT32_HOLE) holes++
      else if (isBetweenCentres(grid, place)) worst = Math.max(worst, Math.abs(value - LINEAR(place)))
    }
  return { worst, share: 1 - holes / out.length }
}

describe('planes through a volume', () => {
  for (const [position, [row, column]] of Object.entries(POSITIONS)) {
    it(`hold what lies there in the patient: ${position}`, () => {
      const grid = gridBy(row, column, times3(cross3(row, column), 1.25), [24, 18, 12])
      const volume = filled(grid, LINEAR)
      for (const name of ['axial', 'coronal', 'sagittal'] as const) {
        const stack = planeStackOf(grid, UPRIGHT[name])
        for (const index of [0, Math.floor(stack.count / 2), stack.count - 1]) {
          const { worst, share } = compare(grid, volume, stack, index)
          expect(worst).toBeLessThan(1e-3)
          expect(share).toBe(1)
        }
      }
    })
  }

  it('are the slices of the grid where they lie along it, value for value', () => {
    const grid = gridBy([1, 0, 0], [0, 1, 0], [0, 0, 1.25], [24, 18, 12])
    const square = {
      ...grid,
      steps: [
        [0.5, 0, 0],
        [0, 0.5, 0],
        [0, 0, 1.25],
      ],
    } as const
    let seed = 1
    const volume = filled(square, () => (seed = (seed * 16_807) % 2_147_483_647) % 4096)
    const stack = planeStackOf(square, UPRIGHT.axial)
    expect([stack.columns, stack.rows, stack.count]).toEqual([24, 18, 12])
    for (const index of [0, 5, 11])
      expect([...reslice(volume, samplingOf(square, stack, index))]).toEqual([
        ...volume.values.subarray(index * 24 * 18, (index + 1) * 24 * 18),
      ])
  })

  it('stand upright through a tilted stack', () => {
    const grid = gridBy([1, 0, 0], [0, 1, 0], [0, 1.3, 5], [24, 30, 12])
    const volume = filled(grid, LINEAR)
    for (const name of ['axial', 'coronal', 'sagittal'] as const) {
      const stack = planeStackOf(grid, UPRIGHT[name])
      const { worst, share } = compare(grid, volume, stack, Math.floor(stack.count / 2))
      expect(worst).toBeLessThan(1e-3)
      expect(share).toBeGreaterThan(0.5)
    }
  })

  it('can be turned to any angle', () => {
    const grid = gridBy([1, 0, 0], [0, 1, 0], [0, 0, 1.25], [40, 36, 20])
    const volume = filled(grid, LINEAR)
    const oblique = turned(turned(UPRIGHT.coronal, [0, 0, 1], 30), [1, 0, 0], -20)
    expect(dot3(oblique.row, oblique.column)).toBeCloseTo(0, 12)
    expect(cross3(oblique.row, oblique.column)).toEqual(oblique.normal.map((each) => expect.closeTo(each, 9)))
    const stack = planeStackOf(grid, oblique)
    const { worst, share } = compare(grid, volume, stack, Math.floor(stack.count / 2))
    expect(worst).toBeLessThan(1e-3)
    expect(share).toBeGreaterThan(0.3)
  })

  it('go through a place: the nearest', () => {
    const grid = gridBy([1, 0, 0], [0, 1, 0], [0, 0, 1.25], [24, 18, 12])
    const stack = planeStackOf(grid, UPRIGHT.axial)
    expect(planeAt(stack, [0, 0, -30 + 1.25 * 4 + 0.4])).toBe(4)
    expect(planeAt(stack, [0, 0, 999])).toBe(11)
  })
})

describe('a slab', () => {
  const grid = gridBy([1, 0, 0], [0, 1, 0], [0, 0, 1], [4, 4, 9])
  const volume = filled(grid, (place) => toVoxel(grid, place)[2] ** 2)
  const stack = planeStackOf(
    {
      ...grid,
      steps: [
        [0.5, 0, 0],
        [0, 0.5, 0],
        [0, 0, 1],
      ],
    },
    UPRIGHT.axial,
  )
  const plane = samplingOf(
    {
      ...grid,
      steps: [
        [0.5, 0, 0],
        [0, 0.5, 0],
        [0, 0, 1],
      ],
    },
    stack,
    4,
  )

  it('is the largest, the smallest, or the mean of what it holds', () => {
    const slabOf = (mode: 'mean' | 'maximum' | 'minimum') => reslice(volume, plane, { mode, samples: 3 })[5]
    expect(slabOf('maximum')).toBe(25)
    expect(slabOf('minimum')).toBe(9)
    expect(slabOf('mean')).toBeCloseTo((9 + 16 + 25) / 3, 5)
  })

  it('counts only what lies in the volume', () => {
    const first = samplingOf(
      {
        ...grid,
        steps: [
          [0.5, 0, 0],
          [0, 0.5, 0],
          [0, 0, 1],
        ],
      },
      stack,
      0,
    )
    expect(reslice(volume, first, { mode: 'mean', samples: 5 })[5]).toBeCloseTo((0 + 1 + 4) / 3, 5)
  })
})

describe('holes', () => {
  it('stay holes, and nothing of their mark gets into what is beside them', () => {
    const values = new Int16Array(2 * 2 * 2).fill(100)
    values[0] = INT16_HOLE
    const volume = { values, size: [2, 2, 2], hasHoles: true } as const
    const line = { columns: 5, rows: 1, right: [0.25, 0, 0], down: [0, 1, 0], through: [0, 0, 1] } as const
    expect([...reslice(volume, { ...line, origin: [0, 0, 0] })]).toEqual([
      INT16_HOLE,
      INT16_HOLE,
      100,
      100,
      100,
    ])
    expect([...reslice(volume, { ...line, origin: [0.5, 0.5, 3] })]).toEqual(Array(5).fill(INT16_HOLE))
  })
})
