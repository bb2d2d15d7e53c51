import type { Pause } from '../pace.ts'
import { clamp, smoothStep } from '../shape/profile.ts'
import { smoothNoise } from '../shape/smooth-noise.ts'
import { fullness, type BreastShape } from './breast-shape.ts'

/** A grid over the detector; the first value has its middle half a pitch from its corner at the chest wall. */
export interface BreastGrid {
  readonly columns: number
  readonly rows: number
  /** Millimetres. */
  readonly pitch: number
  readonly values: Float32Array
}

type Noise = (x: number, y: number, z: number) => number

/** Fat, gland, ligaments, muscle and skin of one breast: 0 is air, about 0.3 fat, 0.6 gland. */
export async function breastTissue(
  shape: BreastShape,
  grid: Omit<BreastGrid, 'values'>,
  seed: number,
  pause: Pause,
): Promise<BreastGrid> {
  const values = new Float32Array(grid.columns * grid.rows)
  const signal = openTissue(shape, seed)
  for (let row = 0; row < grid.rows; row++) {
    const v = (row + 0.5) * grid.pitch
    for (let column = 0; column < grid.columns; column++)
      values[row * grid.columns + column] = signal((column + 0.5) * grid.pitch, v)
    await pause()
  }
  return { ...grid, values }
}

function openTissue(shape: BreastShape, seed: number): (u: number, v: number) => number {
  const coarse = smoothNoise(seed)
  const fine = smoothNoise(seed + 1)
  return (u, v) => {
    const inside = shape.inside(u, v)
    if (inside < -0.5) return 0
    const full = fullness(inside)
    // What the processing of a mammogram does: the thinner rim is lifted, so that skin and middle both show.
    const fat = 0.27 * (0.45 + 0.55 * full) * smoothStep(-0.3, 0.9, inside)
    const lumps = 0.03 * coarse(u / 9, v / 9, 4) + 0.018 * fine(u / 2.6, v / 2.6, 9)
    const skin = 0.1 * smoothStep(-0.2, 0.5, inside) * (1 - smoothStep(1.3, 2.1, inside))
    const gland = glandular(shape, coarse, fine, u, v, inside)
    const strands = ligaments(coarse, fine, u, v) * smoothStep(1, 8, inside)
    const breast = fat + skin + full * (lumps + 0.36 * gland + strands * (1 - 0.5 * gland))
    return withMuscle(shape, coarse, fine, u, v, breast)
  }
}

/** How much of a ray is gland, 0 to 1: islands and strands that run towards the nipple, with fat between them. */
function glandular(
  shape: BreastShape,
  coarse: Noise,
  fine: Noise,
  u: number,
  v: number,
  inside: number,
): number {
  const warp = 13 * coarse(u / 22, v / 22, 11) + 5 * coarse(u / 8, v / 8, 12)
  const hull = Math.min(shape.insideGland(u, v) + warp, (inside - 5) * 1.5)
  if (hull < -8) return 0
  const [du, dv] = [shape.nipple.u - u, v - shape.nipple.v]
  const away = Math.hypot(du, dv)
  const angle = Math.atan2(dv, du + 6)
  let sum = 0
  // Three depths between the plates.
  for (const layer of [0, 1, 2]) {
    const z = layer * 7.3
    const bend = 0.35 * coarse(u / 14, v / 14, z + 17)
    const ducts = coarse(angle * 7.5 + bend + z, away / 24 + bend, z + 20)
    const islands = coarse(u / 15 + bend, v / 15 - bend, z + 2) + 0.55 * coarse(u / 6.5, v / 6.5, z + 3)
    const crumbs = fine(u / 3, v / 3, z) + 0.6 * fine(u / 1.3, v / 1.3, z + 5)
    sum += smoothStep(-0.35, 0.75, 0.5 * ducts + 0.62 * islands + 0.2 * crumbs + 0.1)
  }
  // Ducts gather behind the nipple.
  const sinus = 0.35 * (1 - smoothStep(4, 16, away)) * smoothStep(-8, 0, hull)
  return clamp((sum / 3) * smoothStep(-8, 12, hull) + sinus, 0, 1)
}

/** Thin bright threads between skin and gland, at three depths. */
function ligaments(coarse: Noise, fine: Noise, u: number, v: number): number {
  let sum = 0
  for (const [size, z] of [
    [21, 1],
    [14, 6],
    [9, 13],
  ] as const) {
    // Drawn out towards the nipple.
    const here =
      coarse(u / (size * 2.1), v / size, z) + 0.2 * fine(u / 9, v / 7, z) + 0.07 * fine(u / 2.5, v / 2.5, z)
    const thread = Math.max(0, 1 - (Math.abs(here) * size) / 1.15)
    sum += thread * thread * (0.55 + 0.45 * coarse(u / 30, v / 30, z + 9))
  }
  return 0.085 * sum
}

/** The pectoral muscle with its fibres, over everything near the armpit. */
function withMuscle(
  shape: BreastShape,
  coarse: Noise,
  fine: Noise,
  u: number,
  v: number,
  breast: number,
): number {
  const muscle = shape.insideMuscle(u, v) + 1.6 * coarse(u / 18, v / 18, 25)
  if (muscle < -2) return breast
  const along = v * 0.92 - u * 0.39
  const across = u * 0.92 + v * 0.39
  const fibres =
    0.022 * coarse(across / 6, along / 60, 27) +
    0.009 * fine(across / 1.9, along / 26, 3) +
    0.008 * fine(across / 0.9, along / 12, 8)
  const dense = 0.47 + 0.1 * smoothStep(0, 45, muscle) + fibres
  return breast + (dense - breast) * 0.84 * smoothStep(-1.9, 3.6, muscle)
}
