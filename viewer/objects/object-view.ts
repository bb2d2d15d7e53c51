import type { StudyOpening, StudySeries } from '../../core/contract/api.ts'
import type { DicomJson } from '../../core/dicom/dicom-json.ts'
import type { ImagePlace } from './image-place.ts'

/** What a viewer of one kind of object is given. */
export interface ObjectViewProps {
  readonly opening: StudyOpening
  readonly series: StudySeries
  readonly instance: DicomJson
  /** Shows a frame, beside the object. */
  readonly onGo: (place: ImagePlace) => void
}
