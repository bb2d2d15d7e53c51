import { holeOf, type ScalarVolume } from './reslice.ts'

/** Voxels along a brick's edge. */
export const BRICK = 8

/**
 * The least and largest values in bricks of a volume, with the layer of voxels beyond that sampling between voxels reaches: a
 * ray passes through a brick that shows nothing in one step.
 */
export interface Bricks {
  /** Bricks across, down and through. */
  readonly size: readonly [number, number, number]
  readonly least: Float32Array
  readonly most: Float32Array
}

export function bricksOf({ size }: Pick<ScalarVolume, 'size'>): Bricks {
  const [x, y, z] = size.map((voxels) => Math.ceil(voxels / BRICK)) as [number, number, number]
  const count = x * y * z
  return {
    size: [x, y, z],
    least: new Float32Array(count).fill(Infinity),
    most: new Float32Array(count).fill(-Infinity),
  }
}

/** Layers of bricks that reach into these slices. */
export function layersOf(slices: Iterable<number>, { size }: Bricks): Set<number> {
  const layers = new Set<number>()
  for (const slice of slices) {
    layers.add(Math.min(size[2] - 1, Math.floor(slice / BRICK)))
    // The first slice of a layer is sampled from the one before.
    if (slice % BRICK === 0 && slice > 0) layers.add(slice / BRICK - 1)
  }
  return layers
}

/** Works a layer of bricks out anew. What is not there counts as `floor`. */
export function fillLayer(bricks: Bricks, layer: number, volume: ScalarVolume, floor: number): void {
  const { values, size } = volume
  const [columns, rows, slices] = size
  const [across, down] = bricks.size
  const hole = holeOf(values)
  const start = layer * across * down
  bricks.least.fill(Infinity, start, start + across * down)
  bricks.most.fill(-Infinity, start, start + across * down)
  const lastSlice = Math.min(slices - 1, (layer + 1) * BRICK)
  for (let slice = layer * BRICK; slice <= lastSlice; slice++)
    for (let row = 0; row < rows; row++) {
      const from = (slice * rows + row) * columns
      const brickRow = Math.floor(row / BRICK)
      for (let brick = 0; brick < across; brick++) {
        let [least, most] = [Infinity, -Infinity]
        const last = Math.min(columns - 1, (brick + 1) * BRICK)
        for (let column = brick * BRICK; column <= last; column++) {
          const stored = values[from + column]!
          const value = stored === hole ? floor : stored
          if (value < least) least = value
          if (value > most) most = value
        }
        widen(bricks, start + brickRow * across + brick, least, most)
        if (row % BRICK === 0 && brickRow > 0)
          widen(bricks, start + (brickRow - 1) * across + brick, least, most)
      }
    }
}

function widen({ least, most }: Bricks, at: number, low: number, high: number): void {
  if (low < least[at]!) least[at] = low
  if (high > most[at]!) most[at] = high
}
