import { halfDiameters } from './measure.ts'
import { cross, type Vector } from './plane.ts'
import type { Geometry, ImagePoint } from './shapes.ts'

/** Pixels as statistics read them: values after the modality's transformation. */
export interface PixelField {
  readonly columns: number
  readonly rows: number
  /** `undefined` for padding and for what has no value. */
  valueAt(column: number, row: number): number | undefined
}

export interface RegionStatistics {
  /** Pixels whose centre lies inside and that have a value. */
  readonly count: number
  readonly mean: number
  /** Of the pixels themselves (divided by their number, not by one less). */
  readonly standardDeviation: number
  readonly minimum: number
  readonly maximum: number
}

/** Of the pixels whose centre lies inside the geometry; undefined when there are none, or it encloses nothing. `shape`: see Scale. */
export function regionStatistics(
  geometry: Geometry,
  shape: Vector,
  field: PixelField,
): RegionStatistics | undefined {
  const region = regionOf(geometry, shape)
  if (region === undefined) return undefined
  let [count, mean, squares] = [0, 0, 0]
  let [minimum, maximum] = [Infinity, -Infinity]
  const lastRow = Math.min(field.rows - 1, Math.floor(region.bottom))
  for (let row = Math.max(0, Math.floor(region.top)); row <= lastRow; row++) {
    for (const [left, right] of region.spansAt(row + 0.5)) {
      const last = Math.min(field.columns - 1, Math.floor(right - 0.5))
      for (let column = Math.max(0, Math.ceil(left - 0.5)); column <= last; column++) {
        const value = field.valueAt(column, row)
        if (value === undefined) continue
        count += 1
        // Welford's way: exact enough for millions of large values.
        const delta = value - mean
        mean += delta / count
        squares += delta * (value - mean)
        minimum = Math.min(minimum, value)
        maximum = Math.max(maximum, value)
      }
    }
  }
  if (count === 0) return undefined
  return { count, mean, standardDeviation: Math.sqrt(squares / count), minimum, maximum }
}

/** What a geometry encloses, row by row. */
interface Region {
  readonly top: number
  readonly bottom: number
  /** From column to column, where a horizontal line at `y` is inside. */
  spansAt(y: number): (readonly [number, number])[]
}

function regionOf(geometry: Geometry, shape: Vector): Region | undefined {
  switch (geometry.kind) {
    case 'ellipse':
    case 'circle':
      return ellipseRegion(geometry.centre, halfDiameters(geometry, shape))
    case 'rectangle':
      return polygonRegion(geometry.corners)
    case 'freehand':
      return polygonRegion(geometry.outline)
    default:
      return undefined
  }
}

function polygonRegion(points: readonly ImagePoint[]): Region {
  const rows = points.map(([, y]) => y)
  return {
    top: Math.min(...rows),
    bottom: Math.max(...rows),
    spansAt(y) {
      const crossings: number[] = []
      points.forEach(([x, from], index) => {
        const [nextX, to] = points[(index + 1) % points.length] ?? [x, from]
        if (from <= y === to <= y) return
        crossings.push(x + ((y - from) / (to - from)) * (nextX - x))
      })
      crossings.sort((a, b) => a - b)
      return Array.from({ length: crossings.length / 2 }, (_, pair) => [
        crossings[pair * 2] ?? 0,
        crossings[pair * 2 + 1] ?? 0,
      ])
    },
  }
}

function ellipseRegion([x, y]: ImagePoint, [u, v]: readonly [Vector, Vector]): Region | undefined {
  const height = Math.hypot(u[1], v[1])
  const area = Math.abs(cross(u, v))
  if (area === 0) return undefined
  return {
    top: y - height,
    bottom: y + height,
    spansAt(at) {
      // The chord of the ellipse u·cos t + v·sin t at this height.
      const rise = (at - y) / height
      if (Math.abs(rise) > 1) return []
      const middle = (rise * (u[0] * u[1] + v[0] * v[1])) / height
      const half = (area / height) * Math.sqrt(1 - rise * rise)
      return [[x + middle - half, x + middle + half]]
    },
  }
}
