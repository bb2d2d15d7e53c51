import type { Types } from '@cornerstonejs/core'

/** The values of the shown image after the modality transformation, row by row. */
export function modalityValues(image: Types.IImage): {
  readonly stored: ArrayLike<number>
  readonly toModality: (value: number) => number
  /** The values are still as they are stored: padding can be recognised. */
  readonly areStored: boolean
} {
  const stored = image.getPixelData() as unknown as ArrayLike<number>
  const areStored = image.preScale?.scaled !== true
  const slope = areStored ? (image.slope ?? 1) : 1
  const intercept = areStored ? (image.intercept ?? 0) : 0
  return { stored, toModality: (value) => value * slope + intercept, areStored }
}
