import { readerCalibration, receivedImage } from '../../../core/measurements/reader-calibration.ts'
import { isCalibrating } from '../../../core/measurements/shapes.ts'
import type { StackImage } from '../../imaging/stack-image.ts'
import type { Mark } from '../../marks/mark.ts'
import type { ImageTrust } from '../trust.ts'

/** What is known of an image, with what the reader says of its pixels. The same object where that is nothing. */
export function trustByReader(marks: readonly Mark[], image: StackImage, trust: ImageTrust): ImageTrust {
  if (image.computed !== undefined || !marks.some(({ geometry }) => isCalibrating(geometry))) return trust
  const calibration = readerCalibration(marks, receivedImage(image.metadata, image.frameNumber))
  return calibration === undefined ? trust : { ...trust, calibration }
}
