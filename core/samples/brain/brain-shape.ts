import { clamp, smoothMin, smoothStep } from '../shape/profile.ts'
import { smoothNoise } from '../shape/smooth-noise.ts'

/**
 * The surfaces of the head phantom; millimetres, x to the patient's left, y to the back, z to the head, origin between the
 * commissures. Distances are positive inside unless said otherwise, and good near the surface.
 */

/** Distance to the skin. Below the ears the head narrows into the neck. */
export function insideHead(x: number, y: number, z: number): number {
  if (z > -8) return ellipsoid(x, y - 2, z + 8, 78, 98, 100)
  const down = -8 - z
  const jaw = ellipsoid(x, y + 4 + down * 0.05, 0, 78 - down * 0.09, 96 - down * 0.08, 1000)
  const nape = 100 - Math.max(0, down - 20) * 0.5 - y
  return smoothMin(jaw, nape, 18)
}

/** Distance to the inner table of the skull: everything of brain and its fluid lies inside. */
export function insideSkull(x: number, y: number, z: number): number {
  // A little broader behind than in front.
  const broad = 66 + 4 * smoothStep(-50, 40, y)
  const vault = ellipsoid(x, y - 2, z + 4, broad, 86, 84)
  return smoothMin(vault, (z - skullBase(x, y)) * 0.8, 8)
}

/** Height of the floor of the skull: front, middle and back fossa lie like steps. */
function skullBase(x: number, y: number): number {
  const side = smoothStep(12, 30, Math.abs(x))
  const front = -18 - 6 * side
  // The bowl under the temporal lobes.
  const bowl = 0.016 * ((Math.abs(x) - 40) ** 2 + 0.7 * (y + 14) ** 2)
  const middle = -26 - (27 - Math.min(20, bowl)) * side
  const back = -66 - 2 * side
  const toMiddle = smoothStep(-44, -30, y)
  const toBack = smoothStep(-2 + 14 * side, 16 + 12 * side, y)
  return front + (middle - front) * toMiddle + (back - middle) * toBack
}

/** Height of the tentorium, which parts cerebrum and cerebellum. */
const tentorium = (x: number, y: number) => -4 - 0.3 * Math.abs(x) - 0.12 * Math.max(0, y - 40)

/** Distance to the surface of the cerebrum without its sulci. */
export function insideCerebrum(x: number, y: number, z: number): number {
  const skull = insideSkull(x, y, z) - 2.6
  const back = smoothStep(8, 24, y)
  const roof = (z - tentorium(x, y)) * 0.9
  return smoothMin(skull, back * roof + (1 - back) * 40, 4)
}

/** Distance to the surface of the cerebellum. */
export function insideCerebellum(x: number, y: number, z: number): number {
  const under = (tentorium(x, y) - 2.5 - z) * 0.9
  const body = ellipsoid(x, y - 50, z + 38, 52, 33, 30)
  const notch = Math.abs(x) + (y - 72) * -0.6
  return smoothMin(smoothMin(body, under, 4), smoothMin(insideSkull(x, y, z) - 3, notch + 6, 5), 4)
}

const folds = smoothNoise(811)
const meander = smoothNoise(812)

/** Where a radius through a point meets a standard surface, so that folds run inwards from it. */
function foldValue(x: number, y: number, z: number): number {
  const u = x / 66
  const v = y / 86
  const w = (z + 4) / 84
  const reach = Math.max(0.62, Math.sqrt(u * u + v * v + w * w))
  const stretch = (0.75 / reach + 0.25) / 10.6
  const bend = 0.32 * meander(x / 11, y / 11, z / 11)
  return folds(x * stretch + bend + 40, y * stretch - bend + 40, z * stretch * 1.08 + bend + 40)
}

/** Distance from the nearest sulcus of the convexity, positive outside the sulcus; `depth` is the depth below the hull. */
export function fromSulcus(x: number, y: number, z: number, depth: number): number {
  const step = 0.7
  const value = foldValue(x, y, z)
  const gx = (foldValue(x + step, y, z) - value) / step
  const gy = (foldValue(x, y + step, z) - value) / step
  const gz = (foldValue(x, y, z + step) - value) / step
  const slope = Math.sqrt(gx * gx + gy * gy + gz * gz)
  const away = Math.abs(value) / Math.max(0.03, slope)
  const width = 1.2 - depth * 0.05
  return away - width + Math.max(0, depth - 17) * 1.1
}

/** Distance from the fissure between the hemispheres, positive outside it; it ends above the corpus callosum. */
export function fromMidline(x: number, y: number, z: number): number {
  const core = ellipsoidOut(0, y - 4, z - 4, 1, 46, 26)
  return Math.abs(x) - 0.9 + Math.max(0, -core) * 0.9
}

/** Distance from the Sylvian fissure, positive outside it. */
export function fromSylvian(x: number, y: number, z: number): number {
  const side = Math.abs(x)
  const along = Math.max(0, Math.abs(y + 2) - 26)
  const sheet =
    Math.abs(z - 2 - 0.22 * (y + 2) - 3 * Math.sin(side / 9)) - 1.4 - Math.max(0, side - 56) * 0.12
  const inner = Math.max(0, 38 - side)
  return Math.sqrt(along * along + inner * inner) + sheet
}

/** Distance to an ellipsoid about the origin, positive inside. */
export function ellipsoid(x: number, y: number, z: number, rx: number, ry: number, rz: number): number {
  return -ellipsoidOut(x, y, z, rx, ry, rz)
}

function ellipsoidOut(x: number, y: number, z: number, rx: number, ry: number, rz: number): number {
  const u = x / rx
  const v = y / ry
  const w = z / rz
  const k0 = Math.sqrt(u * u + v * v + w * w)
  const k1 = Math.sqrt((u * u) / (rx * rx) + (v * v) / (ry * ry) + (w * w) / (rz * rz))
  return k1 < 1e-9 ? -Math.min(rx, ry, rz) : clamp((k0 * (k0 - 1)) / k1, -200, 200)
}
