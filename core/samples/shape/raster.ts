/**
 * A part of an axial plane that is painted on, in patient millimetres (x to the left, y to the back, z to the head).
 *
 * Shape: `values` holds rows × columns numbers, row by row; pixel (column, row) has its centre at
 * (left + column × pitch, top + row × pitchY).
 */
export interface Raster {
  readonly columns: number
  readonly rows: number
  readonly left: number
  readonly top: number
  readonly pitch: number
  readonly pitchY: number
  readonly z: number
  readonly values: Float32Array
}

/** A rod with round ends whose radius runs from `ra` to `rb`. Millimetres. */
export interface Capsule {
  readonly ax: number
  readonly ay: number
  readonly az: number
  readonly bx: number
  readonly by: number
  readonly bz: number
  readonly ra: number
  readonly rb: number
}

/** An ellipsoid: centre, half axes, and a turn about z (radians). */
export interface Ellipsoid {
  readonly x: number
  readonly y: number
  readonly z: number
  readonly rx: number
  readonly ry: number
  readonly rz: number
  readonly turn?: number
}

/** A part of a plane, mm. */
export interface Box {
  readonly x0: number
  readonly x1: number
  readonly y0: number
  readonly y1: number
}

/** Over how many millimetres an edge goes from nothing to full: the blur of a scanner. */
const EDGE = 1.1

/** How much of a pixel lies inside, from the distance to the surface (negative inside, mm). */
export const coverage = (distance: number): number =>
  distance <= -EDGE / 2 ? 1 : distance >= EDGE / 2 ? 0 : 0.5 - distance / EDGE

/**
 * Calls `shade` for every pixel of the raster inside the box and blends what it answers: the value, weighted with the
 * coverage of the distance it sets. The box is in millimetres.
 */
export function paintField(
  raster: Raster,
  box: Box,
  distanceAt: (x: number, y: number) => number,
  value: number | ((x: number, y: number) => number),
): void {
  const { columns, rows, left, top, pitch, pitchY, values } = raster
  const c0 = Math.max(0, Math.ceil((box.x0 - EDGE - left) / pitch))
  const c1 = Math.min(columns - 1, Math.floor((box.x1 + EDGE - left) / pitch))
  const r0 = Math.max(0, Math.ceil((box.y0 - EDGE - top) / pitchY))
  const r1 = Math.min(rows - 1, Math.floor((box.y1 + EDGE - top) / pitchY))
  for (let row = r0; row <= r1; row++) {
    const y = top + row * pitchY
    for (let column = c0; column <= c1; column++) {
      const x = left + column * pitch
      const share = coverage(distanceAt(x, y))
      if (share === 0) continue
      const index = row * columns + column
      const old = values[index] ?? 0
      const wanted = typeof value === 'number' ? value : value(x, y)
      values[index] = old + (wanted - old) * share
    }
  }
}

/** Paints where the plane cuts the rod. */
export function paintCapsule(raster: Raster, rod: Capsule, value: number): void {
  const radius = Math.max(rod.ra, rod.rb)
  const { ax, ay, az, ra } = rod
  const dx = rod.bx - ax
  const dy = rod.by - ay
  const dz = rod.bz - az
  const length = dx * dx + dy * dy + dz * dz || 1e-6
  const z = raster.z
  // The stretch of the rod that is near the plane bounds what must be looked at.
  let t0 = 0
  let t1 = 1
  if (Math.abs(dz) > 1e-6) {
    const low = (z - radius - EDGE - az) / dz
    const high = (z + radius + EDGE - az) / dz
    t0 = Math.max(0, Math.min(low, high))
    t1 = Math.min(1, Math.max(low, high))
  }
  if (t0 > t1 || Math.max(az, rod.bz) + radius + EDGE < z || Math.min(az, rod.bz) - radius - EDGE > z) return
  const xs0 = ax + dx * t0
  const xs1 = ax + dx * t1
  const ys0 = ay + dy * t0
  const ys1 = ay + dy * t1
  paintField(
    raster,
    {
      x0: Math.min(xs0, xs1) - radius,
      x1: Math.max(xs0, xs1) + radius,
      y0: Math.min(ys0, ys1) - radius,
      y1: Math.max(ys0, ys1) + radius,
    },
    (x, y) => {
      const px = x - ax
      const py = y - ay
      const pz = z - az
      let t = (px * dx + py * dy + pz * dz) / length
      t = t < 0 ? 0 : t > 1 ? 1 : t
      const ex = px - dx * t
      const ey = py - dy * t
      const ez = pz - dz * t
      return Math.sqrt(ex * ex + ey * ey + ez * ez) - (ra + (rod.rb - ra) * t)
    },
    value,
  )
}

/** Distance to the surface of an ellipsoid (approximate, good near it), as a function of the position in one plane. */
export function ellipsoidDistance(shape: Ellipsoid, z: number): (x: number, y: number) => number {
  const { rx, ry, rz } = shape
  const cosine = Math.cos(shape.turn ?? 0)
  const sine = Math.sin(shape.turn ?? 0)
  const w = (z - shape.z) / rz
  const ww = w * w
  const steep = ww / (rz * rz)
  return (x, y) => {
    const dx = x - shape.x
    const dy = y - shape.y
    const u = (dx * cosine + dy * sine) / rx
    const v = (dy * cosine - dx * sine) / ry
    const k0 = Math.sqrt(u * u + v * v + ww)
    const k1 = Math.sqrt((u * u) / (rx * rx) + (v * v) / (ry * ry) + steep)
    return k1 < 1e-9 ? -Math.min(rx, ry, rz) : (k0 * (k0 - 1)) / k1
  }
}

/** The box around the cut of an ellipsoid with one plane, or undefined when they do not meet. */
export function ellipsoidBox(shape: Ellipsoid, z: number): Box | undefined {
  const w = (z - shape.z) / (shape.rz + EDGE)
  if (Math.abs(w) >= 1) return undefined
  const shrink = Math.sqrt(1 - w * w)
  const a = (shape.rx + EDGE) * shrink
  const b = (shape.ry + EDGE) * shrink
  const cosine = Math.cos(shape.turn ?? 0)
  const sine = Math.sin(shape.turn ?? 0)
  const halfX = Math.hypot(a * cosine, b * sine)
  const halfY = Math.hypot(a * sine, b * cosine)
  return { x0: shape.x - halfX, x1: shape.x + halfX, y0: shape.y - halfY, y1: shape.y + halfY }
}

/** Paints where the plane cuts the ellipsoid. */
export function paintEllipsoid(
  raster: Raster,
  shape: Ellipsoid,
  value: number | ((x: number, y: number) => number),
): void {
  const box = ellipsoidBox(shape, raster.z)
  if (box !== undefined) paintField(raster, box, ellipsoidDistance(shape, raster.z), value)
}
