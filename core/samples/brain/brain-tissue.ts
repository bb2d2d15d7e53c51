import { tube } from '../shape/branching-tree.ts'
import {
  ellipsoid,
  fromMidline,
  fromSulcus,
  fromSylvian,
  insideCerebellum,
  insideCerebrum,
  insideHead,
  insideSkull,
} from './brain-shape.ts'
import { clamp } from '../shape/profile.ts'
import type { Capsule } from '../shape/raster.ts'
import { smoothNoise } from '../shape/smooth-noise.ts'

/** Signal of a tissue in each series, 0 to about 1000; and how freely its water diffuses. */
export interface Signal {
  readonly t1: number
  readonly t2: number
  readonly flair: number
  /** At b = 1000 s/mm². */
  readonly diffusion: number
  /** Apparent diffusion coefficient, 10⁻⁶ mm²/s. */
  readonly adc: number
}

const TISSUE = {
  air: { t1: 6, t2: 6, flair: 6, diffusion: 5, adc: 0 },
  skin: { t1: 330, t2: 260, flair: 240, diffusion: 70, adc: 600 },
  fat: { t1: 900, t2: 560, flair: 560, diffusion: 30, adc: 200 },
  muscle: { t1: 330, t2: 190, flair: 210, diffusion: 110, adc: 900 },
  bone: { t1: 40, t2: 32, flair: 34, diffusion: 12, adc: 100 },
  marrow: { t1: 520, t2: 300, flair: 300, diffusion: 30, adc: 250 },
  fluid: { t1: 150, t2: 960, flair: 42, diffusion: 45, adc: 2900 },
  grey: { t1: 400, t2: 520, flair: 500, diffusion: 330, adc: 830 },
  white: { t1: 600, t2: 345, flair: 345, diffusion: 280, adc: 730 },
  nucleus: { t1: 455, t2: 440, flair: 430, diffusion: 270, adc: 760 },
  pallidum: { t1: 500, t2: 330, flair: 330, diffusion: 200, adc: 740 },
  falx: { t1: 230, t2: 260, flair: 260, diffusion: 90, adc: 700 },
  plexus: { t1: 330, t2: 640, flair: 380, diffusion: 170, adc: 1700 },
  lesion: { t1: 440, t2: 720, flair: 700, diffusion: 300, adc: 1150 },
  vitreous: { t1: 130, t2: 980, flair: 50, diffusion: 35, adc: 2900 },
  lens: { t1: 380, t2: 240, flair: 220, diffusion: 60, adc: 700 },
  vessel: { t1: 70, t2: 50, flair: 50, diffusion: 20, adc: 600 },
  mucosa: { t1: 300, t2: 700, flair: 600, diffusion: 120, adc: 1500 },
} as const satisfies Record<string, Signal>

const lumps = smoothNoise(821)

const lateralVentricle = [
  ...tube([
    [11, -38, 8, 3.6],
    [10, -28, 14, 4.8],
    [11, -8, 23, 4.8],
    [16, 14, 23, 5.2],
    [25, 32, 14, 7],
    [26, 46, 10, 4.2],
    [23, 60, 8, 2],
  ]),
  ...tube([
    [26, 32, 12, 5.5],
    [34, 20, -8, 2.8],
    [33, -6, -20, 2.4],
    [29, -16, -20, 3],
  ]),
]
const midlineFluid = tube([
  [0, 14, -6, 1.3],
  [0, 26, -18, 1.4],
  [0, 34, -30, 5],
  [0, 38, -36, 6.5],
  [0, 34, -50, 2],
])
const stem = tube([
  [0, 12, -4, 13],
  [0, 11, -14, 13],
  [0, 9, -24, 15.5],
  [0, 11, -34, 15],
  [0, 20, -50, 8.5],
  [0, 27, -74, 6.5],
  [0, 30, -110, 6],
])
const choroid = tube([
  [22, 30, 14, 2.6],
  [25, 34, 11, 3.2],
])
const lesions = [
  [19, -30, 24, 2.4],
  [-22, 34, 27, 2.8],
  [-30, -12, 31, 1.7],
  [28, 8, 34, 1.9],
  [-17, -40, 14, 2.1],
] as const

/** The signal at a place of the head, edges softened over about a millimetre. */
export function headSignal(x: number, y: number, z: number): Signal {
  const head = insideHead(x, y, z)
  if (head < -1) return TISSUE.air
  const pixel: { -readonly [K in keyof Signal]: number } = { ...TISSUE.air }
  const lay = (depth: number, tissue: Signal) => {
    const share = clamp(0.5 + depth / 1.1, 0, 1)
    pixel.t1 += (tissue.t1 - pixel.t1) * share
    pixel.t2 += (tissue.t2 - pixel.t2) * share
    pixel.flair += (tissue.flair - pixel.flair) * share
    pixel.diffusion += (tissue.diffusion - pixel.diffusion) * share
    pixel.adc += (tissue.adc - pixel.adc) * share
  }
  const skull = insideSkull(x, y, z)
  scalp(lay, head, skull, x, y, z)
  if (skull < 3) face(lay, x, y, z)
  if (skull > -1) brain(lay, skull, x, y, z)
  return pixel
}

type Lay = (depth: number, tissue: Signal) => void

function scalp(lay: Lay, head: number, skull: number, x: number, y: number, z: number): void {
  lay(head, TISSUE.skin)
  lay(head - 2, TISSUE.fat)
  lay(head - 6.2 - (z < -20 ? 4 : 0), TISSUE.muscle)
  // Chewing muscle at the temple, and the muscles of the neck with fat between them.
  const side = Math.abs(x)
  lay(ellipsoid(side - 66, y + 28, z + 12, 7, 26, 36), TISSUE.muscle)
  if (z < -30 && Math.abs(lumps(x / 16, y / 16, z / 40)) < 0.09) lay(Math.min(3, head - 8), TISSUE.fat)
  const thick = 6.4 + 1.4 * lumps(x / 30, y / 30, z / 30)
  lay(skull + thick, TISSUE.bone)
  lay(Math.min(skull + thick - 1.9, -1.7 - skull), TISSUE.marrow)
}

function face(lay: Lay, x: number, y: number, z: number): void {
  const side = Math.abs(x)
  if (y < -30 && z < 4) {
    lay(ellipsoid(side - 31, y + 62, z + 26, 18, 26, 16), TISSUE.fat)
    for (const [dx, dz] of [
      [-11, 0],
      [11, 0],
      [0, 11],
      [0, -11],
    ] as const) {
      lay(ellipsoid(side - 29 - dx, y + 60, z + 26 - dz, 2.6, 18, 2.6), TISSUE.muscle)
    }
    lay(ellipsoid(side - 25, y + 52, z + 26, 2.4, 20, 2.4), TISSUE.white)
    lay(ellipsoid(side - 31, y + 74, z + 26, 12.6, 12.6, 12.6), TISSUE.muscle)
    lay(ellipsoid(side - 31, y + 74, z + 26, 11.6, 11.6, 11.6), TISSUE.vitreous)
    lay(ellipsoid(side - 31, y + 83, z + 26, 4.6, 2.2, 4.6), TISSUE.lens)
    // Air of the nose and the sinuses, with mucosa.
    const cells = Math.abs(lumps(x / 6, y / 6, z / 6))
    lay(ellipsoid(x, y + 62, z + 36, 11, 24, 18), TISSUE.mucosa)
    lay(Math.min(ellipsoid(x, y + 62, z + 36, 10, 23, 17), (cells - 0.09) * 14, side - 1), TISSUE.air)
    lay(ellipsoid(side - 28, y + 58, z + 58, 16, 18, 16), TISSUE.mucosa)
    lay(ellipsoid(side - 28, y + 58, z + 58, 14.6, 16.6, 14.6), TISSUE.air)
  }
  lay(ellipsoid(side - 9, y + 88, z - 6, 13, 4.6, 10), TISSUE.air)
  lay(ellipsoid(x, y + 30, z + 32, 12, 11, 8), TISSUE.air)
  const mastoid = ellipsoid(side - 58, y - 20, z + 44, 10, 15, 15)
  lay(mastoid, TISSUE.bone)
  lay(Math.min(mastoid - 1, (lumps(x / 3, y / 3, z / 3) + 0.2) * 4), TISSUE.air)
  if (z < -40) lay(ellipsoid(x, y + 26, z + 70, 12, 9, 22), TISSUE.air)
}

function brain(lay: Lay, skull: number, x: number, y: number, z: number): void {
  lay(skull, TISSUE.fluid)
  const side = Math.abs(x)
  const cerebrum = insideCerebrum(x, y, z)
  if (cerebrum > -1) {
    const fluid = Math.min(
      cerebrum,
      fromSulcus(x, y, z, cerebrum),
      fromMidline(x, y, z),
      fromSylvian(x, y, z),
    )
    const ribbon = 2.9 + 0.5 * lumps(x / 12, y / 12, z / 12)
    lay(fluid, TISSUE.grey)
    lay(fluid - ribbon, TISSUE.white)
  }
  if (y > 5) lay(Math.min(0.6 - side, skull - 1, fromTentorium(y, z)), TISSUE.falx)
  const cerebellum = insideCerebellum(x, y, z)
  if (cerebellum > -1) foliate(lay, cerebellum, x, y, z)
  lay(rodsDepth(stem, x, y, z) + 4, TISSUE.fluid)
  lay(rodsDepth(stem, x, y, z), TISSUE.white)
  deepNuclei(lay, side, x, y, z)
  const ventricle = rodsDepth(lateralVentricle, side, y, z)
  lay(ventricle, TISSUE.fluid)
  lay(rodsDepth(choroid, side, y, z), TISSUE.plexus)
  lay(Math.min(2 - side, 14 - Math.abs(y - 1), 11 - Math.abs(z + 1) - Math.abs(y - 1) * 0.35), TISSUE.fluid)
  lay(rodsDepth(midlineFluid, x, y, z), TISSUE.fluid)
  for (const [lx, ly, lz, radius] of lesions) {
    lay(radius - Math.hypot(x - lx, (y - ly) * 0.8, z - lz), TISSUE.lesion)
  }
  // Carotid and basilar arteries: flow leaves no signal.
  lay(Math.min(2.3 - Math.hypot(side - 12, y + 16), 4 - Math.abs(z + 24)), TISSUE.vessel)
  lay(Math.min(1.8 - Math.hypot(x, y + 8.5), 12 - Math.abs(z + 26)), TISSUE.vessel)
  lay(2.6 - Math.hypot(x, y - 86 + Math.max(0, z) * 0.25 * (z / 60)), TISSUE.vessel)
}

const fromTentorium = (y: number, z: number) => z + 4 + 0.12 * Math.max(0, y - 40)

function deepNuclei(lay: Lay, side: number, x: number, y: number, z: number): void {
  lay(ellipsoid(side - 10.5, y - 8, z - 6, 8.8, 15, 10), TISSUE.nucleus)
  const turn = (y + 4) * 0.34
  lay(ellipsoid(side - 27 - turn, y + 4, z - 3, 5.2, 18, 12), TISSUE.nucleus)
  lay(ellipsoid(side - 20 - turn * 0.8, y + 1, z - 1, 4.4, 12, 8), TISSUE.pallidum)
  lay(ellipsoid(side - 15, y + 26, z - 10, 6, 12, 12), TISSUE.nucleus)
  lay(ellipsoid(side - 16, y + 4, z - 25, 3, 24, 4), TISSUE.nucleus)
  // Corpus callosum: an arch of white matter over the ventricles.
  const arch = ellipsoid(0, y - 2, z - 2, 1, 42, 28)
  if (side < 16 && z > 0) lay(Math.min(arch, 6.5 - arch, 14 - side), TISSUE.white)
  lay(ellipsoid(side - 4, y - 6, z + 14, 3, 3, 4), TISSUE.pallidum)
  lay(ellipsoid(x, y + 22, z + 27, 6, 5, 4), TISSUE.nucleus)
}

/** The cerebellum: thin leaves of grey matter round a tree of white. */
function foliate(lay: Lay, depth: number, x: number, y: number, z: number): void {
  const wave = lumps(x / 20, y / 20, z / 20) * 3
  const leaf = Math.abs(Math.sin(((y - 30) * 0.5 + (z + 30) * 0.95 + wave + Math.abs(x) * 0.15) / 1.75))
  const shallow = clamp(1 - depth / 13, 0, 1)
  lay(Math.min(depth, depth + 6), TISSUE.grey)
  if (leaf < 0.34) lay((0.34 - leaf) * 3 * shallow - 0.2, TISSUE.fluid)
  lay(depth - 7 - leaf * 4.5 + lumps(x / 7, y / 7, z / 7) * 3, TISSUE.white)
}

/** How deep a place lies inside the nearest of some rods; negative outside. */
function rodsDepth(rods: readonly Capsule[], x: number, y: number, z: number): number {
  let best = -99
  for (const rod of rods) {
    const dx = rod.bx - rod.ax
    const dy = rod.by - rod.ay
    const dz = rod.bz - rod.az
    const px = x - rod.ax
    const py = y - rod.ay
    const pz = z - rod.az
    const t = clamp((px * dx + py * dy + pz * dz) / (dx * dx + dy * dy + dz * dz), 0, 1)
    const ex = px - dx * t
    const ey = py - dy * t
    const ez = pz - dz * t
    const depth = rod.ra + (rod.rb - rod.ra) * t - Math.sqrt(ex * ex + ey * ey + ez * ez)
    if (depth > best) best = depth
  }
  return best
}
