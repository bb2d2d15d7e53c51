import type { TransferFunction, ValueWindow } from './transfer-function.ts'

export type PresetName =
  'ct-bone' | 'ct-skin' | 'ct-lung' | 'ct-vessels' | 'ct-mip' | 'mr-surface' | 'mr-mip' | 'pet-mip'

/** A way of looking at a volume. */
export interface RenderPreset {
  readonly name: PresetName
  /** Each value lit, behind what is in front of it; or of each ray only the largest value. */
  readonly mode: 'lit' | 'maximum'
  /** In which its points are given; what a hand drags. */
  readonly window: ValueWindow
  /** The window means nothing by itself: the series' own takes its place. */
  readonly isRelative: boolean
  readonly points: TransferFunction
}

const BLACK = [0, 0, 0] as const
const WHITE = [1, 1, 1] as const

/** From the lower end of a window to its upper end. */
const ramp = (
  window: ValueWindow,
  low: readonly [number, number, number],
  high: readonly [number, number, number],
): TransferFunction => [
  { value: window.center - window.width / 2, colour: low, opacity: 0 },
  { value: window.center + window.width / 2, colour: high, opacity: 1 },
]

/** Of which the points are shares: the window itself is from 0 to 1. */
const SHARES: ValueWindow = { center: 0.5, width: 1 }
const MIP_WINDOW: ValueWindow = { center: 400, width: 1200 }

/**
 * Of computed tomography, Hounsfield units: cortical bone from about 300, contrast in vessels 150 to 500, skin against air
 * at about −300, lung −950 to −600 and its walls above that.
 */
const CT: readonly RenderPreset[] = [
  {
    name: 'ct-bone',
    mode: 'lit',
    window: { center: 450, width: 700 },
    isRelative: false,
    points: [
      { value: 130, colour: [0.5, 0.2, 0.13], opacity: 0 },
      { value: 220, colour: [0.72, 0.4, 0.25], opacity: 0.05 },
      { value: 350, colour: [0.9, 0.76, 0.56], opacity: 0.3 },
      { value: 700, colour: [0.98, 0.93, 0.82], opacity: 0.75 },
      { value: 1500, colour: WHITE, opacity: 0.95 },
    ],
  },
  {
    name: 'ct-skin',
    mode: 'lit',
    window: { center: -150, width: 500 },
    isRelative: false,
    points: [
      { value: -420, colour: [0.55, 0.33, 0.24], opacity: 0 },
      { value: -250, colour: [0.87, 0.63, 0.5], opacity: 0.3 },
      { value: -50, colour: [0.93, 0.72, 0.58], opacity: 0.7 },
      { value: 150, colour: [0.86, 0.5, 0.4], opacity: 0.8 },
      { value: 400, colour: [0.98, 0.92, 0.82], opacity: 0.95 },
    ],
  },
  {
    name: 'ct-lung',
    mode: 'lit',
    window: { center: -600, width: 500 },
    isRelative: false,
    points: [
      { value: -860, colour: [0.25, 0.35, 0.5], opacity: 0 },
      { value: -740, colour: [0.45, 0.6, 0.75], opacity: 0.03 },
      { value: -600, colour: [0.75, 0.82, 0.88], opacity: 0.12 },
      { value: -450, colour: [0.95, 0.88, 0.82], opacity: 0.16 },
      { value: -360, colour: [0.95, 0.7, 0.6], opacity: 0 },
    ],
  },
  {
    name: 'ct-vessels',
    mode: 'lit',
    window: { center: 300, width: 400 },
    isRelative: false,
    points: [
      { value: 120, colour: [0.4, 0.06, 0.05], opacity: 0 },
      { value: 180, colour: [0.7, 0.12, 0.08], opacity: 0.08 },
      { value: 280, colour: [0.9, 0.3, 0.18], opacity: 0.4 },
      { value: 420, colour: [0.96, 0.66, 0.42], opacity: 0.6 },
      { value: 700, colour: [0.99, 0.94, 0.85], opacity: 0.85 },
      { value: 1500, colour: WHITE, opacity: 0.95 },
    ],
  },
  {
    name: 'ct-mip',
    mode: 'maximum',
    window: MIP_WINDOW,
    isRelative: false,
    points: ramp(MIP_WINDOW, BLACK, WHITE),
  },
]

/** Values of no scale of their own: shares of the window in which the series is looked at. */
const MR: readonly RenderPreset[] = [
  {
    name: 'mr-surface',
    mode: 'lit',
    window: SHARES,
    isRelative: true,
    points: [
      { value: 0.12, colour: [0.3, 0.24, 0.22], opacity: 0 },
      { value: 0.3, colour: [0.66, 0.5, 0.42], opacity: 0.08 },
      { value: 0.6, colour: [0.86, 0.76, 0.66], opacity: 0.35 },
      { value: 1, colour: [0.98, 0.95, 0.9], opacity: 0.8 },
    ],
  },
  { name: 'mr-mip', mode: 'maximum', window: SHARES, isRelative: true, points: ramp(SHARES, BLACK, WHITE) },
]

/** Dark is uptake, as nuclear medicine reads it. */
const PET: readonly RenderPreset[] = [
  { name: 'pet-mip', mode: 'maximum', window: SHARES, isRelative: true, points: ramp(SHARES, WHITE, BLACK) },
]

/** The presets of a modality, the usual one first. */
export function renderPresetsOf(modality: string): readonly [RenderPreset, ...RenderPreset[]] {
  const presets = modality === 'CT' ? CT : modality === 'PT' || modality === 'NM' ? PET : MR
  return presets as readonly [RenderPreset, ...RenderPreset[]]
}
