import { tube } from '../shape/branching-tree.ts'
import type { Capsule } from '../shape/raster.ts'
import { chestWall, spineDepth } from './thorax-shape.ts'

/** Distance between neighbouring vertebrae, mm. */
const VERTEBRA_PITCH = 24
/** Height of a vertebral body without its discs, mm. */
const VERTEBRA_HEIGHT = 18.5

export interface Bones {
  /** Ribs, clavicles and processes: a cortical shell, and what is inside it. */
  readonly shells: readonly Capsule[]
  readonly marrow: readonly Capsule[]
  readonly cartilage: readonly Capsule[]
}

/** All bones that are rods, of both sides. */
export function bones(): Bones {
  const shells: Capsule[] = []
  const cartilage: Capsule[] = []
  for (let pair = 0; pair < 12; pair++) {
    const rib = ribPath(pair)
    shells.push(...mirrored(tube(rib.bone)))
    cartilage.push(...mirrored(tube(rib.cartilage)))
  }
  shells.push(...mirrored(clavicle()), ...mirrored(humerus()), ...mirrored(scapulaRidges()))
  for (let level = 0; level < 18; level++) shells.push(...vertebralArch(level))
  const marrow = shells.map((rod) => ({ ...rod, ra: thinner(rod.ra), rb: thinner(rod.rb) }))
  return { shells, marrow, cartilage }
}

const thinner = (radius: number) => Math.max(0.5, radius - (radius > 8 ? 3 : 1.3))

/** The rib leaves the spine at its vertebra, runs round and down along the wall, and turns up again as cartilage. */
function ribPath(pair: number) {
  const start = vertebraLevel(pair + 4) + 6
  const drop = [26, 44, 58, 68, 76, 82, 84, 82, 76, 66, 44, 28][pair] ?? 60
  // The last two ribs float: they end in the flank.
  const end = pair > 9 ? 1.9 - (pair - 10) * 0.45 : 2.62
  const bone: [number, number, number, number][] = []
  const cartilage: [number, number, number, number][] = []
  for (let step = 0; step <= 44; step++) {
    const angle = 0.2 + (step / 44) * (2.86 - 0.2)
    const z = start - (drop * (1 - Math.cos(angle * 0.95))) / 2
    const rise = angle > 2.35 ? (angle - 2.35) * (pair > 4 ? 75 : 22) : 0
    const wall = chestWall(Math.min(z + rise, 118))
    const depth =
      wall.centre + Math.cos(angle) * (wall.halfDepth + 5.5) - (angle < 0.45 ? (0.45 - angle) * 46 : 0)
    const side = -(Math.sin(angle) ** 0.86) * (wall.halfWidth + 5.5)
    const radius = angle < 0.4 ? 4.6 : 5.4 - (pair === 0 ? 0.6 : 0)
    if (angle <= end) bone.push([side, depth, z + rise, radius])
    if (angle >= end - 0.02 && pair < 10) cartilage.push([side, depth, z + rise, 4.8])
  }
  return { bone, cartilage }
}

/** Height of the middle of a vertebra; 0 is the topmost that can be seen in the neck. */
export const vertebraLevel = (level: number) => 200 - level * VERTEBRA_PITCH + 4

function clavicle(): Capsule[] {
  return tube([
    [-16, -68, 112, 7.5],
    [-40, -76, 116, 6],
    [-75, -70, 121, 5.2],
    [-110, -48, 127, 5.2],
    [-140, -26, 134, 6.5],
  ])
}

/** Arms lie raised beside the head, as in a CT scanner. */
function humerus(): Capsule[] {
  return [
    ...tube([
      [-158, 4, 136, 22],
      [-160, 4, 139, 22],
    ]),
    ...tube([
      [-164, 2, 148, 13],
      [-176, -8, 190, 11],
      [-186, -16, 230, 11],
    ]),
  ]
}

function scapulaRidges(): Capsule[] {
  return [
    ...tube([
      [-88, 66, 112, 3.4],
      [-116, 54, 122, 5],
      [-146, 34, 132, 7],
    ]),
    ...tube([
      [-136, 26, 124, 9],
      [-128, 62, 70, 5.5],
      [-112, 88, 8, 4.5],
    ]),
  ]
}

function vertebralArch(level: number): Capsule[] {
  const z = vertebraLevel(level)
  const depth = spineDepth(z)
  const one = [
    ...tube([
      [-10, depth + 10, z + 3, 4.2],
      [-13, depth + 22, z + 2, 4],
      [-8, depth + 29, z - 2, 3.6],
      [0, depth + 32, z - 5, 3.6],
    ]),
    ...tube([
      [-14, depth + 22, z + 1, 4.2],
      [-32, depth + 30, z + 5, 4.4],
    ]),
  ]
  return [
    ...mirrored(one),
    ...tube([
      [0, depth + 32, z - 5, 3.4],
      [0, depth + 42, z - 19, 2.8],
      [0, depth + 44, z - 24, 3.4],
    ]),
  ]
}

const mirrored = (rods: readonly Capsule[]): Capsule[] => [
  ...rods,
  ...rods.map((rod) => ({ ...rod, ax: -rod.ax, bx: -rod.bx })),
]

/** Distance to a vertebral body, negative inside, and how far the height is into a disc (positive in a disc). */
export function vertebralBody(
  x: number,
  y: number,
  z: number,
): { readonly distance: number; readonly disc: number } {
  const nearest = Math.round((204 - z) / VERTEBRA_PITCH)
  const height = Math.abs(z - vertebraLevel(nearest))
  const depth = spineDepth(z)
  // Waisted in the middle, broader at the end plates, flat towards the canal.
  const waist = 1 + 0.1 * Math.min(1, (height / (VERTEBRA_HEIGHT / 2)) ** 2)
  const u = x / (17.5 * waist)
  const v = (y - depth) / (13.5 * waist)
  const radius = Math.sqrt(u * u + v * v)
  const round = (radius - 1) * 14.5
  const back = y - depth - 11
  return { distance: Math.max(round, back), disc: height - VERTEBRA_HEIGHT / 2 }
}
