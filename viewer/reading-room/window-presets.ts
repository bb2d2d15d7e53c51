import { suvOf } from '../../core/measurements/suv.ts'
import { isColour, storedWindows, type StackImage } from '../imaging/stack-image.ts'
import type { TextKey } from '../locales/text-key.ts'

export interface WindowPreset {
  readonly text: TextKey
  /** What the file calls it; nothing for the usual ones. */
  readonly name?: string
  readonly width: number
  readonly center: number
  /** Where width and centre, in the values of the image, say nothing to a reader. */
  readonly figures?: string
}

/** Usual windows of CT in Hounsfield units: width and centre. Other modalities are shown by the file's own windows. */
export const CT_PRESETS: readonly WindowPreset[] = [
  { text: 'reading.preset-brain', width: 80, center: 40 },
  { text: 'reading.preset-subdural', width: 200, center: 80 },
  { text: 'reading.preset-stroke', width: 40, center: 40 },
  { text: 'reading.preset-bone', width: 2000, center: 500 },
  { text: 'reading.preset-lung', width: 1500, center: -600 },
  { text: 'reading.preset-mediastinum', width: 350, center: 50 },
  { text: 'reading.preset-abdomen', width: 400, center: 50 },
  { text: 'reading.preset-liver', width: 150, center: 90 },
]

/** Usual upper ends of windows of positron emission images: uptake by body weight, from nothing. */
const UPTAKES = [5, 7, 10, 15] as const

function uptakePresets(image: StackImage | undefined): WindowPreset[] {
  const suv = image && suvOf(image.metadata)
  if (suv?.kind !== 'known') return []
  return UPTAKES.map((most) => ({
    text: 'reading.preset-uptake',
    figures: `0–${most}`,
    width: most / suv.scale,
    center: most / suv.scale / 2,
  }))
}

/** Windows a file may offer in the menu: some name one for each of dozens of frames. */
const STORED_MOST = 8

/** The presets that make sense for a series: the usual ones of its modality, then those the image itself names. */
export function presetsOf(modality: string, image: StackImage | undefined): readonly WindowPreset[] {
  const usual = modality === 'CT' ? CT_PRESETS : uptakePresets(image)
  const stored = image === undefined || isColour(image) ? [] : storedWindows(image)
  const distinct = stored.filter(
    ({ window }, index) =>
      stored.findIndex(
        (each) => each.window.center === window.center && each.window.width === window.width,
      ) === index,
  )
  return [
    ...usual,
    ...distinct.slice(0, STORED_MOST).map(({ window, name }): WindowPreset => ({
      text: 'reading.preset-file',
      name,
      width: window.width,
      center: window.center,
    })),
  ]
}
