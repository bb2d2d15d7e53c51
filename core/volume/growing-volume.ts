import { FLOAT32_HOLE, holeOf, INT16_HOLE, type ScalarVolume } from './reslice.ts'
import type { VolumeGrid } from './volume-grid.ts'

/** Values of an image, row by row, and which of them are none: padding, from and up to these. */
export interface SliceValues {
  readonly values: ArrayLike<number>
  readonly padding: { readonly from: number; readonly to: number } | undefined
}

/** The largest of 16 bits, signed. */
const INT16_MOST = 32_767

/** A volume that is filled image by image, in any order. */
export interface GrowingVolume {
  /**
   * The image at a place of the stack. What does not fit 16 bits makes the whole volume one of single precision. Returns the
   * slices that have other values now.
   */
  put(image: number, slice: SliceValues): readonly number[]
  /** As it is now; what has not come is a hole. */
  volume(): ScalarVolume
}

/**
 * @param grid of the volume; its slices may be coarser than the images
 * @param width of an image, in pixels
 * @param shrink image pixels along a side that become one voxel, by their mean
 */
export function growVolume(grid: VolumeGrid, width: number, shrink: number): GrowingVolume {
  const [columns, rows, slices] = grid.size
  const perSlice = columns * rows
  let values: Int16Array | Float32Array = new Int16Array(perSlice * slices).fill(INT16_HOLE)
  let isPadded = false
  const missing = new Set(grid.sources.flatMap(({ one, other }) => [one, other]))
  /** Of images between which slices are filled in, until all of them are. */
  const waiting = new Map<number, Int16Array | Float32Array>()

  function widen(): void {
    const wide = new Float32Array(values.length)
    for (let at = 0; at < values.length; at++)
      wide[at] = values[at] === INT16_HOLE ? FLOAT32_HOLE : (values[at] ?? 0)
    values = wide
    for (const [image, slice] of waiting) {
      if (slice instanceof Int16Array)
        waiting.set(
          image,
          Float32Array.from(slice, (value) => (value === INT16_HOLE ? FLOAT32_HOLE : value)),
        )
    }
  }

  /**
   * As a slice of the volume: fewer pixels, holes for padding. Undefined: it does not fit a volume of whole numbers, which
   * has to be widened first.
   */
  function asSlice(from: SliceValues): Int16Array | Float32Array | undefined {
    const isWhole = values instanceof Int16Array
    const hole = holeOf(values)
    const out = isWhole ? new Int16Array(perSlice) : new Float32Array(perSlice)
    if (isWhole && shrink === 1 && from.values instanceof Int16Array && from.padding === undefined) {
      out.set(from.values)
      return out.includes(INT16_HOLE) ? undefined : out
    }
    const valueAt = shrink === 1 ? plainly(from) : byMean(from)
    for (let row = 0, at = 0; row < rows; row++)
      for (let column = 0; column < columns; column++, at++) {
        const value = valueAt(column, row)
        if (Number.isNaN(value)) {
          out[at] = hole
          isPadded = true
          continue
        }
        if (isWhole && (value !== (value | 0) || value <= INT16_HOLE || value > INT16_MOST)) return undefined
        out[at] = value
      }
    return out
  }

  /** A pixel's value; not a number where it is padding. */
  function plainly({ values: from, padding }: SliceValues): (column: number, row: number) => number {
    const { from: low, to: high } = padding ?? { from: Infinity, to: -Infinity }
    return (column, row) => {
      const value = from[row * width + column] ?? NaN
      return value >= low && value <= high ? NaN : value
    }
  }

  /** The mean of the pixels that are one voxel. Whole numbers stay whole: half the memory. */
  function byMean(slice: SliceValues): (column: number, row: number) => number {
    const valueAt = plainly(slice)
    return (column, row) => {
      let sum = 0
      let count = 0
      let isWhole = true
      for (let y = row * shrink; y < (row + 1) * shrink; y++)
        for (let x = column * shrink; x < (column + 1) * shrink; x++) {
          const value = valueAt(x, y)
          if (Number.isNaN(value)) continue
          sum += value
          count++
          isWhole &&= value === Math.round(value)
        }
      return isWhole ? Math.round(sum / count) : sum / count
    }
  }

  function set(slice: number, from: ArrayLike<number>, other: ArrayLike<number>, share: number): void {
    const hole = holeOf(values)
    const start = slice * perSlice
    const isWhole = values instanceof Int16Array
    for (let at = 0; at < perSlice; at++) {
      const [a, b] = [from[at] ?? hole, other[at] ?? hole]
      const value =
        a === hole ? (share > 0.5 ? b : hole) : b === hole ? (share > 0.5 ? hole : a) : a + (b - a) * share
      values[start + at] = isWhole ? Math.round(value) : value
    }
  }

  return {
    put(image, slice) {
      let own = asSlice(slice)
      if (own === undefined) {
        widen()
        own = asSlice(slice) ?? new Float32Array(perSlice).fill(FLOAT32_HOLE)
      }
      const mine = own
      const changed: number[] = []
      let isWaiting = false
      grid.sources.forEach(({ one, other, share }, index) => {
        if (share === 0) {
          if (one !== image) return
          values.set(mine, index * perSlice)
          changed.push(index)
        } else if (one === image || other === image) {
          isWaiting = true
          const [from, to] = [
            one === image ? mine : waiting.get(one),
            other === image ? mine : waiting.get(other),
          ]
          if (from === undefined || to === undefined) return
          set(index, from, to, share)
          changed.push(index)
        }
      })
      if (isWaiting) waiting.set(image, mine)
      missing.delete(image)
      if (missing.size === 0) waiting.clear()
      return changed
    },
    volume: () => ({ values, size: grid.size, hasHoles: isPadded || missing.size > 0 }),
  }
}

/** The grid with `by` × `by` pixels of each image as one voxel. A rest at the far edges is left out. */
export function shrunkGrid(grid: VolumeGrid, by: number): VolumeGrid {
  if (by === 1) return grid
  const [columns, rows, slices] = grid.size
  const [x, y, z] = grid.steps
  const offset = (by - 1) / 2
  const at = (axis: 0 | 1 | 2): number => grid.origin[axis] + offset * (x[axis] + y[axis])
  return {
    ...grid,
    origin: [at(0), at(1), at(2)],
    steps: [[x[0] * by, x[1] * by, x[2] * by], [y[0] * by, y[1] * by, y[2] * by], z],
    size: [Math.floor(columns / by), Math.floor(rows / by), slices],
  }
}
