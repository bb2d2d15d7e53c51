import type { Capsule } from './raster.ts'
import { seededRandom } from './seeded-random.ts'

export interface Point {
  readonly x: number
  readonly y: number
  readonly z: number
}

/**
 * Rods of a tree that starts at `root` and reaches all `targets`: at each fork the targets are halved across their
 * longest extent, and each half gets a branch towards its middle. Radii follow Murray's law from `radius` at the root.
 */
export function branchingTree(
  root: Point,
  targets: readonly Point[],
  options: { readonly radius: number; readonly least: number; readonly seed: number; readonly bend?: number },
): Capsule[] {
  const random = seededRandom(options.seed)
  const rods: Capsule[] = []
  const bend = options.bend ?? 0.12
  const radiusOf = (count: number) =>
    Math.max(options.least, options.radius * (count / targets.length) ** (1 / 2.6))
  const grow = (from: Point, points: readonly Point[], radius: number): void => {
    const middle = centre(points)
    const reach = points.length === 1 ? 1 : 0.55
    const to = between(from, middle, reach)
    const length = distance(from, to)
    const end = radiusOf(points.length)
    const knee = jitter(between(from, to, 0.5), length * bend, random)
    rods.push(rod(from, knee, radius, (radius + end) / 2), rod(knee, to, (radius + end) / 2, end))
    if (points.length === 1) return
    const [near, far] = halves(points, random)
    grow(to, near, end)
    grow(to, far, end)
  }
  if (targets.length > 0) grow(root, targets, options.radius)
  return rods
}

/** A chain of rods through points, each with its radius. */
export function tube(
  points: readonly (readonly [x: number, y: number, z: number, radius: number])[],
): Capsule[] {
  const rods: Capsule[] = []
  points.forEach(([bx, by, bz, rb], index) => {
    const before = points[index - 1]
    if (before === undefined) return
    const [ax, ay, az, ra] = before
    rods.push({ ax, ay, az, bx, by, bz, ra, rb })
  })
  return rods
}

/** The same rods, thicker (or thinner) by so many millimetres. */
export const swollen = (rods: readonly Capsule[], by: number): Capsule[] =>
  rods.map((each) => ({ ...each, ra: Math.max(0.2, each.ra + by), rb: Math.max(0.2, each.rb + by) }))

const rod = (a: Point, b: Point, ra: number, rb: number): Capsule => ({
  ax: a.x,
  ay: a.y,
  az: a.z,
  bx: b.x,
  by: b.y,
  bz: b.z,
  ra,
  rb,
})

const between = (a: Point, b: Point, t: number): Point => ({
  x: a.x + (b.x - a.x) * t,
  y: a.y + (b.y - a.y) * t,
  z: a.z + (b.z - a.z) * t,
})

const distance = (a: Point, b: Point) => Math.hypot(a.x - b.x, a.y - b.y, a.z - b.z)

const jitter = (point: Point, by: number, random: () => number): Point => ({
  x: point.x + (random() - 0.5) * 2 * by,
  y: point.y + (random() - 0.5) * 2 * by,
  z: point.z + (random() - 0.5) * 2 * by,
})

function centre(points: readonly Point[]): Point {
  const sum = { x: 0, y: 0, z: 0 }
  for (const point of points) {
    sum.x += point.x
    sum.y += point.y
    sum.z += point.z
  }
  return { x: sum.x / points.length, y: sum.y / points.length, z: sum.z / points.length }
}

/** Two parts across the axis along which the points spread most, tilted and shifted a little so that no grid shows. */
function halves(points: readonly Point[], random: () => number): [Point[], Point[]] {
  const middle = centre(points)
  const spread = { x: 0, y: 0, z: 0 }
  for (const point of points) {
    spread.x += (point.x - middle.x) ** 2
    spread.y += (point.y - middle.y) ** 2
    spread.z += (point.z - middle.z) ** 2
  }
  const axis = spread.x > spread.y ? (spread.x > spread.z ? 'x' : 'z') : spread.y > spread.z ? 'y' : 'z'
  const tilt = { x: random() - 0.5, y: random() - 0.5, z: random() - 0.5 }
  const along = (point: Point) => point[axis] + 0.9 * (tilt.x * point.x + tilt.y * point.y + tilt.z * point.z)
  const sorted = [...points].sort((a, b) => along(a) - along(b))
  const cut = Math.max(1, Math.min(sorted.length - 1, Math.round(sorted.length * (0.36 + 0.28 * random()))))
  return [sorted.slice(0, cut), sorted.slice(cut)]
}
