import type { OverlayValues } from '../../core/measurements/overlay-values.ts'
import type { ColourMapName } from '../../core/volume/colour-map.ts'
import type { Wash } from '../../core/volume/colour-wash.ts'

/** What a person chose of how something is laid over images. */
export interface FusionLook {
  readonly map: ColourMapName
  /** 0 to 1. */
  readonly opacity: number
  /** Ends of the window, in units; undefined: as suits the values. */
  readonly lower: number | undefined
  readonly upper: number | undefined
  /** Lines of equal dose. */
  readonly hasLines: boolean
  /** The dose that the lines are parts of, in units; undefined: the highest. */
  readonly whole: number | undefined
}

/** What is known of the values that are laid over images. */
export interface OverlayRange extends OverlayValues {
  /** In units; undefined: nothing is here yet. */
  readonly range: { readonly least: number; readonly most: number } | undefined
  /** The window that the file names, in units. */
  readonly filed: { readonly lower: number; readonly upper: number } | undefined
}

/** Of uptake by body weight: what is read as hot stands out, and the brain and the bladder are all that is beyond. g/ml. */
const UPTAKE = { lower: 0, upper: 7 }
/** Of the highest dose: what is less is no treatment. */
const LEAST_DOSE = 0.1
/** Of the window: next to nothing hides nothing. */
const FOOT = 0.1

/** Lines of equal dose, in hundredths of the whole. */
export const ISODOSES = [107, 100, 95, 80, 60, 40, 20] as const

export function firstLook(kind: OverlayValues['kind']): FusionLook {
  const own = { lower: undefined, upper: undefined, whole: undefined }
  return kind === 'dose'
    ? { ...own, map: 'rainbow', opacity: 0.35, hasLines: true }
    : { ...own, map: 'hot-iron', opacity: 0.6, hasLines: false }
}

/** The window in units. Until something is here, one of nothing. */
export function windowOf(
  { lower, upper }: FusionLook,
  { kind, range, filed }: OverlayRange,
): { readonly lower: number; readonly upper: number } {
  const most = range?.most ?? 0
  const suiting =
    kind === 'uptake'
      ? UPTAKE
      : kind === 'dose'
        ? { lower: most * LEAST_DOSE, upper: most }
        : (filed ?? { lower: Math.min(0, range?.least ?? 0), upper: most })
  return { lower: lower ?? suiting.lower, upper: upper ?? suiting.upper }
}

export function washOf(look: FusionLook, values: OverlayRange): Wash {
  return {
    map: look.map,
    opacity: look.opacity,
    ...windowOf(look, values),
    foot: values.kind === 'dose' ? 0 : FOOT,
  }
}

/** The levels of the lines that are drawn, in units, the highest first, with the part of the whole that they are. */
export function isodosesOf(
  { hasLines, whole }: FusionLook,
  { kind, range }: OverlayRange,
): { readonly percent: number; readonly level: number }[] {
  const most = range?.most ?? 0
  if (kind !== 'dose' || !hasLines || !(most > 0)) return []
  return ISODOSES.map((percent) => ({ percent, level: ((whole ?? most) * percent) / 100 })).filter(
    ({ level }) => level < most,
  )
}

/** A step of the upper end by key: an eighth of the window, in figures that can be read off. */
export function widened(window: { readonly lower: number; readonly upper: number }, by: 1 | -1): number {
  const span = Math.max(window.upper - window.lower, Number.EPSILON)
  const step = roundStep(span / 8)
  const next = Math.round((window.upper + by * step) / step) * step
  return next > window.lower ? next : window.upper
}

/** 1, 2 or 5 times a power of ten. */
function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step))
  return power * ([1, 2, 5].findLast((each) => each * power <= step) ?? 1)
}
