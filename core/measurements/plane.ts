import type { ImagePoint, Segment } from './shapes.ts'

/** A step or a distance on the plane of the image. */
export type Vector = readonly [x: number, y: number]

export const between = (from: ImagePoint, to: ImagePoint): Vector => [to[0] - from[0], to[1] - from[1]]

export const plus = (point: ImagePoint, by: Vector): ImagePoint => [point[0] + by[0], point[1] + by[1]]

export const scaled = (vector: Vector, by: Vector): Vector => [vector[0] * by[0], vector[1] * by[1]]

export const lengthOf = (vector: Vector): number => Math.hypot(vector[0], vector[1])

export const cross = (a: Vector, b: Vector): number => a[0] * b[1] - a[1] * b[0]

export const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1]

/** Between two directions. Units: degrees, 0 to 180. */
export const angleBetween = (a: Vector, b: Vector): number =>
  (Math.atan2(Math.abs(cross(a, b)), dot(a, b)) * 180) / Math.PI

export const alongSegment = ([from, to]: Segment, by: Vector): Vector => scaled(between(from, to), by)

/** Of a polygon whose last point joins the first; what crosses itself counts as it winds (the shoelace formula). */
export function polygonArea(points: readonly ImagePoint[], by: Vector): number {
  let doubled = 0
  points.forEach((point, index) => {
    doubled += cross(scaled(point, by), scaled(points[(index + 1) % points.length] ?? point, by))
  })
  return Math.abs(doubled) / 2
}

/** Once around a polygon whose last point joins the first. */
export const polygonPerimeter = (points: readonly ImagePoint[], by: Vector): number =>
  points.reduce(
    (sum, point, index) =>
      sum + lengthOf(scaled(between(point, points[(index + 1) % points.length] ?? point), by)),
    0,
  )

/**
 * The half axes of the ellipse that has `u` and `v` as conjugate half diameters, the longer first. Any two conjugate half
 * diameters of an ellipse stay that when the plane is stretched; its axes do not.
 */
export function halfAxes(u: Vector, v: Vector): readonly [Vector, Vector] {
  // The ellipse is u·cos t + v·sin t; the distance from the centre is greatest where its derivative vanishes.
  const t = Math.atan2(2 * dot(u, v), dot(u, u) - dot(v, v)) / 2
  const at = (angle: number): Vector => [
    u[0] * Math.cos(angle) + v[0] * Math.sin(angle),
    u[1] * Math.cos(angle) + v[1] * Math.sin(angle),
  ]
  const [one, other] = [at(t), at(t + Math.PI / 2)]
  return lengthOf(one) >= lengthOf(other) ? [one, other] : [other, one]
}

/** Around an ellipse with these half axes (Ramanujan's second formula: within one part in two thousand, flat or round). */
export function ellipsePerimeter(a: number, b: number): number {
  if (a + b === 0) return 0
  const h = ((a - b) / (a + b)) ** 2
  return Math.PI * (a + b) * (1 + (3 * h) / (10 + Math.sqrt(4 - 3 * h)))
}
