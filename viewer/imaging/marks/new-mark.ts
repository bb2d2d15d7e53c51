import { cardiothoracicRefusal } from '../../../core/measurements/cardiothoracic.ts'
import { NOTHING_SAID, type Unsaid } from '../../../core/measurements/pointed-shape.ts'
import { calibrationRefusal, receivedImage } from '../../../core/measurements/reader-calibration.ts'
import type { Geometry, ImagePoint } from '../../../core/measurements/shapes.ts'
import { nextLevel } from '../../../core/measurements/spine-labels.ts'
import type { Mark } from '../../marks/mark.ts'
import { spineLabels } from '../../marks/spine-labels.ts'
import type { StackImage } from '../stack-image.ts'

/** Why what was drawn is no mark of this image. */
export type MarkRefusal =
  | `heart-${NonNullable<ReturnType<typeof cardiothoracicRefusal>>}`
  | `calibration-${NonNullable<ReturnType<typeof calibrationRefusal>>}`

export interface NewMark {
  /** With all that is known of it. */
  readonly mark: Mark
  /** Something is missing that only the reader knows. */
  readonly isToBeAsked: boolean
  readonly refusal: MarkRefusal | undefined
}

/** What becomes of a mark that was just drawn on an image, among those that there are. */
export function newMark(mark: Mark, { metadata, frameNumber }: StackImage, marks: readonly Mark[]): NewMark {
  const { geometry } = mark
  const as = (more: Partial<NewMark>): NewMark => ({ mark, isToBeAsked: false, refusal: undefined, ...more })
  if (marks.some(({ trackingUid }) => trackingUid === mark.trackingUid)) return as({})
  if (geometry.kind === 'cardiothoracic') {
    const because = cardiothoracicRefusal(metadata)
    return as({ refusal: because && `heart-${because}` })
  }
  if (geometry.kind === 'known-length') {
    const received = receivedImage(metadata, frameNumber)
    const [from, to] = geometry.line
    const hasLength = Math.hypot(to[0] - from[0], to[1] - from[1]) >= LEAST_LENGTH
    const because =
      calibrationRefusal(geometry.kind, received.calibration) ?? (hasLength ? undefined : 'no-length')
    const [columns, rows] = received.matrix
    return as({
      mark: { ...mark, geometry: { ...geometry, matrix: [columns, rows] } },
      isToBeAsked: because === undefined,
      refusal: because && `calibration-${because}`,
    })
  }
  if (geometry.kind !== 'vertebra') return as({})
  const level = nextLevel(spineLabels(marks), { ...mark, geometry })
  return level === undefined
    ? as({ isToBeAsked: true })
    : as({ mark: { ...mark, geometry: { ...geometry, level } } })
}

/** Shorter than this, an error of one pixel is one of a tenth. Pixels. */
const LEAST_LENGTH = 10

/** Where a mark is that something is to be said of. */
export function askedAt(geometry: Geometry): ImagePoint | undefined {
  switch (geometry.kind) {
    case 'arrow':
      return geometry.tail
    case 'vertebra':
      return geometry.point
    case 'known-length':
      return geometry.line[1]
    default:
      return undefined
  }
}

/** What of a mark its handles do not say. */
export function unsaidOf(geometry: Geometry | undefined): Unsaid {
  return {
    vertebra: geometry?.kind === 'vertebra' ? { level: geometry.level } : NOTHING_SAID.vertebra,
    'known-length':
      geometry?.kind === 'known-length'
        ? { millimetres: geometry.millimetres, reach: geometry.reach, matrix: geometry.matrix }
        : NOTHING_SAID['known-length'],
  }
}
