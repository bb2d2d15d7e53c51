import { clamp, smoothStep } from '../shape/profile.ts'

/**
 * A beating heart in the apical four-chamber plane; millimetres, x to the right of the screen, depth downwards from the
 * transducer. The left ventricle lies at the right, as is usual.
 */
export interface HeartPhase {
  /** 0 relaxed, 1 contracted. */
  readonly contraction: number
  /** 0 closed, 1 open: the valves between atria and ventricles. */
  readonly opening: number
  /** How far the plane of the valves has come towards the apex, mm. */
  readonly lift: number
  /** Velocity of the inflow, and of the small leak in systole, m/s. */
  readonly inflow: number
  readonly leak: number
}

/** The heart at a time of its beat (0 to 1, from the R wave on). */
export function heartPhase(beat: number): HeartPhase {
  const contraction = smoothStep(0.02, 0.34, beat) * (1 - smoothStep(0.4, 0.62, beat))
  const early = bump(beat, 0.58, 0.09)
  const late = bump(beat, 0.88, 0.06)
  return {
    contraction,
    opening: clamp(
      early + 0.75 * late + 0.28 * smoothStep(0.5, 0.56, beat) * (1 - smoothStep(0.93, 0.99, beat)),
      0,
      1,
    ),
    lift: 13 * contraction,
    inflow: 0.85 * early + 0.55 * late,
    leak: smoothStep(0.04, 0.1, beat) * (1 - smoothStep(0.36, 0.44, beat)),
  }
}

const bump = (at: number, centre: number, width: number) => Math.exp(-(((at - centre) / width) ** 2))

const VALVE_PLANE = 98
const LEFT_X = 17
const RIGHT_X = -24

/** What scatters at a place. */
export interface Scatterer {
  /** Brightness, dB below the brightest. */
  readonly level: number
  readonly blood: boolean
}

/** What scatters at a place of the plane in a phase. */
export function scattererAt(x: number, depth: number, phase: HeartPhase): Scatterer {
  const plane = VALVE_PLANE - phase.lift
  const squeeze = 1 - 0.3 * phase.contraction
  const left = ventricle(x - LEFT_X, depth, 33 + 3 * phase.contraction, plane, 23 * squeeze)
  const right = ventricle(
    (x - RIGHT_X) * (x < RIGHT_X ? 1 : 1.15),
    depth,
    48,
    plane - 3,
    17 * (1 - 0.2 * phase.contraction),
  )
  const leftAtrium = round(x - 18, depth - plane - 21, 19 + 2 * phase.contraction, 20)
  const rightAtrium = round(x + 23, depth - plane - 19, 19 + 2 * phase.contraction, 19)
  const cavity = Math.max(left, right, leftAtrium, rightAtrium)
  const leaflets = Math.min(
    leaflet(x, depth, LEFT_X - 17, plane, 1, 20, phase.opening),
    leaflet(x, depth, LEFT_X + 17, plane, -1, 14, phase.opening),
    leaflet(x, depth, RIGHT_X - 14, plane + 1, 1, 15, phase.opening),
    leaflet(x, depth, RIGHT_X + 14, plane - 4, -1, 13, phase.opening),
  )
  if (leaflets < 1.1 && cavity > -4) return { level: -14 - leaflets * 6, blood: false }
  if (cavity > 0) return { level: -57 + 4 * smoothStep(3, 0, cavity), blood: true }
  return { level: wallLevel(x, depth, -left, -right, -cavity, plane, phase), blood: false }
}

function wallLevel(
  x: number,
  depth: number,
  fromLeft: number,
  fromRight: number,
  fromCavity: number,
  plane: number,
  phase: HeartPhase,
): number {
  const thickness = 10 + 3.5 * phase.contraction
  const muscle = fromLeft < thickness && depth < plane + 2
  const thin = fromRight < 5.5 && depth < plane
  const atrial = fromCavity < 3 && depth >= plane - 3
  // The endocardium glistens; the pericardium is the brightest line of all.
  const lining = 8 * Math.exp(-((fromCavity / 1.3) ** 2))
  if (muscle) return -31 + lining + (fromLeft > thickness - 2 && x > LEFT_X ? 9 : 0)
  if (thin || atrial) return -30 + lining
  const rim = Math.min(Math.abs(fromLeft - thickness - 1.2), Math.abs(fromRight - 6.6))
  const outside = x > LEFT_X + 8 || x < RIGHT_X - 4
  if (rim < 1.5 && outside && depth < plane + 6) return -13 + 5 * Math.sin(depth * 0.13)
  if (fromCavity < 6) return -27
  return -36 - 0.05 * depth + 6 * Math.sin(x * 0.16 + depth * 0.05) * Math.sin(depth * 0.11)
}

/** Distance into half an ellipse that is open at the valve plane, positive inside. */
function ventricle(x: number, depth: number, apex: number, plane: number, halfWidth: number): number {
  const length = plane - apex
  const down = (depth - plane) / length
  const out = Math.sqrt((x / halfWidth) ** 2 + down * down)
  return Math.min((1 - out) * halfWidth, (plane + 1.5 - depth) * 0.9)
}

const round = (x: number, y: number, rx: number, ry: number) =>
  (1 - Math.sqrt((x / rx) ** 2 + (y / ry) ** 2)) * Math.min(rx, ry)

/** Distance from a leaflet that hangs on its ring and swings towards the apex when it opens. */
function leaflet(
  x: number,
  depth: number,
  ringX: number,
  ringDepth: number,
  towards: 1 | -1,
  length: number,
  opening: number,
): number {
  const angle = -0.12 + 1.2 * opening
  const dx = Math.cos(angle) * towards
  const dy = -Math.sin(angle)
  const px = x - ringX
  const py = depth - ringDepth
  const t = clamp(px * dx + py * dy, 0, length)
  const sag = Math.sin((t / length) * Math.PI) * 1.6 * (1 - opening)
  return Math.sqrt((px - dx * t) ** 2 + (py - dy * t - sag) ** 2)
}

/** Velocity of the blood towards the transducer, m/s; 0 where it hardly moves. */
export function bloodVelocity(x: number, depth: number, phase: HeartPhase): number {
  const plane = VALVE_PLANE - phase.lift
  const across = (x - LEFT_X + 1) / (8 + 0.06 * Math.max(0, plane - depth))
  const along = smoothStep(plane + 22, plane - 4, depth) * smoothStep(plane - 52, plane - 18, depth)
  const stream = phase.inflow * Math.exp(-across * across) * along
  const reach = depth - plane
  const jet = Math.exp(-(((x - LEFT_X - 2 - reach * 0.12) / (2.2 + reach * 0.11)) ** 2))
  const back = phase.leak * 1.7 * jet * smoothStep(-3, 1, reach) * smoothStep(27, 12, reach)
  const outflow =
    0.55 * phase.contraction * Math.exp(-(((x - 2) / 7) ** 2)) * smoothStep(plane - 34, plane - 12, depth)
  return stream - back - outflow * smoothStep(plane + 2, plane - 4, depth)
}
