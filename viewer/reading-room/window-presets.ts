import type { TextKey } from '../locales/text-key.ts'

export interface WindowPreset {
  readonly text: TextKey
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

/** The presets that make sense for a modality. */
export const presetsOf = (modality: string): readonly WindowPreset[] => (modality === 'CT' ? CT_PRESETS : [])
