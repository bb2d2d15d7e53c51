import { smoothMin, smoothStep } from '../shape/profile.ts'

export type BreastView = 'CC' | 'MLO'

/**
 * A compressed breast as the detector sees it, in millimetres: `u` away from the edge of the detector at the chest wall, `v`
 * along that edge from the top. In CC the top is lateral, in MLO it is towards the armpit. Of either side: the picture of a
 * right breast is turned over afterwards. Distances are positive inside.
 */
export interface BreastShape {
  readonly view: BreastView
  readonly nipple: { readonly u: number; readonly v: number }
  /** Distance to the skin. */
  readonly inside: (u: number, v: number) => number
  /** Distance to the edge of the pectoral muscle. */
  readonly insideMuscle: (u: number, v: number) => number
  /** Distance to the hull of the glandular cone behind the nipple. */
  readonly insideGland: (u: number, v: number) => number
}

/** How one breast was laid on the detector that day. Millimetres. */
export interface Positioning {
  /** More of the breast drawn onto the detector. */
  readonly reach: number
  /** Higher or lower on it. */
  readonly shift: number
}

export function breastShape(view: BreastView, { reach, shift }: Positioning): BreastShape {
  return view === 'CC' ? craniocaudal(reach, 116 + shift) : mediolateralOblique(reach, shift)
}

function craniocaudal(reach: number, middle: number): BreastShape {
  const depth = 90 + reach
  const nipple = { u: depth - 3, v: middle + 5 }
  return {
    view: 'CC',
    nipple,
    inside: (u, v) => withNipple(mound(u + 6, v - middle, depth + 6, 93 + flare(u, 8)), nipple, u, v),
    insideMuscle: () => -99,
    // Most glandular tissue lies in the outer half.
    insideGland: (u, v) => mound(u - depth + 46, v - middle + 9, 41, 52),
  }
}

function mediolateralOblique(reach: number, shift: number): BreastShape {
  const depth = 103 + reach
  const middle = 128 + shift
  const nipple = { u: depth - 3, v: middle + 9 }
  const inside = (u: number, v: number): number => {
    // The weight of the breast hangs a little, and a fold of the belly comes with its lower edge.
    const sag = 0.1 * (u - 50)
    const breast = mound(u + 8, v - middle - sag, depth + 8, 84 + flare(u, 11))
    const armpit = smoothMin(83 - 0.1 * v - u, 118 - v, 30)
    return withNipple(smoothMax(breast, armpit, 46), nipple, u, v)
  }
  return {
    view: 'MLO',
    nipple,
    inside,
    insideMuscle: (u, v) => {
      const length = 148 + shift
      const share = Math.min(1, v / length)
      return 0.88 * (62 * (1 - share) + 20 * share * (1 - share) - u) - Math.max(0, v - length)
    },
    insideGland: (u, v) => mound(u - depth + 48, v - middle + 8 - 0.2 * (u - depth + 48), 43, 55),
  }
}

/** The skin turns outwards where the breast leaves the chest. */
const flare = (u: number, by: number): number => by * Math.exp(-Math.max(0, u) / 16)

/** About the distance to an ellipse round the origin; good near it, which is where it decides something. */
function mound(x: number, y: number, a: number, b: number): number {
  const f = (x / a) ** 2 + (y / b) ** 2
  const slope = 2 * Math.hypot(x / (a * a), y / (b * b))
  return Math.min(60, (1 - f) / Math.max(slope, 0.012))
}

function withNipple(skin: number, nipple: BreastShape['nipple'], u: number, v: number): number {
  if (u < nipple.u - 20) return skin
  const knob = 5 - Math.hypot((u - nipple.u - 3.5) * 0.85, v - nipple.v)
  return smoothMax(skin, knob, 4)
}

const smoothMax = (a: number, b: number, k: number): number => -smoothMin(-a, -b, k)

/** How much of the full thickness between the plates a ray crosses, from the distance to the skin: 0 to 1. */
export const fullness = (inside: number): number => {
  const edge = Math.min(1, Math.max(0, inside / 24))
  return Math.sqrt(edge * (2 - edge)) * smoothStep(-0.3, 1.2, inside)
}
