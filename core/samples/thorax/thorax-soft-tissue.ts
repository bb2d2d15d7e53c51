import type { Thorax } from './thorax-model.ts'
import {
  coverage,
  ellipsoidBox,
  ellipsoidDistance,
  paintCapsule,
  paintField,
  type Ellipsoid,
  type Raster,
} from '../shape/raster.ts'
import { diaphragm, fatThickness, insideBody, insideCavity, spineDepth } from './thorax-shape.ts'
import { tube } from '../shape/branching-tree.ts'

const AIR = -1000
const SKIN = 15
const FAT = -104
const MUSCLE = 62

/** Air, table, skin, fat, the muscles of the wall, and the fat inside the chest; everything else is painted over it. */
export function paintSoftTissue(thorax: Thorax, raster: Raster): void {
  const { columns, rows, left, top, pitch, pitchY, values, z } = raster
  for (let row = 0; row < rows; row++) {
    const y = top + row * pitchY
    for (let column = 0; column < columns; column++) {
      const x = left + column * pitch
      values[row * columns + column] = softTissue(thorax, x, y, z)
    }
  }
  paintMuscles(raster)
}

function softTissue(thorax: Thorax, x: number, y: number, z: number): number {
  const deep = insideBody(x, y, z)
  if (deep < -1) return Math.max(table(x, y), arm(thorax, x, y, z))
  const cavity = insideCavity(x, y, z)
  // The wall is of no account well inside the chest: most of the body is done here.
  if (cavity > 2) return inner(FAT, x, y, z, cavity, FAT)
  const streaks = thorax.texture(x / 7, y / 7, z / 10)
  const fat = FAT + 6 * streaks
  let value = SKIN + (fat - SKIN) * coverage(2.1 - deep)
  const thickness = fatThickness(x, y, z) * (1 + 0.25 * thorax.texture(x / 40, y / 40, z / 50))
  const muscle = coverage(thickness - deep)
  if (muscle > 0) {
    // Thin seams of fat run between the muscles of the wall.
    const layer = thorax.fine(x / 26, y / 26, z / 40)
    const seam = Math.abs(layer) < 0.035 ? 1 - Math.abs(layer) / 0.035 : 0
    value += (MUSCLE + 5 * streaks - 70 * seam - value) * muscle
  }
  // A film of fat lies under the ribs.
  if (cavity > -3.4) value += (fat - value) * coverage(-1.2 - cavity) * 0.75
  if (cavity > -0.5) value = inner(fat, x, y, z, cavity, value)
  return AIR + (value - AIR) * coverage(-deep)
}

/** Fat of the mediastinum and the belly, with the diaphragm between. */
function inner(fat: number, x: number, y: number, z: number, cavity: number, wall: number): number {
  const value = wall + (fat + 8 - wall) * coverage(-cavity)
  if (z > -20) return value
  const sheet = Math.abs(z - diaphragm(x, y) + 2) * 0.62 - 1.3
  return value + (60 - value) * coverage(sheet)
}

function arm(thorax: Thorax, x: number, y: number, z: number): number {
  if (z < 112) return AIR
  const side = Math.abs(x)
  const t = (z - 136) / 94
  const away =
    Math.hypot(side - 160 - 26 * Math.max(0, t), y - 4 + 20 * Math.max(0, t)) - 46 + Math.max(0, 136 - z) * 2
  if (away > 1) return AIR
  const muscle = coverage(away + 13 + 3 * thorax.texture(x / 20, y / 20, z / 30))
  const skin = 1 - coverage(away + 2)
  const value = skin * SKIN + (1 - skin) * (FAT + (MUSCLE - FAT) * muscle)
  return AIR + (value - AIR) * coverage(away)
}

/** A curved couch: two thin shells of carbon fibre with foam between. */
function table(x: number, y: number): number {
  if (y < 70) return AIR
  const radius = Math.sqrt(x * x + (y + 420) * (y + 420))
  const distance = Math.abs(radius - 552)
  if (distance > 15 || Math.abs(x) > 232) return AIR
  const shell = Math.abs(distance - 11.5) - 1.1
  return AIR + (-180 - AIR) * coverage(shell) + (distance < 11 ? 70 : 0)
}

/** Muscles that stand out, each with a rim of fat, and the fat of the armpits. Nothing reaches into the skin's fat. */
function paintMuscles(raster: Raster): void {
  const { z } = raster
  const depth = spineDepth(z)
  const within = (shape: Ellipsoid, value: number, margin: number) => {
    const box = ellipsoidBox(shape, z)
    if (box === undefined) return
    const distance = ellipsoidDistance(shape, z)
    paintField(
      raster,
      box,
      (x, y) => {
        const away = distance(x, y)
        if (away > 1) return away
        return Math.max(
          away,
          fatThickness(x, y, z) * 0.55 + margin - insideBody(x, y, z),
          insideCavity(x, y, z) + 7,
        )
      },
      value,
    )
  }
  const muscle = (shape: Ellipsoid, rim: number) => {
    within({ ...shape, rx: shape.rx + rim, ry: shape.ry + rim }, FAT, 0)
    within(shape, MUSCLE - 2, rim * 0.7)
  }
  for (const side of [-1, 1]) {
    within({ x: side * 132, y: -6, z: 84, rx: 30, ry: 56, rz: 74, turn: side * -0.25 }, FAT, 1)
    muscle({ x: side * 25, y: depth + 38, z, rx: 21, ry: 13.5, rz: 400, turn: side * 0.22 }, 1.6)
    muscle({ x: side * 48, y: depth + 46, z: 70, rx: 44, ry: 8, rz: 110, turn: side * 0.1 }, 1.2)
    muscle({ x: side * 70, y: -88, z: 66, rx: 66, ry: 12, rz: 62, turn: side * 0.42 }, 1.8)
    muscle({ x: side * 82, y: -74, z: 84, rx: 36, ry: 7, rz: 44, turn: side * 0.6 }, 1.6)
    muscle({ x: side * 142, y: 36, z: 20, rx: 12, ry: 56, rz: 130, turn: side * 0.22 }, 1.8)
    muscle({ x: side * 122, y: -10, z: 50, rx: 7, ry: 60, rz: 100, turn: side * 0.1 }, 1.2)
    const blade = { x: side * 108, y: 80, z: 66, rx: 40, ry: 15, rz: 66, turn: side * -0.7 }
    muscle(blade, 1.8)
    within({ ...blade, rx: 33, ry: 2.2, rz: 58 }, 430, 2)
    within({ ...blade, rx: 32, ry: 0.9, rz: 57 }, 260, 3)
  }
  if (z > 112) paintNeck(raster)
}

function paintNeck(raster: Raster): void {
  for (const side of [-1, 1]) {
    const rods = tube([
      [side * 8, -56, 112, 7],
      [side * 30, -24, 170, 8],
      [side * 40, 4, 215, 8],
    ])
    for (const rod of rods) paintCapsule(raster, { ...rod, ra: rod.ra + 1.6, rb: rod.rb + 1.6 }, FAT)
    for (const rod of rods) paintCapsule(raster, rod, MUSCLE)
  }
}
