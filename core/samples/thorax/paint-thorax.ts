import { swollen } from '../shape/branching-tree.ts'
import { clamp } from '../shape/profile.ts'
import {
  coverage,
  ellipsoidDistance,
  paintCapsule,
  paintEllipsoid,
  paintField,
  type Capsule,
  type Raster,
} from '../shape/raster.ts'
import { vertebralBody } from './thorax-skeleton.ts'
import { NODULE, type Thorax } from './thorax-model.ts'
import { paintSoftTissue } from './thorax-soft-tissue.ts'
import { diaphragm, fissure, insideCavity, insideLungs, spineDepth } from './thorax-shape.ts'
import { insideLiver } from './thorax-vessels.ts'

/** Which of the parts that are rods are left out, for a projection that adds them at full sharpness itself. */
export interface ThoraxOmissions {
  readonly rods?: boolean
}

/** Paints one plane (or a band of it) of the phantom, in HU without noise. */
export function paintThorax(thorax: Thorax, raster: Raster, omit: ThoraxOmissions = {}): void {
  const rods = (list: readonly Capsule[], value: number, swell = 0) => {
    const near = thorax.levels.get(list)?.(raster.z) ?? list
    for (const rod of swell === 0 ? near : swollen(near, swell)) paintCapsule(raster, rod, value)
  }
  const sharp = omit.rods === true ? () => undefined : rods
  paintSoftTissue(thorax, raster)
  paintLungs(thorax, raster)
  sharp(thorax.vessels.veins, lit(thorax, 190, 45))
  sharp(thorax.vessels.arteries, lit(thorax, 225, 45))
  if (omit.rods !== true) {
    rods(thorax.vessels.bronchi, -60, 0.75)
    rods(thorax.vessels.bronchi, -965, -0.35)
  }
  paintAbdomen(thorax, raster, sharp)
  paintNodule(thorax, raster)
  paintMediastinum(thorax, raster, rods)
  paintSpine(thorax, raster)
  sharp(thorax.bones.cartilage, 125)
  sharp(thorax.bones.shells, 820)
  sharp(thorax.bones.marrow, 190)
  paintSternum(raster)
}

/** A value in HU with contrast medium, or without. */
const lit = (thorax: Thorax, enhanced: number, plain: number): number =>
  thorax.isEnhanced ? enhanced : plain

type PaintRods = (list: readonly Capsule[], value: number, swell?: number) => void

function paintLungs(thorax: Thorax, raster: Raster): void {
  const { z } = raster
  if (z < -150 || z > 142) return
  paintField(
    raster,
    { x0: -140, x1: 140, y0: -100, y1: 110 },
    (x, y) => -insideLungs(x, y, z),
    (x, y) => {
      const patchy = thorax.texture(x / 9, y / 9, z / 9) * 12 + thorax.fine(x / 2.2, y / 2.2, z / 2.2) * 22
      const seam = fissure(x, y, z)
      return -872 + (y + 60) * 0.34 + patchy + (seam < 1.2 ? (1.2 - seam) * 105 : 0)
    },
  )
}

function paintAbdomen(thorax: Thorax, raster: Raster, rods: PaintRods): void {
  const { z } = raster
  if (z > -30) return
  const within = (x: number, y: number, by: number) =>
    Math.max(by - insideCavity(x, y, z), z - diaphragm(x, y) + by * 0.7)
  const box = { x0: -140, x1: 140, y0: -100, y1: 110 }
  const grain = (x: number, y: number) => thorax.texture(x / 6, y / 6, z / 6) * 5
  paintEllipsoid(raster, { x: 96, y: 42, z: -112, rx: 34, ry: 46, rz: 46, turn: -0.35 }, (x, y) =>
    within(x, y, 4) < 0 ? lit(thorax, 128, 50) + grain(x, y) : -95,
  )
  const stomach = { x: 56, y: -26, z: -112, rx: 50, ry: 44, rz: 42, turn: 0.3 }
  paintEllipsoid(raster, stomach, (x, y) => (within(x, y, 4) < 0 ? 58 : -95))
  paintEllipsoid(raster, { ...stomach, rx: 45, ry: 39, rz: 37 }, (x, y) =>
    within(x, y, 9) > 0 ? 58 : y < -40 ? -985 : 18 + grain(x, y),
  )
  paintField(
    raster,
    box,
    (x, y) => -insideLiver(x, y, z),
    (x, y) => lit(thorax, 108, 58) + grain(x, y),
  )
  rods(thorax.vessels.liver, lit(thorax, 152, 44))
  for (const side of [-1, 1]) {
    const kidney = { x: side * 58, y: 52, z: -168 + side * 8, rx: 27, ry: 24, rz: 50, turn: side * 0.5 }
    paintEllipsoid(raster, { ...kidney, rx: 36, ry: 33, rz: 60 }, -102)
    paintEllipsoid(raster, kidney, (x, y) => lit(thorax, 175, 32) + thorax.texture(x / 7, y / 7, z / 7) * 22)
    paintEllipsoid(raster, { ...kidney, x: side * 52, rx: 11, ry: 9, rz: 26 }, -60)
    paintEllipsoid(raster, { x: side * 15, y: spineDepth(z) - 16, z: -140, rx: 11, ry: 8, rz: 60 }, 62)
  }
}

/** A rounded nodule with a slightly spiculated edge, in the right upper lobe. */
function paintNodule(thorax: Thorax, raster: Raster): void {
  const radius = thorax.noduleDiameter / 2
  const centre = NODULE
  if (radius === 0 || Math.abs(raster.z - centre.z) > radius * 1.8) return
  const depth = raster.z - centre.z
  paintField(
    raster,
    { x0: centre.x - 14, x1: centre.x + 14, y0: centre.y - 14, y1: centre.y + 14 },
    (x, y) => {
      const dx = x - centre.x
      const dy = y - centre.y
      const wave =
        1 +
        0.18 * Math.sin(7 * Math.atan2(dy, dx) + depth) +
        0.16 * thorax.texture(x / 3, y / 3, raster.z / 3)
      return Math.hypot(dx, dy, depth) - radius * wave
    },
    42,
  )
}

function paintMediastinum(thorax: Thorax, raster: Raster, rods: PaintRods): void {
  const { vessels: tree } = thorax
  const sac = { x: 16, y: -36, z: -34, rx: 72, ry: 46, rz: 52, turn: -0.5 }
  const above = (x: number, y: number) => diaphragm(x, y) - 2 - raster.z
  const wall = (x: number, y: number) => 4 - insideCavity(x, y, raster.z)
  for (const [swell, value] of [
    [1.2, 16],
    [0, -94],
  ] as const) {
    const distance = ellipsoidDistance(sac, raster.z)
    paintField(
      raster,
      { x0: -64, x1: 96, y0: -100, y1: 30 },
      (x, y) => Math.max(distance(x, y) - swell, above(x, y) - swell, wall(x, y) - swell),
      value,
    )
  }
  for (const part of thorax.heart) rods(part.rods, part.value)
  rods(tree.coronaries, lit(thorax, 240, 40))
  rods(tree.cavae, 60, 0.8)
  rods(tree.cavae, lit(thorax, 205, 42))
  rods(tree.pulmonaryTrunk, 60, 1)
  rods(tree.pulmonaryTrunk, lit(thorax, 262, 42))
  rods(tree.aorta, 66, 1.3)
  rods(tree.aorta, lit(thorax, 272, 44))
  rods(tree.oesophagus, 48)
  rods(tree.oesophagus, -220, -5.2)
  rods(tree.trachea, 70, 1.6)
  rods(tree.trachea, -995)
  for (const [x, y, z, size] of [
    [-14, 0, 56, 4],
    [14, 2, 44, 3.5],
    [2, 22, 26, 4.5],
    [-30, 14, 14, 3.5],
    [20, -4, 78, 3],
  ] as const) {
    paintEllipsoid(raster, { x, y, z, rx: size * 1.3, ry: size * 0.8, rz: size }, 70)
  }
  // The thyroid, beside the windpipe.
  for (const side of [-1, 1]) {
    paintEllipsoid(raster, { x: side * 16, y: 0, z: 164, rx: 8, ry: 10, rz: 22 }, lit(thorax, 170, 105))
  }
}

function paintSpine(thorax: Thorax, raster: Raster): void {
  const { z } = raster
  const depth = spineDepth(z)
  const canal = (x: number, y: number) => Math.hypot(x, y - depth - 20) - 8.8
  paintField(
    raster,
    { x0: -24, x1: 24, y0: depth - 18, y1: depth + 14 },
    (x, y) => vertebralBody(x, y, z).distance,
    (x, y) => {
      const body = vertebralBody(x, y, z)
      const shell = coverage(-body.distance - 1.3)
      const plate = clamp((body.disc + 2.2) / 1.4, 0, 1)
      const disc = coverage(-body.disc)
      const spongy =
        185 + thorax.fine(x / 1.8, y / 1.8, z / 1.8) * 85 + thorax.texture(x / 5, y / 5, z / 5) * 25
      const bone = spongy + (560 - spongy) * Math.max(shell * 0.9, plate * 0.5)
      return bone + (88 - bone) * disc
    },
  )
  paintField(raster, { x0: -12, x1: 12, y0: depth + 8, y1: depth + 32 }, canal, -20)
  paintField(raster, { x0: -12, x1: 12, y0: depth + 8, y1: depth + 32 }, (x, y) => canal(x, y) + 1.4, 12)
  paintField(
    raster,
    { x0: -12, x1: 12, y0: depth + 8, y1: depth + 32 },
    (x, y) => Math.hypot(x / 1.25, y - depth - 20) - 4.2,
    40,
  )
}

function paintSternum(raster: Raster): void {
  const { z } = raster
  if (z > 116 || z < -58) return
  const manubrium = z > 58
  const halfWidth = manubrium ? 15 + (z - 58) * 0.22 : z < -40 ? 6 : 13
  const middle = -92 + Math.max(0, z - 20) * 0.24
  const shape = (x: number, y: number) => {
    const u = Math.max(0, Math.abs(x) - halfWidth + 4)
    const gap = manubrium || z > 62 ? 0 : Math.max(0, 2 - Math.abs(z - 58))
    const tip = z < -50 ? (-50 - z) * 0.6 : 0
    return Math.hypot(u, y - middle) - 5.5 + gap + tip
  }
  const box = { x0: -34, x1: 34, y0: middle - 8, y1: middle + 8 }
  paintField(raster, box, shape, 520)
  paintField(raster, box, (x, y) => shape(x, y) + 1.4, 150)
}
