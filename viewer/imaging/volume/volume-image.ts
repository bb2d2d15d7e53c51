import { Tag } from '../../../core/dicom/tag.ts'
import type { StackImage } from '../stack-image.ts'
import type { OpenVolume } from './open-volume.ts'
import { inheritedOf, seriesPath } from './plane-images.ts'

/** Of a picture that leaves the room without a screen's size. Pixels. */
const SIDE = 1024

/**
 * A volume as the one image of a stack: what its series says of it, and no word of where it lies or how large a pixel is,
 * for of a picture of a volume nothing can be measured.
 */
export function volumeImage(volume: OpenVolume, original: StackImage): StackImage {
  const name = `${seriesPath(original)}/volume`
  const us = (value: number): { vr: 'US'; Value: number[] } => ({ vr: 'US', Value: [value] })
  return {
    url: name,
    frameNumber: 1,
    numberOfFrames: 1,
    computed: {
      of: 'volume',
      stack: name,
      storedAs: volume.storedAs,
      load: () => Promise.reject(new Error('a volume is painted, not loaded')),
    },
    metadata: {
      ...inheritedOf(original),
      [Tag.Rows]: us(SIDE),
      [Tag.Columns]: us(SIDE),
      [Tag.SamplesPerPixel]: us(1),
      [Tag.BitsAllocated]: us(8),
      [Tag.BitsStored]: us(8),
      [Tag.HighBit]: us(7),
      [Tag.PixelRepresentation]: us(0),
      [Tag.PixelData]: { vr: 'OW' },
    },
  }
}
