import type { Pause } from '../pace.ts'
import { seededNormal, seededRandom } from './seeded-random.ts'

const SIDE = 32
const MASK = SIDE - 1

/**
 * A smooth random field in [-1, 1] with features about one unit wide; repeats every 32 units.
 *
 * Shape: a cube of random values, interpolated with a smooth step along each axis.
 */
export function smoothNoise(seed: number): (x: number, y: number, z: number) => number {
  const random = seededRandom(seed)
  const lattice = Float32Array.from({ length: SIDE ** 3 }, () => random() * 2 - 1)
  const at = (x: number, y: number, z: number) =>
    lattice[((z & MASK) * SIDE + (y & MASK)) * SIDE + (x & MASK)] ?? 0
  return (x, y, z) => {
    const x0 = Math.floor(x)
    const y0 = Math.floor(y)
    const z0 = Math.floor(z)
    const u = ease(x - x0)
    const v = ease(y - y0)
    const w = ease(z - z0)
    const front = mix(
      mix(at(x0, y0, z0), at(x0 + 1, y0, z0), u),
      mix(at(x0, y0 + 1, z0), at(x0 + 1, y0 + 1, z0), u),
      v,
    )
    const back = mix(
      mix(at(x0, y0, z0 + 1), at(x0 + 1, y0, z0 + 1), u),
      mix(at(x0, y0 + 1, z0 + 1), at(x0 + 1, y0 + 1, z0 + 1), u),
      v,
    )
    return mix(front, back, w)
  }
}

const ease = (t: number) => t * t * (3 - 2 * t)
const mix = (a: number, b: number, t: number) => a + (b - a) * t

/** A square of correlated noise that tiles: mean 0, deviation 1, neighbours alike over about `radius` pixels. */
export async function noiseTile(
  side: number,
  radius: number,
  seed: number,
  pause: Pause,
): Promise<Float32Array> {
  const normal = seededNormal(seed)
  const raw = Float32Array.from({ length: side * side }, normal)
  const half = Math.ceil(2 * radius)
  const kernel = Array.from({ length: 2 * half + 1 }, (_, index) =>
    Math.exp(-(((index - half) / radius) ** 2)),
  )
  const tile = await blurRows(await blurRows(raw, side, kernel, pause), side, kernel, pause)
  let squares = 0
  for (const value of tile) squares += value * value
  const scale = 1 / Math.sqrt(squares / tile.length)
  for (let index = 0; index < tile.length; index++) tile[index] = (tile[index] ?? 0) * scale
  await pause()
  return tile
}

/** Blurs each row and transposes, so that two calls blur both ways. */
async function blurRows(
  tile: Float32Array,
  side: number,
  kernel: readonly number[],
  pause: Pause,
): Promise<Float32Array> {
  const out = new Float32Array(tile.length)
  const half = (kernel.length - 1) / 2
  for (let y = 0; y < side; y++) {
    if (y % 64 === 0) await pause()
    for (let x = 0; x < side; x++) {
      let sum = 0
      for (let k = 0; k < kernel.length; k++) {
        sum += (kernel[k] ?? 0) * (tile[y * side + ((x + k - half + side) % side)] ?? 0)
      }
      out[x * side + y] = sum
    }
  }
  return out
}
