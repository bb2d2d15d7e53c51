import type { Pause } from '../pace.ts'
import type { Capsule } from '../shape/raster.ts'

/** A plane seen from the front: row 0 is the topmost; `lengths` gathers attenuation × millimetres along y. */
export interface Projection {
  readonly columns: number
  readonly rows: number
  readonly left: number
  readonly top: number
  readonly pitch: number
  readonly lengths: Float32Array
}

/** Adds what each rod takes from rays along y: its attenuation times the length of the ray inside it. */
export async function projectRods(
  projection: Projection,
  rods: readonly Capsule[],
  attenuation: number,
  pause: Pause,
): Promise<void> {
  for (const [index, rod] of rods.entries()) {
    projectRod(projection, rod, attenuation)
    if (index % 4 === 0) await pause()
  }
}

/** A rod is laid down as overlapping balls that hold its volume: no seams where rods meet, and right when seen end on. */
function projectRod(projection: Projection, rod: Capsule, attenuation: number): void {
  const length = Math.hypot(rod.bx - rod.ax, rod.by - rod.ay, rod.bz - rod.az)
  const balls = Math.max(1, Math.ceil((2 * length) / Math.max(rod.ra, rod.rb)))
  for (let ball = 0; ball < balls; ball++) {
    const t = (ball + 0.5) / balls
    const radius = rod.ra + (rod.rb - rod.ra) * t
    const density = (0.75 * (length / balls)) / radius
    projectBall(
      projection,
      rod.ax + (rod.bx - rod.ax) * t,
      rod.az + (rod.bz - rod.az) * t,
      radius,
      attenuation * density,
    )
  }
}

function projectBall(
  projection: Projection,
  x: number,
  z: number,
  radius: number,
  attenuation: number,
): void {
  const { left, top, pitch, columns, rows, lengths } = projection
  const c0 = Math.max(0, Math.ceil((x - radius - left) / pitch))
  const c1 = Math.min(columns - 1, Math.floor((x + radius - left) / pitch))
  const r0 = Math.max(0, Math.ceil((top - z - radius) / pitch))
  const r1 = Math.min(rows - 1, Math.floor((top - z + radius) / pitch))
  for (let row = r0; row <= r1; row++) {
    const dz = top - row * pitch - z
    const rest = radius * radius - dz * dz
    for (let column = c0; column <= c1; column++) {
      const dx = left + column * pitch - x
      const inside = rest - dx * dx
      if (inside <= 0) continue
      const at = row * columns + column
      lengths[at] = (lengths[at] ?? 0) + 2 * Math.sqrt(inside) * attenuation
    }
  }
}
