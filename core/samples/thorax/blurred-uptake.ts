import type { Pause } from '../pace.ts'
import type { Raster } from '../shape/raster.ts'
import { paintUptake } from './paint-uptake.ts'
import type { Thorax } from './thorax-model.ts'

/** What a PET scanner resolves of the phantom, on the scanner's grid. Millimetres. */
export interface Uptake {
  readonly side: number
  readonly pitch: number
  readonly spacing: number
  /** Centre of the first pixel. */
  readonly left: number
  readonly top: number
  /** The values of one slice, SUV; 0 is the topmost. */
  readonly slice: (index: number) => Float32Array
}

const SIDE = 128
const PITCH = 4
const SPACING = 3.27
const LEFT = -254
const TOP = -244
/** The body and the arms lie in this part of a slice: first pixel and number of pixels. */
const BODY = { column: 4, columns: 120, row: 31, rows: 65 }
/** The phantom is painted finer than the scanner's grid within a slice, and then blurred. */
const FINER = 2
/** Full width at half maximum of the scanner's point spread. */
const RESOLUTION = 6.5
const DEVIATION = RESOLUTION / (2 * Math.sqrt(2 * Math.LN2))

/** The uptake of the phantom as the scanner sees it: painted on a finer grid, blurred along three axes, averaged over its pixels. */
export async function openUptake(
  thorax: Thorax,
  plan: { readonly slices: number; readonly top: number },
  pause: Pause,
): Promise<Uptake> {
  const across = gaussian(DEVIATION / (PITCH / FINER))
  const along = gaussian(DEVIATION / SPACING)
  const reach = (along.length - 1) / 2
  const planes: Float32Array[] = []
  for (let plane = -reach; plane < plan.slices + reach; plane++) {
    const raster = finePlane(plan.top - plane * SPACING)
    paintUptake(thorax, raster)
    await pause()
    const once = blurredRows(raster.values, raster.columns, across)
    planes.push(blurredRows(once, raster.rows, across))
    await pause()
  }
  return {
    side: SIDE,
    pitch: PITCH,
    spacing: SPACING,
    left: LEFT,
    top: TOP,
    slice: (index) => averaged(planes.slice(index, index + along.length), along),
  }
}

/** A plane over the part of a slice where the body lies. */
function finePlane(z: number): Raster {
  const pitch = PITCH / FINER
  const first = (pitch - PITCH) / 2
  const [columns, rows] = [BODY.columns * FINER, BODY.rows * FINER]
  return {
    columns,
    rows,
    left: LEFT + BODY.column * PITCH + first,
    top: TOP + BODY.row * PITCH + first,
    pitch,
    pitchY: pitch,
    z,
    values: new Float32Array(columns * rows),
  }
}

/** Weights of a bell curve, in steps of its grid; they add up to one. */
function gaussian(deviation: number): number[] {
  const half = Math.ceil(3 * deviation)
  const weights = Array.from({ length: 2 * half + 1 }, (_, at) =>
    Math.exp(-(((at - half) / deviation) ** 2) / 2),
  )
  const sum = weights.reduce((all, weight) => all + weight, 0)
  return weights.map((weight) => weight / sum)
}

/** Blurred along rows, and transposed: twice is along both. */
function blurredRows(values: Float32Array, columns: number, weights: readonly number[]): Float32Array {
  const rows = values.length / columns
  const half = (weights.length - 1) / 2
  const out = new Float32Array(values.length)
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      let sum = 0
      for (let tap = -half; tap <= half; tap++) {
        const from = column + tap
        if (from >= 0 && from < columns)
          sum += (weights[tap + half] ?? 0) * (values[row * columns + from] ?? 0)
      }
      out[column * rows + row] = sum
    }
  return out
}

/** One slice of the scanner from the planes around it. */
function averaged(planes: readonly Float32Array[], weights: readonly number[]): Float32Array {
  const slice = new Float32Array(SIDE * SIDE)
  const columns = BODY.columns * FINER
  for (let row = 0; row < BODY.rows * FINER; row++) {
    const to = (BODY.row + Math.floor(row / FINER)) * SIDE + BODY.column
    for (let column = 0; column < columns; column++) {
      let sum = 0
      for (const [plane, weight] of weights.entries())
        sum += weight * (planes[plane]?.[row * columns + column] ?? 0)
      const at = to + Math.floor(column / FINER)
      slice[at] = (slice[at] ?? 0) + sum / (FINER * FINER)
    }
  }
  return slice
}
