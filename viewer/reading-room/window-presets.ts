import { isColour, storedWindows, type StackImage } from '../imaging/stack-image.ts'
import type { TextKey } from '../locales/text-key.ts'

export interface WindowPreset {
  readonly text: TextKey
  /** What the file calls it; nothing for the usual ones. */
  readonly name?: string
  readonly width: number
  readonly center: number
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

/** Windows a file may offer in the menu: some name one for each of dozens of frames. */
const STORED_MOST = 8

/** The presets that make sense for a series: the usual ones of its modality, then those the image itself names. */
export function presetsOf(modality: string, image: StackImage | undefined): readonly WindowPreset[] {
  const usual = modality === 'CT' ? CT_PRESETS : []
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
