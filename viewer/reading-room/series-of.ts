import { firstString } from '../../core/dicom/dicom-json.ts'
import { Tag } from '../../core/dicom/tag.ts'
import type { StackImage } from '../imaging/stack-image.ts'

/** Series Instance UID of a frame. */
export const seriesOf = (image: StackImage): string =>
  firstString(image.metadata, Tag.SeriesInstanceUID) ?? ''
