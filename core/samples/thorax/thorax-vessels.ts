import { branchingTree, tube, type Point } from '../shape/branching-tree.ts'
import type { Pause } from '../pace.ts'
import type { Capsule } from '../shape/raster.ts'
import { smoothMin } from '../shape/profile.ts'
import { seededRandom } from '../shape/seeded-random.ts'
import { diaphragm, insideCavity, insideLungs } from './thorax-shape.ts'

export interface Vessels {
  readonly arteries: readonly Capsule[]
  readonly veins: readonly Capsule[]
  readonly bronchi: readonly Capsule[]
  readonly liver: readonly Capsule[]
  readonly aorta: readonly Capsule[]
  readonly pulmonaryTrunk: readonly Capsule[]
  readonly cavae: readonly Capsule[]
  readonly trachea: readonly Capsule[]
  readonly oesophagus: readonly Capsule[]
  readonly coronaries: readonly Capsule[]
}

/** Every vessel and airway, grown from a fixed seed. */
export async function vessels(pause: Pause): Promise<Vessels> {
  const inLung = async (
    side: -1 | 1,
    count: number,
    root: Point,
    radius: number,
    least: number,
    seed: number,
  ) => {
    const targets = lungPoints(side, count, seed)
    await pause()
    const rods = branchingTree(root, targets, { radius, least, seed: seed + 1 })
    await pause()
    return rods
  }
  const inLiver = (count: number, root: Point, radius: number, seed: number) =>
    branchingTree(root, liverPoints(count, seed), { radius, least: 0.9, seed: seed + 1 })
  return {
    arteries: [
      ...(await inLung(-1, 1500, { x: -34, y: 0, z: 22 }, 7, 0.42, 11)),
      ...(await inLung(1, 1300, { x: 34, y: 6, z: 28 }, 7, 0.42, 13)),
    ],
    veins: [
      ...(await inLung(-1, 1100, { x: -26, y: 6, z: -6 }, 6, 0.42, 21)),
      ...(await inLung(1, 900, { x: 32, y: 8, z: -4 }, 6, 0.42, 23)),
    ],
    bronchi: [
      ...(await inLung(-1, 90, { x: -22, y: 12, z: 26 }, 6.2, 0.9, 31)),
      ...(await inLung(1, 80, { x: 26, y: 14, z: 22 }, 5.6, 0.9, 33)),
    ],
    liver: [
      ...inLiver(260, { x: -22, y: 4, z: -128 }, 6.5, 41),
      ...inLiver(160, { x: -14, y: 28, z: -74 }, 5.5, 43),
    ],
    aorta: aorta(),
    pulmonaryTrunk: pulmonaryTrunk(),
    cavae: cavae(),
    trachea: tube([
      [0, -8, 210, 8.5],
      [0, 2, 130, 8.5],
      [-2, 10, 80, 8.5],
      [-1, 14, 42, 8.8],
      [-12, 13, 32, 7],
      [-24, 12, 25, 6.4],
    ]).concat(
      tube([
        [-1, 14, 42, 8],
        [14, 14, 30, 6.6],
        [28, 14, 21, 5.8],
      ]),
    ),
    oesophagus: tube([
      [4, 14, 210, 6],
      [4, 26, 120, 6.5],
      [5, 32, 40, 6.5],
      [8, 32, -40, 7],
      [18, 22, -78, 7.5],
      [34, 8, -92, 9],
    ]),
    coronaries: coronaries(),
  }
}

function aorta(): Capsule[] {
  return [
    ...tube([
      [2, -16, -12, 15],
      [-8, -28, 8, 16],
      [-14, -30, 28, 15.5],
      [-11, -22, 48, 15],
      [0, -8, 60, 14.5],
      [14, 10, 62, 14],
      [22, 28, 52, 13],
      [24, 38, 34, 12.5],
      [22, 40, 0, 12],
      [18, 38, -50, 11.5],
      [10, 32, -100, 11],
      [4, 24, -150, 10],
      [2, 16, -215, 9.5],
    ]),
    // To the head and the arms.
    ...tube([
      [-10, -16, 60, 6.5],
      [-16, -8, 88, 6.5],
      [-24, -2, 104, 5],
      [-26, 2, 150, 3.6],
      [-26, 4, 210, 3.4],
    ]),
    ...tube([
      [-24, -2, 104, 4.4],
      [-52, 0, 122, 4.2],
      [-96, -10, 126, 3.8],
      [-140, 8, 118, 3.2],
    ]),
    ...tube([
      [4, -4, 66, 4.4],
      [16, 0, 100, 3.8],
      [25, 3, 150, 3.5],
      [25, 4, 210, 3.4],
    ]),
    ...tube([
      [16, 10, 66, 5],
      [26, 10, 98, 4.6],
      [52, 2, 122, 4.2],
      [96, -10, 126, 3.8],
      [140, 8, 118, 3.2],
    ]),
  ]
}

function pulmonaryTrunk(): Capsule[] {
  return [
    ...tube([
      [24, -58, -4, 14],
      [24, -46, 14, 14.5],
      [20, -28, 26, 14],
      [12, -10, 28, 12],
    ]),
    ...tube([
      [18, -18, 28, 12.5],
      [26, 0, 32, 11],
      [36, 10, 28, 8.5],
    ]),
    ...tube([
      [14, -14, 26, 11.5],
      [-8, -4, 22, 11],
      [-28, 0, 22, 9.5],
      [-36, 2, 20, 8],
    ]),
  ]
}

function cavae(): Capsule[] {
  return [
    ...tube([
      [-30, -12, -12, 10],
      [-30, -14, 30, 9.5],
      [-28, -18, 66, 9],
      [-24, -24, 84, 8.5],
      [-30, -20, 112, 6.5],
      [-36, -14, 150, 6],
      [-36, -10, 210, 5.5],
    ]),
    ...tube([
      [-24, -24, 82, 7.5],
      [4, -32, 90, 6.8],
      [26, -24, 108, 6.5],
      [36, -14, 150, 5.6],
      [36, -10, 210, 5.4],
    ]),
    ...tube([
      [-24, 0, -38, 12],
      [-24, 12, -70, 12],
      [-24, 22, -110, 11.5],
      [-22, 20, -215, 11],
    ]),
    // The azygos vein beside the spine.
    ...tube([
      [-8, 38, -150, 2.6],
      [-8, 42, 0, 3],
      [-10, 40, 44, 3.6],
      [-22, 22, 56, 3.8],
      [-28, -6, 52, 3.8],
    ]),
  ]
}

function coronaries(): Capsule[] {
  return [
    ...tube([
      [16, -26, -8, 2],
      [34, -52, -12, 1.9],
      [52, -74, -32, 1.7],
      [66, -82, -56, 1.3],
      [74, -72, -72, 0.9],
    ]),
    ...tube([
      [18, -24, -8, 1.9],
      [44, -22, -12, 1.7],
      [66, -12, -24, 1.3],
    ]),
    ...tube([
      [-8, -30, -8, 1.9],
      [-26, -54, -18, 1.9],
      [-30, -50, -44, 1.7],
      [-8, -30, -66, 1.4],
      [30, -34, -76, 1],
    ]),
  ]
}

/** Points spread evenly through one lung (side: -1 right, 1 left). */
function lungPoints(side: -1 | 1, count: number, seed: number): Point[] {
  return scatter(count, seed, (random) => {
    const point = { x: side * random() * 134, y: random() * 190 - 95, z: random() * 265 - 132 }
    return insideLungs(point.x, point.y, point.z) > 3 ? point : undefined
  })
}

function liverPoints(count: number, seed: number): Point[] {
  return scatter(count, seed, (random) => {
    const point = { x: random() * 180 - 128, y: random() * 170 - 85, z: random() * 150 - 200 }
    return insideLiver(point.x, point.y, point.z) > 6 ? point : undefined
  })
}

function scatter(count: number, seed: number, draw: (random: () => number) => Point | undefined): Point[] {
  const random = seededRandom(seed)
  const points: Point[] = []
  for (let attempt = 0; points.length < count && attempt < count * 60; attempt++) {
    const point = draw(random)
    if (point !== undefined) points.push(point)
  }
  return points
}

/** Distance to the liver's surface, positive inside. */
export function insideLiver(x: number, y: number, z: number): number {
  const under = (diaphragm(x, y) - 3.5 - z) * 0.7
  if (under < -6) return under
  const wall = insideCavity(x, y, z) - 5
  const u = (x + 66) / 118
  const v = (y + 10) / 104
  const w = (z + 112) / 88
  const lobe = (1 - Math.sqrt(u * u + v * v + w * w)) * 88
  // The left lobe thins towards the midline and leaves the back to stomach and spine.
  const medial = 34 - x * 0.75 - Math.max(0, y + 8) * 0.95
  return smoothMin(smoothMin(Math.min(under, wall), lobe, 14), medial * 0.75, 22)
}
