import type { Calibration, Geometry, MeasuredValue } from '../../core/measurements/shapes.ts'

/** What a reader drew on one frame. */
export interface Mark {
  /** A UID that follows it through all documents. */
  readonly trackingUid: string
  /** What the reader called it; empty when it has no name. */
  readonly label: string
  readonly studyInstanceUid: string
  readonly seriesInstanceUid: string
  readonly sopInstanceUid: string
  /** 1-based. */
  readonly frameNumber: number
  readonly geometry: Geometry
  readonly calibration: Calibration
  readonly values: MeasuredValue[]
  /** Not drawn, but kept. */
  readonly hidden: boolean
}

/** Whether two are drawn on the same frame. */
export const isOnFrame = (
  mark: Pick<Mark, 'sopInstanceUid' | 'frameNumber'>,
  frame: Pick<Mark, 'sopInstanceUid' | 'frameNumber'>,
): boolean => mark.sopInstanceUid === frame.sopInstanceUid && mark.frameNumber === frame.frameNumber
