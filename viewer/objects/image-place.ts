import type { StudyOpening } from '../../core/contract/api.ts'
import type { ImageReference } from '../../core/dicom/report/report-document.ts'

/** A frame of a series, to go to. */
export interface ImagePlace {
  readonly seriesInstanceUid: string
  readonly sopInstanceUid: string
  /** 1-based. */
  readonly frameNumber: number
}

/** Where an image that a document names is shown; undefined where it is not in the study. */
export function placeOf(reference: ImageReference, opening: StudyOpening): ImagePlace | undefined {
  const series = opening.series.find((each) => each.seriesInstanceUid === reference.seriesInstanceUid)
  if (series === undefined || series.frameCount === 0) return undefined
  return {
    seriesInstanceUid: series.seriesInstanceUid,
    sopInstanceUid: reference.sopInstanceUid,
    frameNumber: reference.frameNumbers[0] ?? 1,
  }
}
