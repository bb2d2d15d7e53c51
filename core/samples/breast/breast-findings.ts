import { branchingTree, tube, type Point } from '../shape/branching-tree.ts'
import type { Capsule } from '../shape/raster.ts'
import { seededRandom } from '../shape/seeded-random.ts'
import { smoothNoise } from '../shape/smooth-noise.ts'
import type { BreastShape } from './breast-shape.ts'
import type { BreastGrid } from './breast-tissue.ts'

/** A place on the detector, mm. */
export interface Place {
  readonly u: number
  readonly v: number
}

/** Vessels from the chest wall to the nipple; as rods whose x is `u` and whose z is `v`. */
export function breastVessels(shape: BreastShape, seed: number): Capsule[] {
  const random = seededRandom(seed)
  const rods: Capsule[] = []
  for (const [from, to, radius] of [
    [-42, -18, 0.95],
    [24, 12, 0.8],
    [-8, -30, 0.6],
  ] as const) {
    const targets: Point[] = []
    for (let attempt = 0; attempt < 60 && targets.length < 7; attempt++) {
      const u = 12 + random() * (shape.nipple.u - 22)
      const v = shape.nipple.v + to + (random() - 0.5) * 62
      if (shape.inside(u, v) > 8) targets.push({ x: u, y: 0, z: v })
    }
    const root = { x: -4, y: 0, z: shape.nipple.v + from }
    rods.push(...branchingTree(root, targets, { radius, least: 0.26, seed: seed + to + 100, bend: 0.16 }))
  }
  return winding(rods, smoothNoise(seed + 3))
}

/** The rods as they wind: each in short pieces whose ends are shifted by a smooth field, so that they still meet. */
function winding(rods: readonly Capsule[], field: ReturnType<typeof smoothNoise>): Capsule[] {
  const pieces = 5
  return rods.flatMap((rod) => {
    const at = (share: number): [number, number, number, number] => {
      const x = rod.ax + (rod.bx - rod.ax) * share
      const z = rod.az + (rod.bz - rod.az) * share
      const shift = (layer: number): number =>
        3.2 * field(x / 11, z / 11, layer) + 0.8 * field(x / 4, z / 4, layer)
      return [x + shift(2), 0, z + shift(8), rod.ra + (rod.rb - rod.ra) * share]
    }
    return tube(Array.from({ length: pieces + 1 }, (_, index) => at(index / pieces)))
  })
}

/** The threads that a spiculated mass draws in from around it. */
export function spicules({ u, v }: Place, radius: number, seed: number): Capsule[] {
  const random = seededRandom(seed)
  const count = 34
  return Array.from({ length: count }, (_, index) => {
    const angle = ((index + 1.6 * random()) / count) * 2 * Math.PI
    const length = radius * (0.35 + 2.3 * random() ** 3)
    const bend = (random() - 0.5) * 0.9
    const at = (share: number): [number, number, number, number] => {
      const reach = radius * 0.5 + length * share
      const turn = angle + bend * share * share
      const thin = 0.24 * (1 - share) + 0.08
      return [u + Math.cos(turn) * reach, 0, v + Math.sin(turn) * reach, thin]
    }
    return tube([at(0), at(0.35), at(0.7), at(1)])
  }).flat()
}

/** Adds a mass with an uneven edge: as bright in the middle as the ray is long in it. */
export function addMass(grid: BreastGrid, centre: Place, radius: number, seed: number): void {
  const uneven = smoothNoise(seed)
  addAround(grid, centre, radius * 2.2, (du, dv) => {
    const away = Math.hypot(du, dv)
    const [cosine, sine] = [du / (away || 1), dv / (away || 1)]
    const edge =
      radius * (1 + 0.3 * uneven(cosine * 1.6, sine * 1.6, 1) + 0.2 * uneven(cosine * 4, sine * 4, 3))
    const share = away / edge
    // No sharp rim: what grows into fat is seen to thin out.
    const length = Math.exp(-1.1 * share ** 2.4)
    return 0.25 * length * (1 + 0.16 * uneven(du / 1.7, dv / 1.7, 5) + 0.12 * uneven(du / 0.8, dv / 0.8, 7))
  })
}

/** Adds a lymph node of the armpit: a bean with fat in its hilum. */
export function addLymphNode(grid: BreastGrid, centre: Place): void {
  addAround(grid, centre, 11, (du, dv) => {
    const bean = 1 - (du / 4.6) ** 2 - ((dv - 0.05 * du * du) / 8) ** 2
    const hilum = 1 - ((du - 2.2) / 2.6) ** 2 - (dv / 4) ** 2
    return 0.1 * Math.max(0, bean) ** 0.7 - 0.07 * Math.max(0, hilum) ** 0.7
  })
}

/** Adds a cluster of calcifications of many shapes, the largest half a millimetre wide. */
export function addCalcifications(grid: BreastGrid, centre: Place, count: number, seed: number): void {
  const random = seededRandom(seed)
  for (let each = 0; each < count; each++) {
    const reach = 6.5 * Math.sqrt(random())
    const turn = random() * 2 * Math.PI
    const at = { u: centre.u + reach * Math.cos(turn), v: centre.v + 0.7 * reach * Math.sin(turn) }
    const size = 0.1 + 0.17 * random()
    const long = size * (1 + 1.4 * random() * random())
    const tilt = random() * Math.PI
    const [cosine, sine] = [Math.cos(tilt), Math.sin(tilt)]
    const dense = 0.22 + 0.3 * random()
    addAround(grid, at, 3 * long, (du, dv) => {
      const x = (du * cosine + dv * sine) / long
      const y = (dv * cosine - du * sine) / size
      return dense * Math.exp(-((x * x + y * y) ** 2))
    })
  }
}

function addAround(
  { columns, rows, pitch, values }: BreastGrid,
  { u, v }: Place,
  reach: number,
  valueAt: (du: number, dv: number) => number,
): void {
  const [c0, c1] = [
    Math.max(0, Math.floor((u - reach) / pitch)),
    Math.min(columns - 1, Math.ceil((u + reach) / pitch)),
  ]
  const [r0, r1] = [
    Math.max(0, Math.floor((v - reach) / pitch)),
    Math.min(rows - 1, Math.ceil((v + reach) / pitch)),
  ]
  for (let row = r0; row <= r1; row++)
    for (let column = c0; column <= c1; column++) {
      const at = row * columns + column
      values[at] = (values[at] ?? 0) + valueAt((column + 0.5) * pitch - u, (row + 0.5) * pitch - v)
    }
}
