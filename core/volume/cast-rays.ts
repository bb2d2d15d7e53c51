import type { Vector3 } from '../measurements/space.ts'
import { BRICK, type Bricks } from './bricks.ts'
import { boxInVoxels } from './crop-box.ts'
import { FAINT, LIGHT, lightOf, OPAQUE, type RenderScene } from './render-scene.ts'
import { holeOf, type ScalarVolume } from './reslice.ts'
import { TABLE_SIZE, tableOf, visibility } from './transfer-function.ts'
import { raysOf, slopeAxes } from './view-camera.ts'
import type { VolumeGrid } from './volume-grid.ts'

/** A volume, and what speeds a ray through it. */
export interface CastVolume {
  readonly volume: ScalarVolume
  readonly grid: VolumeGrid
  readonly bricks: Bricks
  /** What counts where there is no value. */
  readonly floor: number
}

export interface PictureSize {
  readonly width: number
  readonly height: number
}

/** A picture in the making: row by row, so that whoever paints can do something else between. */
export interface RayCast {
  /** Shape: rows × columns × red, green, blue, opacity. */
  readonly pixels: Uint8ClampedArray<ArrayBuffer>
  /** Paints rows from one up to another, that one excluded. */
  paint(fromRow: number, toRow: number): void
}

/**
 * Paints a volume by rays, on a processor. The picture that a graphics card paints of the same scene is the same but for
 * rounding.
 *
 * @param step between samples of a ray, millimetres
 */
export function castRays(
  { volume, grid, bricks, floor }: CastVolume,
  scene: RenderScene,
  { width, height }: PictureSize,
  step: number,
): RayCast {
  const pixels = new Uint8ClampedArray(width * height * 4)
  const table = tableOf(scene.points, step)
  const { entries } = table
  const tableScale = (TABLE_SIZE - 1) / (table.to - table.from)
  const rays = raysOf(grid, scene.camera, width, height)
  const [dx, dy, dz] = rays.into
  const { low, high } = boxInVoxels(scene.crop, volume.size)
  const isMaximum = scene.mode === 'maximum'
  const [across, bricksDown, through] = bricks.size
  const visible = isMaximum ? undefined : visibleBricks(bricks, visibility(table))
  const background = isMaximum ? [entries[0] ?? 0, entries[1] ?? 0, entries[2] ?? 0] : [0, 0, 0]
  const sample = samplerOf(volume, floor)
  const shade = shaderOf(sample, grid, scene, table.to - table.from)
  const out: [number, number, number] = [0, 0, 0]

  /** Where a ray leaves the bricks of one number along an axis, millimetres along the ray. The outermost have no end. */
  function leaves(origin: number, direction: number, brick: number, count: number): number {
    if (direction > 0) return brick === count - 1 ? Infinity : ((brick + 1) * BRICK - origin) / direction
    return direction === 0 || brick === 0 ? Infinity : (brick * BRICK - origin) / direction
  }

  function ray(ox: number, oy: number, oz: number, jitter: number): number {
    let enter = -Infinity
    let exit = Infinity
    const origin: Vector3 = [ox, oy, oz]
    for (let axis = 0; axis < 3; axis++) {
      const direction = rays.into[axis]!
      const [from, to] = [low[axis]! - origin[axis]!, high[axis]! - origin[axis]!]
      if (Math.abs(direction) < 1e-9) {
        if (from > 0 || to < 0) return -1
        continue
      }
      const [one, other] = [from / direction, to / direction]
      enter = Math.max(enter, Math.min(one, other))
      exit = Math.min(exit, Math.max(one, other))
    }
    let red = 0
    let green = 0
    let blue = 0
    let alpha = 0
    let most = -Infinity
    let brickEnd = -Infinity
    let brickMost = Infinity
    let isSeen = true
    let at = Math.ceil(enter / step - jitter)
    for (let t = (at + jitter) * step; t <= exit; t = (++at + jitter) * step) {
      const x = ox + t * dx
      const y = oy + t * dy
      const z = oz + t * dz
      if (t >= brickEnd) {
        const i = within(x, across)
        const j = within(y, bricksDown)
        const k = within(z, through)
        const brick = (k * bricksDown + j) * across + i
        brickEnd = Math.min(
          leaves(ox, dx, i, across),
          leaves(oy, dy, j, bricksDown),
          leaves(oz, dz, k, through),
        )
        if (visible !== undefined) isSeen = visible[brick] === 1
        else brickMost = bricks.most[brick]!
      }
      if (!isSeen || brickMost <= most) {
        // The first sample beyond the brick is the next.
        at = Math.max(at, Math.ceil(Math.min(brickEnd, exit + step) / step - jitter) - 1)
        continue
      }
      const value = sample(x, y, z)
      if (isMaximum) {
        if (value > most) most = value
        continue
      }
      const entry = Math.max(0, Math.min(TABLE_SIZE - 1, (value - table.from) * tableScale))
      const first = entry | 0
      const next = first < TABLE_SIZE - 1 ? first + 1 : first
      const share = entry - first
      const opacity = entries[first * 4 + 3]! + (entries[next * 4 + 3]! - entries[first * 4 + 3]!) * share
      if (opacity <= 0) continue
      const weight = (1 - alpha) * opacity
      for (let part = 0; part < 3; part++) {
        const a = entries[first * 4 + part]!
        out[part] = a + (entries[next * 4 + part]! - a) * share
      }
      if (opacity >= FAINT) shade(x, y, z, out)
      red += out[0] * weight
      green += out[1] * weight
      blue += out[2] * weight
      alpha += weight
      if (alpha >= OPAQUE) break
    }
    if (isMaximum) {
      if (most === -Infinity) return -1
      const entry = Math.round(Math.max(0, Math.min(TABLE_SIZE - 1, (most - table.from) * tableScale)))
      out[0] = entries[entry * 4]!
      out[1] = entries[entry * 4 + 1]!
      out[2] = entries[entry * 4 + 2]!
      return 1
    }
    out[0] = red
    out[1] = green
    out[2] = blue
    return alpha
  }

  return {
    pixels,
    paint(fromRow, toRow) {
      const { origin, right, down } = rays
      for (let row = fromRow; row < Math.min(height, toRow); row++)
        for (let column = 0; column < width; column++) {
          const alpha = ray(
            origin[0] + column * right[0] + row * down[0],
            origin[1] + column * right[1] + row * down[1],
            origin[2] + column * right[2] + row * down[2],
            isMaximum ? 0 : jitterAt(column, row),
          )
          const colour = alpha < 0 ? background : out
          const to = (row * width + column) * 4
          pixels[to] = colour[0]! * 255
          pixels[to + 1] = colour[1]! * 255
          pixels[to + 2] = colour[2]! * 255
          pixels[to + 3] = 255
        }
    },
  }
}

const within = (place: number, count: number): number => {
  const brick = Math.floor(place / BRICK)
  return brick < 0 ? 0 : brick >= count ? count - 1 : brick
}

/**
 * Where in a step a ray begins, 0 to 1: another place for each pixel, so that steps show as grain, not as rings.
 *
 * Source: J. Jimenez, interleaved gradient noise, SIGGRAPH 2014.
 */
export function jitterAt(column: number, row: number): number {
  const turn = 52.9829189 * fraction(0.06711056 * column + 0.00583715 * row)
  return fraction(turn)
}

const fraction = (value: number): number => value - Math.floor(value)

/** 1 for each brick in which something can be seen. */
export function visibleBricks(
  { least, most }: Bricks,
  isVisible: (least: number, most: number) => boolean,
): Uint8Array<ArrayBuffer> {
  const seen = new Uint8Array(least.length)
  for (let brick = 0; brick < seen.length; brick++)
    if (least[brick]! <= most[brick]! && isVisible(least[brick]!, most[brick]!)) seen[brick] = 1
  return seen
}

type Sampler = (x: number, y: number, z: number) => number

/** The value between the eight neighbours of a place, in voxels; beyond the outermost, theirs. */
function samplerOf(
  { values, size: [columns, rows, slices], hasHoles }: ScalarVolume,
  floor: number,
): Sampler {
  const hole = holeOf(values)
  const [lastX, lastY, lastZ] = [columns - 1, rows - 1, slices - 1]
  const sliceStep = columns * rows
  const filled = (value: number): number => (value === hole ? floor : value)
  return (x, y, z) => {
    const cx = x < 0 ? 0 : x > lastX ? lastX : x
    const cy = y < 0 ? 0 : y > lastY ? lastY : y
    const cz = z < 0 ? 0 : z > lastZ ? lastZ : z
    const ix = cx | 0
    const iy = cy | 0
    const iz = cz | 0
    const fx = cx - ix
    const fy = cy - iy
    const fz = cz - iz
    const at = iz * sliceStep + iy * columns + ix
    const stepX = ix < lastX ? 1 : 0
    const stepY = iy < lastY ? columns : 0
    const stepZ = iz < lastZ ? sliceStep : 0
    let a = values[at]!
    let b = values[at + stepX]!
    let c = values[at + stepY]!
    let d = values[at + stepY + stepX]!
    let e = values[at + stepZ]!
    let f = values[at + stepZ + stepX]!
    let g = values[at + stepZ + stepY]!
    let h = values[at + stepZ + stepY + stepX]!
    if (hasHoles) {
      a = filled(a)
      b = filled(b)
      c = filled(c)
      d = filled(d)
      e = filled(e)
      f = filled(f)
      g = filled(g)
      h = filled(h)
    }
    const near = a + (b - a) * fx + (c - a + (a - b - c + d) * fx) * fy
    const far = e + (f - e) * fx + (g - e + (e - f - g + h) * fx) * fy
    return near + (far - near) * fz
  }
}

/** Lights a colour by the slope of the values at a place. */
function shaderOf(
  sample: Sampler,
  grid: VolumeGrid,
  { camera }: RenderScene,
  range: number,
): (x: number, y: number, z: number, colour: [number, number, number]) => void {
  const [a, b, c] = slopeAxes(grid)
  const { light, halfway } = lightOf(camera)
  const perSurface = 1 / (LIGHT.surface * range)
  return (x, y, z, colour) => {
    const gx = (sample(x + 1, y, z) - sample(x - 1, y, z)) / 2
    const gy = (sample(x, y + 1, z) - sample(x, y - 1, z)) / 2
    const gz = (sample(x, y, z + 1) - sample(x, y, z - 1)) / 2
    const nx = a[0] * gx + b[0] * gy + c[0] * gz
    const ny = a[1] * gx + b[1] * gy + c[1] * gz
    const nz = a[2] * gx + b[2] * gy + c[2] * gz
    const slope = Math.sqrt(nx * nx + ny * ny + nz * nz)
    if (slope === 0) return
    const isSurface = Math.min(1, slope * perSurface)
    // Seen from either side.
    const facing = Math.abs(nx * light[0] + ny * light[1] + nz * light[2]) / slope
    const mirrored = Math.abs(nx * halfway[0] + ny * halfway[1] + nz * halfway[2]) / slope
    const lit = 1 - isSurface + isSurface * (LIGHT.ambient + LIGHT.diffuse * facing)
    const shine = isSurface * LIGHT.shine * mirrored ** LIGHT.gloss
    colour[0] = colour[0] * lit + shine
    colour[1] = colour[1] * lit + shine
    colour[2] = colour[2] * lit + shine
  }
}
