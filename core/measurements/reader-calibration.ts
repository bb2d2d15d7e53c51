import { firstNumber, firstString, type DicomJson } from '../dicom/dicom-json.ts'
import { Tag } from '../dicom/tag.ts'
import { calibrationOf } from './calibration-of.ts'
import { measure } from './measure.ts'
import { alongSegment, lengthOf, type Vector } from './plane.ts'
import { scaleOf } from './scale.ts'
import {
  isCalibrating,
  isMeasured,
  type Calibration,
  type CalibratingGeometry,
  type Geometry,
  type MeasuredValue,
} from './shapes.ts'

/** A mark as far as calibrations go. */
export interface CalibrationMark {
  readonly trackingUid: string
  readonly seriesInstanceUid: string
  readonly sopInstanceUid: string
  readonly geometry: Geometry
  /** How it is known what a pixel measures; of a mark that calibrates: how it was before. */
  readonly calibration: Calibration
  readonly values: MeasuredValue[]
}

type Calibrating = CalibrationMark & { readonly geometry: CalibratingGeometry }

/** An image as it was received. */
export interface ReceivedImage {
  readonly seriesInstanceUid: string
  readonly sopInstanceUid: string
  /** What the file itself says. */
  readonly calibration: Calibration
  readonly matrix: readonly [columns: number, rows: number]
}

/** What the metadata say of the image as a whole; `frameNumber` is 1-based. */
export const receivedImage = (metadata: DicomJson, frameNumber: number): ReceivedImage => ({
  seriesInstanceUid: firstString(metadata, Tag.SeriesInstanceUID) ?? '',
  sopInstanceUid: firstString(metadata, Tag.SOPInstanceUID) ?? '',
  calibration: calibrationOf(metadata, frameNumber, []),
  matrix: [firstNumber(metadata, Tag.Columns) ?? 1, firstNumber(metadata, Tag.Rows) ?? 1],
})

/** Why a reader's word is not taken for the pixels of an image. */
export type CalibrationRefusal = 'known' | 'ultrasound' | 'not-detector' | 'no-length'

/**
 * Why this image is not calibrated by a reader, or undefined: one whose millimetres are those of the patient is right
 * already, and regions of ultrasound have scales of their own.
 */
export function calibrationRefusal(
  kind: CalibratingGeometry['kind'],
  own: Calibration,
): CalibrationRefusal | undefined {
  if (own.kind === 'patient') return 'known'
  if (own.kind === 'ultrasound-region') return 'ultrasound'
  return kind === 'detector-millimetres' && own.kind !== 'detector' ? 'not-detector' : undefined
}

/** What a mark makes of the calibration that was before it. */
export function calibratedBy(geometry: CalibratingGeometry, before: Calibration): Calibration {
  if (geometry.kind === 'detector-millimetres')
    return before.kind === 'detector' ? { ...before, accepted: true } : before
  const shape: Vector = scaleOf(before)?.shape ?? [1, 1]
  const length = lengthOf(alongSegment(geometry.line, shape))
  if (length === 0) return before
  const by = geometry.millimetres / length
  return {
    kind: 'known-length',
    spacing: [shape[0] * by, shape[1] * by],
    millimetres: geometry.millimetres,
  }
}

/** What the reader says of an image: the last word on the image itself, else the last on its series; undefined when nothing. */
export function readerCalibration(
  marks: readonly CalibrationMark[],
  image: ReceivedImage,
): Calibration | undefined {
  const word = lastWord(
    marks,
    (mark) => mark.sopInstanceUid === image.sopInstanceUid,
    (mark) => isInSeries(mark, image) && isSame(mark.geometry.matrix, image.matrix),
  )
  if (word === undefined || calibrationRefusal(word.geometry.kind, image.calibration) !== undefined)
    return undefined
  return calibratedBy(word.geometry, word.calibration)
}

/**
 * All marks as they are after one that calibrates was set, moved or taken away: what was measured with it, or is now, is
 * measured anew. What pixels say stays as it is; so does what is in reports.
 *
 * @param marks without the change
 * @param change.before the mark as it was; absent: it is new
 * @param change.after the mark as it is now; absent: it is gone
 * @param isAlike whether a mark lies on an image of the same size as the one that was calibrated
 */
export function calibrateAnew<Mark extends CalibrationMark>(
  marks: readonly Mark[],
  { before, after }: { readonly before?: Mark | undefined; readonly after?: Mark | undefined },
  isAlike: (mark: Mark) => boolean = (mark) => mark.calibration.kind !== 'none',
): Mark[] {
  const was = before && calibrating(before)
  const is = after && calibrating(after)
  const uid = (after ?? before)?.trackingUid
  const others = marks.filter(({ trackingUid }) => trackingUid !== uid)
  return marks.map((mark) => {
    if (mark.trackingUid === uid || !isMeasured(mark.geometry)) return mark
    const wasBy = was !== undefined && isReached(was, mark) && isSame(mark.calibration, resultOf(was))
    const own = wasBy ? was.calibration : mark.calibration
    const isBy =
      is !== undefined &&
      own.kind !== 'ultrasound-region' &&
      (mark.sopInstanceUid === is.sopInstanceUid ||
        (is.geometry.reach === 'series' &&
          isInSeries(is, mark) &&
          isSame(own, is.calibration) &&
          (wasBy || isAlike(mark))))
    if (isBy) return measuredBy(mark, resultOf(is))
    if (!wasBy) return mark
    const other = lastWord(
      others,
      (word) => word.sopInstanceUid === mark.sopInstanceUid,
      (word) => isInSeries(word, mark) && isSame(word.calibration, own),
    )
    return measuredBy(mark, other === undefined ? own : resultOf(other))
  })
}

const calibrating = (mark: CalibrationMark): Calibrating | undefined =>
  isCalibrating(mark.geometry) ? { ...mark, geometry: mark.geometry } : undefined

const resultOf = ({ geometry, calibration }: Calibrating): Calibration => calibratedBy(geometry, calibration)

const isReached = (by: Calibrating, mark: CalibrationMark): boolean =>
  mark.sopInstanceUid === by.sopInstanceUid || isInSeries(by, mark)

const isInSeries = (by: Calibrating, image: Pick<ReceivedImage, 'seriesInstanceUid'>): boolean =>
  by.geometry.reach === 'series' && by.seriesInstanceUid === image.seriesInstanceUid

function lastWord(
  marks: readonly CalibrationMark[],
  isOfImage: (mark: Calibrating) => boolean,
  isOfSeries: (mark: Calibrating) => boolean,
): Calibrating | undefined {
  const words = marks.flatMap((mark) => calibrating(mark) ?? [])
  return words.findLast(isOfImage) ?? words.findLast(isOfSeries)
}

function measuredBy<Mark extends CalibrationMark>(mark: Mark, calibration: Calibration): Mark {
  return {
    ...mark,
    calibration,
    values: [
      ...measure(mark.geometry, calibration),
      ...mark.values.filter(({ intensity }) => intensity !== undefined),
    ],
  }
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)
