import {
  coverage,
  paintCapsule,
  paintEllipsoid,
  paintField,
  type Capsule,
  type Raster,
} from '../shape/raster.ts'
import { paintThorax } from './paint-thorax.ts'
import { NODULE, type Thorax } from './thorax-model.ts'
import { diaphragm, insideBody, insideCavity, spineDepth } from './thorax-shape.ts'
import { vertebralBody } from './thorax-skeleton.ts'
import { insideLiver } from './thorax-vessels.ts'

/** Of the nodule itself; a scanner that blurs shows less. */
const NODULE_UPTAKE = 12

/**
 * Paints one plane of the phantom as what takes up glucose an hour after fluorodeoxyglucose was given: SUV by body weight,
 * without blur or noise. Every organ lies where the CT has it.
 */
export function paintUptake(thorax: Thorax, raster: Raster): void {
  paintThorax(thorax, raster)
  const { columns, rows, left, top, pitch, pitchY, values, z } = raster
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const at = row * columns + column
      const [x, y] = [left + column * pitch, top + row * pitchY]
      values[at] = uptakeOfTissue(values[at] ?? 0, x, y, z)
    }
  paintBelly(thorax, raster)
  paintChest(thorax, raster)
  paintMarrow(thorax, raster)
  const radius = thorax.noduleDiameter / 2
  if (radius > 0) paintEllipsoid(raster, { ...NODULE, rx: radius, ry: radius, rz: radius }, NODULE_UPTAKE)
}

/** What tissue takes up that is no organ of its own, by its attenuation; the couch takes up nothing. */
function uptakeOfTissue(hu: number, x: number, y: number, z: number): number {
  const inside = insideBody(x, y, z)
  if (inside < -2 && y > 70) return 0
  if (hu < -950) return inside > 6 ? 0.15 : 0
  if (hu < -500) return inside > 6 ? 0.42 + 0.0012 * y : 0
  if (hu < -30) return 0.28
  return hu < 140 ? 0.72 : 0.85
}

function paintBelly(thorax: Thorax, raster: Raster): void {
  const { z } = raster
  if (z > -30) return
  const within = (x: number, y: number, by: number): number =>
    Math.max(by - insideCavity(x, y, z), z - diaphragm(x, y) + by * 0.7)
  const grain = (x: number, y: number): number => 0.12 * thorax.texture(x / 12, y / 12, z / 12)
  paintEllipsoid(raster, { x: 96, y: 42, z: -112, rx: 34, ry: 46, rz: 46, turn: -0.35 }, (x, y) =>
    within(x, y, 4) < 0 ? 1.9 + grain(x, y) : 0.3,
  )
  const stomach = { x: 56, y: -26, z: -112, rx: 50, ry: 44, rz: 42, turn: 0.3 }
  paintEllipsoid(raster, stomach, (x, y) => (within(x, y, 4) < 0 ? 1.8 : 0.3))
  paintEllipsoid(raster, { ...stomach, rx: 43, ry: 37, rz: 35 }, (x, y) => (within(x, y, 9) > 0 ? 1.8 : 0.4))
  paintField(
    raster,
    { x0: -140, x1: 140, y0: -100, y1: 110 },
    (x, y) => -insideLiver(x, y, z),
    (x, y) => 2.3 + grain(x, y),
  )
  for (const side of [-1, 1]) {
    const kidney = { x: side * 58, y: 52, z: -168 + side * 8, rx: 27, ry: 24, rz: 50, turn: side * 0.5 }
    paintEllipsoid(raster, kidney, 3.4)
    // Urine in the calyces holds what the kidney let out.
    paintEllipsoid(raster, { ...kidney, x: side * 52, rx: 11, ry: 9, rz: 26 }, 6)
  }
}

function paintChest(thorax: Thorax, raster: Raster): void {
  const { vessels } = thorax
  const rods = openRods(thorax, raster)
  for (const { rods: part, uptake } of thorax.heart) if (uptake !== undefined) rods(part, uptake)
  for (const blood of [vessels.cavae, vessels.pulmonaryTrunk, vessels.aorta]) rods(blood, 1.7)
  for (const branch of [vessels.arteries, vessels.veins])
    rods(
      branch.filter(({ ra }) => ra > 2),
      1.3,
    )
  rods(vessels.oesophagus, 1.5)
  rods(vessels.trachea, 0.2)
  for (const side of [-1, 1])
    paintEllipsoid(raster, { x: side * 16, y: 0, z: 164, rx: 8, ry: 10, rz: 22 }, 1.5)
}

function paintMarrow(thorax: Thorax, raster: Raster): void {
  const { z } = raster
  const depth = spineDepth(z)
  openRods(thorax, raster)(thorax.bones.marrow, 1.3)
  paintField(
    raster,
    { x0: -24, x1: 24, y0: depth - 18, y1: depth + 14 },
    (x, y) => vertebralBody(x, y, z).distance,
    (x, y) => 2 - 1.1 * coverage(-vertebralBody(x, y, z).disc),
  )
  paintEllipsoid(raster, { x: 0, y: depth + 20, z, rx: 5, ry: 4.5, rz: 400 }, 1.6)
}

function openRods(thorax: Thorax, raster: Raster): (list: readonly Capsule[], value: number) => void {
  return (list, value) => {
    for (const rod of thorax.levels.get(list)?.(raster.z) ?? list) paintCapsule(raster, rod, value)
  }
}
