import { profile, smoothMin } from '../shape/profile.ts'

/**
 * The large surfaces of the phantom's chest as functions of position (millimetres; x to the patient's left, y to the
 * back, z to the head; z = 0 lies at the level of the heart's upper third). Distances are positive inside.
 */

const bodyHalfWidth = profile([
  [-200, 150],
  [-120, 156],
  [-40, 161],
  [40, 164],
  [90, 163],
  [118, 152],
  [140, 126],
  [158, 84],
  [175, 60],
  [200, 56],
])
const bodyHalfDepth = profile([
  [-200, 104],
  [-110, 108],
  [0, 112],
  [60, 106],
  [100, 92],
  [135, 76],
  [160, 62],
  [200, 58],
])
const cavityHalfWidth = profile([
  [-200, 132],
  [-120, 135],
  [-60, 134],
  [0, 131],
  [50, 121],
  [85, 104],
  [110, 76],
  [128, 42],
  [138, 4],
])
const cavityHalfDepth = profile([
  [-200, 88],
  [-120, 90],
  [-60, 92],
  [0, 91],
  [50, 83],
  [85, 69],
  [110, 50],
  [128, 28],
  [138, 4],
])
const cavityCentre = profile([
  [-60, 0],
  [40, 4],
  [100, 14],
  [138, 22],
])
/** Depth (y) of the centre of the vertebral bodies: the curve of the spine. */
export const spineDepth = profile([
  [-200, 46],
  [-110, 55],
  [0, 64],
  [80, 58],
  [140, 40],
  [200, 26],
])
const fatFront = profile([
  [-200, 24],
  [-80, 17],
  [40, 10],
  [120, 8],
  [200, 5],
])

/** Distance to the skin, positive inside. */
export function insideBody(x: number, y: number, z: number): number {
  const a = bodyHalfWidth(z)
  const b = bodyHalfDepth(z)
  return superEllipse(x, y - 6, a, b)
}

/** How thick the fat under the skin is at a place of the body's outline. */
export function fatThickness(x: number, y: number, z: number): number {
  const front = fatFront(z)
  const side = Math.abs(x) / 150
  return front * (y < 0 ? 1 : 0.7) + 5 * side * side * (z < 90 ? 1 : 0.4)
}

/** Distance to the inner chest wall, positive inside. */
export function insideCavity(x: number, y: number, z: number): number {
  const depth = y - cavityCentre(z)
  const half = cavityHalfDepth(z)
  // The chest is narrower in front than at the back.
  const width = cavityHalfWidth(z) * (depth < 0 ? 1 - 0.1 * Math.min(1, (depth / half) * (depth / half)) : 1)
  return superEllipse(x, depth, width, half)
}

/** Half axes of the inner chest wall and the depth of its centre, for what runs along it (ribs). */
export const chestWall = (z: number): { halfWidth: number; halfDepth: number; centre: number } => ({
  halfWidth: cavityHalfWidth(z),
  halfDepth: cavityHalfDepth(z),
  centre: cavityCentre(z),
})

/**
 * An ellipse with slightly flat sides (exponent 2.5): about the distance to it, positive inside; good near the surface,
 * which is where it decides something. No power and no hypot: this is asked for every pixel.
 */
function superEllipse(x: number, y: number, a: number, b: number): number {
  const u = Math.abs(x) / a
  const v = Math.abs(y) / b
  const excess = (u * u * Math.sqrt(u) + v * v * Math.sqrt(v) - 1) / 2.5
  const scale = Math.sqrt(x * x + y * y) / Math.max(0.55, 1 + excess)
  return -excess * Math.min(Math.max(scale, b), a > b ? a : b)
}

/** Height (z) of the diaphragm. Lungs lie above it. */
export function diaphragm(x: number, y: number): number {
  const right = dome(x + 68, y + 4, -44)
  const left = dome(x - 72, y + 2, -56)
  return -smoothMin(-right, -left, 44) - 24 * Math.max(0, y / 90) * Math.max(0, y / 90)
}

function dome(x: number, y: number, top: number): number {
  const u = x / 74
  const v = y / 96
  const out = u * u + v * v
  return top - 62 * out * (0.45 + 0.55 * Math.min(1.6, out))
}

const mediastinumFront = profile([
  [-120, 20],
  [-40, 8],
  [40, 6],
  [80, 22],
  [130, 34],
])
const mediastinumMiddle = profile([
  [-120, 24],
  [-40, 24],
  [30, 28],
  [80, 31],
  [130, 30],
])

/** Half the width of the strip between the lungs. */
function mediastinum(y: number, z: number): number {
  const front = mediastinumFront(z)
  const middle = mediastinumMiddle(z)
  const back = 21
  if (y < -20) {
    const t = Math.min(1, (-20 - y) / 50)
    return middle + (front - middle) * t * t * (3 - 2 * t)
  }
  const t = Math.min(1, (y + 20) / 60)
  return middle + (back - middle) * t * t * (3 - 2 * t)
}

/** Distance to the surface of a lung, positive inside; both lungs at once. */
export function insideLungs(x: number, y: number, z: number): number {
  const wall = insideCavity(x, y, z) - 1.5
  if (wall < -8) return wall
  const between = Math.abs(x) - mediastinum(y, z)
  const floor = (z - diaphragm(x, y)) * 0.62
  // The vertebral bodies stand out into the chest between the lungs.
  const behind = (y - spineDepth(z)) * 0.95
  const spine = Math.sqrt(x * x + behind * behind) - 22.5
  return smoothMin(smoothMin(smoothMin(wall, between, 7), floor, 5), spine, 7)
}

/** Distance to the nearest fissure of the lungs (the planes between lobes). */
export function fissure(x: number, y: number, z: number): number {
  const bow = 6 * Math.sin(x / 38)
  const oblique = Math.abs((z + 30 - 0.95 * (y + 20) + bow) * 0.72)
  const horizontal = x < 0 && y < 5 ? Math.abs(z - 18 - 4 * Math.sin(y / 30)) : 99
  return Math.min(oblique, horizontal)
}
