import type { Vector3 } from '../measurements/space.ts'

/** Values of a volume: slice by slice, each row by row. */
export interface ScalarVolume {
  readonly values: Int16Array | Float32Array
  /** Columns, rows, slices. */
  readonly size: readonly [number, number, number]
  /** Some voxels hold no value: they are `HOLE` of their kind. */
  readonly hasHoles: boolean
}

/** What stands where there is no value: outside, or padded. */
export const INT16_HOLE = -32_768
export const FLOAT32_HOLE = -3.4028234663852886e38

export const holeOf = (values: Int16Array | Float32Array): number =>
  values instanceof Int16Array ? INT16_HOLE : FLOAT32_HOLE

/** Where a plane is sampled, in voxels of the grid, the centre of the first voxel at 0. */
export interface SamplingPlane {
  readonly columns: number
  readonly rows: number
  /** The first pixel's centre, in the middle of the slab. */
  readonly origin: Vector3
  /** To the next pixel of a row, to the next row, to the next sample across the slab. */
  readonly right: Vector3
  readonly down: Vector3
  readonly through: Vector3
}

/** How the samples across a slab become one value. */
export type SlabMode = 'mean' | 'maximum' | 'minimum'

/** A sample so far outside the centres of the outermost voxels is still theirs. Voxels. */
const EDGE = 0.5 + 1e-6

/**
 * Samples a plane, or a slab of `samples` planes, trilinearly. Shape: rows × columns, of the volume's kind, whole numbers
 * rounded. Outside the volume: the hole.
 */
export function reslice(
  volume: ScalarVolume,
  plane: SamplingPlane,
  slab: { readonly mode: SlabMode; readonly samples: number } = { mode: 'mean', samples: 1 },
): Int16Array<ArrayBuffer> | Float32Array<ArrayBuffer> {
  const { columns, rows, right, down, through } = plane
  const count = Math.max(1, Math.round(slab.samples))
  const hole = holeOf(volume.values)
  const isWhole = volume.values instanceof Int16Array
  const out = isWhole ? new Int16Array(rows * columns) : new Float32Array(rows * columns)
  const sample = samplerOf(volume)
  const { mode } = slab
  const half = (count - 1) / 2
  for (let row = 0, at = 0; row < rows; row++) {
    const rowX = plane.origin[0] + row * down[0] - half * through[0]
    const rowY = plane.origin[1] + row * down[1] - half * through[1]
    const rowZ = plane.origin[2] + row * down[2] - half * through[2]
    for (let column = 0; column < columns; column++, at++) {
      let x = rowX + column * right[0]
      let y = rowY + column * right[1]
      let z = rowZ + column * right[2]
      if (count === 1) {
        const value = sample(x, y, z)
        out[at] = value === hole ? hole : isWhole ? Math.round(value) : value
        continue
      }
      let found = 0
      let value = mode === 'maximum' ? -Infinity : mode === 'minimum' ? Infinity : 0
      for (let step = 0; step < count; step++) {
        const each = sample(x, y, z)
        x += through[0]
        y += through[1]
        z += through[2]
        if (each === hole) continue
        found++
        if (mode === 'mean') value += each
        else if (mode === 'maximum' ? each > value : each < value) value = each
      }
      if (mode === 'mean') value /= found
      out[at] = found === 0 ? hole : isWhole ? Math.round(value) : value
    }
  }
  return out
}

/** The value at a place of the grid, between its eight neighbours; the hole where most of them, by weight, have none. */
function samplerOf({
  values,
  size: [columns, rows, slices],
  hasHoles,
}: ScalarVolume): (x: number, y: number, z: number) => number {
  const hole = holeOf(values)
  const [lastX, lastY, lastZ] = [columns - 1, rows - 1, slices - 1]
  const rowStep = columns
  const sliceStep = columns * rows

  function betweenHoles(
    at: number,
    fx: number,
    fy: number,
    fz: number,
    stepX: number,
    stepY: number,
    stepZ: number,
  ): number {
    let sum = 0
    let weight = 0
    for (let corner = 0; corner < 8; corner++) {
      const x = corner & 1
      const y = (corner >> 1) & 1
      const z = corner >> 2
      const value = values[at + x * stepX + y * stepY + z * stepZ] ?? hole
      if (value === hole) continue
      const share = (x ? fx : 1 - fx) * (y ? fy : 1 - fy) * (z ? fz : 1 - fz)
      sum += value * share
      weight += share
    }
    return weight < 0.5 ? hole : sum / weight
  }

  return (x, y, z) => {
    if (x < -EDGE || y < -EDGE || z < -EDGE || x > lastX + EDGE || y > lastY + EDGE || z > lastZ + EDGE)
      return hole
    const cx = x < 0 ? 0 : x > lastX ? lastX : x
    const cy = y < 0 ? 0 : y > lastY ? lastY : y
    const cz = z < 0 ? 0 : z > lastZ ? lastZ : z
    const ix = cx | 0
    const iy = cy | 0
    const iz = cz | 0
    const fx = cx - ix
    const fy = cy - iy
    const fz = cz - iz
    const at = iz * sliceStep + iy * rowStep + ix
    const stepX = ix < lastX ? 1 : 0
    const stepY = iy < lastY ? rowStep : 0
    const stepZ = iz < lastZ ? sliceStep : 0
    const a = values[at]!
    const b = values[at + stepX]!
    const c = values[at + stepY]!
    const d = values[at + stepY + stepX]!
    const e = values[at + stepZ]!
    const f = values[at + stepZ + stepX]!
    const g = values[at + stepZ + stepY]!
    const h = values[at + stepZ + stepY + stepX]!
    if (
      hasHoles &&
      (a === hole ||
        b === hole ||
        c === hole ||
        d === hole ||
        e === hole ||
        f === hole ||
        g === hole ||
        h === hole)
    )
      return betweenHoles(at, fx, fy, fz, stepX, stepY, stepZ)
    const near = a + (b - a) * fx + (c - a + (a - b - c + d) * fx) * fy
    const far = e + (f - e) * fx + (g - e + (e - f - g + h) * fx) * fy
    return near + (far - near) * fz
  }
}
