import type { OwnWindow } from '../../core/contract/reading-settings.ts'
import { firstString } from '../../core/dicom/dicom-json.ts'
import { Tag } from '../../core/dicom/tag.ts'
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

/** As somebody wrote them: of positron emission images by uptake, which is known of some only. */
function ownPresets(
  modality: string,
  own: readonly OwnWindow[],
  image: StackImage | undefined,
): WindowPreset[] {
  const scale = scaleOf(modality, image)
  if (scale === undefined) return []
  return own.map(({ name, width, center }) => ({
    text: 'reading.preset-own',
    name,
    width: width / scale,
    center: center / scale,
    figures: `${width} / ${center}`,
  }))
}

/** What a value of the image is multiplied by to be what a reader calls it. */
function scaleOf(modality: string, image: StackImage | undefined): number | undefined {
  if (modality !== 'PT') return 1
  const suv = image && suvOf(image.metadata)
  return suv?.kind === 'known' ? suv.scale : undefined
}

/** A window on screen as a preset has it; undefined where there is none, in colour or without a known uptake. */
export function shownWindow(
  image: StackImage,
  window: { readonly width: number; readonly center: number } | undefined,
): Omit<OwnWindow, 'name'> | undefined {
  const scale = scaleOf(firstString(image.metadata, Tag.Modality) ?? '', image)
  if (window === undefined || scale === undefined) return undefined
  const [width, center] = [window.width * scale, window.center * scale].map((value) =>
    Number(value.toPrecision(6)),
  ) as [number, number]
  return { width, center }
}

/** The presets that make sense for a series: the reader's own or the usual ones of its modality, then those the image itself names. */
export function presetsOf(
  modality: string,
  image: StackImage | undefined,
  own?: readonly OwnWindow[],
): readonly WindowPreset[] {
  const factory = modality === 'CT' ? CT_PRESETS : uptakePresets(image)
  const usual = own === undefined ? factory : ownPresets(modality, own, image)
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
