import { firstString } from '../../../core/dicom/dicom-json.ts'
import { intensityOf } from '../../../core/measurements/intensity-of.ts'
import { presentationOf, type StackImage } from '../../imaging/stack-image.ts'

const MODALITY = '00080060'
const UNITS = '00541001'
const RESCALE_TYPE = '00281054'

/** In what a window of an image is set. */
export interface WindowUnits {
  /** Windows in the same can be carried over. */
  readonly name: string
  /** A value of the image, times this, is in these units. */
  readonly scale: number
}

/**
 * Of a grey image: modality and units together, so that a window never goes from one kind of image to another. Uptake is
 * compared as uptake: what two scans store for the same differs.
 */
export function windowUnits({ metadata, ...image }: StackImage): WindowUnits {
  const { intensity, unit, scale } = intensityOf(metadata)
  const presentation = presentationOf({ metadata, ...image })
  // Where nobody says what values are, the same word for it is all there is to go by.
  const said =
    intensity === 'other' ? (firstString(metadata, UNITS) ?? firstString(presentation, RESCALE_TYPE)) : ''
  const parts = [firstString(metadata, MODALITY), intensity, unit, said]
  return {
    name: parts
      .filter((part) => part !== undefined && part !== '')
      .join(' ')
      .slice(0, 80),
    scale,
  }
}
