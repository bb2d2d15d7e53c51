import { isCalibrating, type Geometry } from '../../../core/measurements/shapes.ts'
import { receivedImage, type ReceivedImage } from '../../../core/measurements/reader-calibration.ts'
import type { StackImage } from '../../imaging/stack-image.ts'
import type { Mark } from '../../marks/mark.ts'
import { frameOf } from '../frame-of.ts'

const received = ({ metadata, frameNumber }: StackImage): ReceivedImage =>
  receivedImage(metadata, frameNumber)

/** Whether another mark of the series lies on an image of the same size as what a geometry calibrates. */
export function alikeIn(images: readonly StackImage[], geometry: Geometry): (other: Mark) => boolean {
  const matrix = isCalibrating(geometry) ? geometry.matrix.join() : ''
  return ({ sopInstanceUid }) =>
    images.some(
      (image) => frameOf(image).sopInstanceUid === sopInstanceUid && received(image).matrix.join() === matrix,
    )
}

/** Whether a series has other images that what is said of this one could hold for. */
export function hasAlike(images: readonly StackImage[], one: StackImage): boolean {
  const own = received(one)
  const text = ({ calibration, matrix }: ReceivedImage): string => JSON.stringify([calibration, matrix])
  return images.some((image) => {
    const other = received(image)
    return other.sopInstanceUid !== own.sopInstanceUid && text(other) === text(own)
  })
}
