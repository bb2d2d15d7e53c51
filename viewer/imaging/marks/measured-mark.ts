import { firstString } from '../../../core/dicom/dicom-json.ts'
import { Tag } from '../../../core/dicom/tag.ts'
import { calibrationOf } from '../../../core/measurements/calibration-of.ts'
import { framePlanesOf } from '../../../core/measurements/frame-planes.ts'
import { measure } from '../../../core/measurements/measure.ts'
import { readerCalibration, receivedImage } from '../../../core/measurements/reader-calibration.ts'
import { isCalibrating, type Calibration, type Geometry } from '../../../core/measurements/shapes.ts'
import { placeOnPlane } from '../../../core/measurements/spine-labels.ts'
import type { Mark } from '../../marks/mark.ts'
import type { FrameImage } from '../frames/frame-image.ts'
import type { StackImage } from '../stack-image.ts'
import { handlesOf } from './geometry-of.ts'
import { pixelValues } from './pixel-values.ts'

/**
 * What is drawn on an image, with all that it measures there.
 *
 * @param marks all there are: what the reader called this one before, and what the reader says of the image's pixels
 */
export function measuredMark(
  drawn: Geometry,
  trackingUid: string,
  image: StackImage,
  pixels: FrameImage,
  marks: readonly Mark[],
): Mark {
  const { metadata, frameNumber } = image
  const known = marks.find((mark) => mark.trackingUid === trackingUid)
  const own = calibrationOf(metadata, frameNumber, handlesOf(drawn))
  const calibration = isCalibrating(drawn) ? own : (calibrationByReader(marks, image, known) ?? own)
  const geometry = placed(drawn, image, own)
  return {
    trackingUid,
    label: known?.label ?? '',
    studyInstanceUid: firstString(metadata, Tag.StudyInstanceUID) ?? '',
    seriesInstanceUid: firstString(metadata, Tag.SeriesInstanceUID) ?? '',
    sopInstanceUid: firstString(metadata, Tag.SOPInstanceUID) ?? '',
    frameNumber,
    geometry,
    calibration,
    values: [...measure(geometry, calibration), ...pixelValues(geometry, calibration, image, pixels)],
    hidden: false,
  }
}

/** What this reader says of the image now; else what the one said who measured this before, which came with it from a report. */
function calibrationByReader(
  marks: readonly Mark[],
  { metadata, frameNumber }: StackImage,
  known: Mark | undefined,
): Calibration | undefined {
  const said = readerCalibration(marks, receivedImage(metadata, frameNumber))
  if (said !== undefined || known === undefined) return said
  const { calibration } = known
  const isSaid =
    calibration.kind === 'known-length' || (calibration.kind === 'detector' && calibration.accepted)
  return isSaid ? calibration : undefined
}

/** A vertebra with its place in the patient. */
function placed(geometry: Geometry, { metadata, frameNumber }: StackImage, own: Calibration): Geometry {
  if (geometry.kind !== 'vertebra') return geometry
  const { kind, level, point } = geometry
  const spacing = own.kind === 'patient' ? own.spacing : undefined
  const place = placeOnPlane(framePlanesOf(metadata)[frameNumber - 1], spacing, point)
  return { kind, level, point, ...(place === undefined ? {} : { place }) }
}
