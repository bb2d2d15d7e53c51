import { firstString } from '../../core/dicom/dicom-json.ts'
import { Tag } from '../../core/dicom/tag.ts'
import type { StackImage } from '../imaging/stack-image.ts'
import type { MarkedFrame } from '../marks/key-marks.ts'

/** Which frame an image of a stack is. */
export const frameOf = ({ metadata, frameNumber }: StackImage): MarkedFrame => ({
  studyInstanceUid: firstString(metadata, Tag.StudyInstanceUID) ?? '',
  seriesInstanceUid: firstString(metadata, Tag.SeriesInstanceUID) ?? '',
  sopInstanceUid: firstString(metadata, Tag.SOPInstanceUID) ?? '',
  frameNumber,
})
