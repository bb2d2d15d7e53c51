import { firstString } from '../../../core/dicom/dicom-json.ts'
import { Tag } from '../../../core/dicom/tag.ts'
import { layoutOf } from '../../../core/reading/reading-order.ts'
import type { PaintedFrame } from '../../segments/painting.ts'
import type { StackImage } from '../stack-image.ts'

/** A frame of a stack as it is painted on; undefined: it is computed, or has no pixels. */
export function paintedFrame(image: StackImage | undefined): PaintedFrame | undefined {
  const layout = image && layoutOf(image.metadata)
  if (image === undefined || layout === undefined || image.computed !== undefined) return undefined
  const { metadata, frameNumber } = image
  return {
    studyInstanceUid: firstString(metadata, Tag.StudyInstanceUID) ?? '',
    seriesInstanceUid: firstString(metadata, Tag.SeriesInstanceUID) ?? '',
    sopInstanceUid: firstString(metadata, Tag.SOPInstanceUID) ?? '',
    frameNumber,
    rows: layout.rows,
    columns: layout.columns,
  }
}
