import type { SavePresentation } from '../../core/contract/presentation.ts'
import { firstString } from '../../core/dicom/dicom-json.ts'
import { Tag } from '../../core/dicom/tag.ts'
import { isMeasured } from '../../core/measurements/shapes.ts'
import type { ImageView } from '../imaging/view-area.ts'
import type { ViewportState } from '../imaging/viewport.ts'
import type { Mark } from '../marks/mark.ts'

/** A view, ready to be named and kept, and the study it is of. */
export type KeptView = Omit<SavePresentation, 'name' | 'language'> & { readonly study: string }

/** Why a view cannot be kept. */
export type NotKept = 'nothing' | 'computed' | 'colour'

/** The view of a pane with what is drawn on the series that it shows, or why it is none to keep. */
export function keptView(
  state: ViewportState | undefined,
  view: ImageView | undefined,
  marks: readonly Mark[],
  linesOf: (mark: Mark) => string[],
): KeptView | NotKept {
  const { image, window, choice, status } = state ?? {}
  if (image === undefined || choice === undefined || view === undefined || status !== 'ready')
    return 'nothing'
  if (image.computed !== undefined) return 'computed'
  if (window === undefined) return 'colour'
  const uid = (tag: string): string => firstString(image.metadata, tag) ?? ''
  const seriesInstanceUid = uid(Tag.SeriesInstanceUID)
  return {
    study: uid(Tag.StudyInstanceUID),
    seriesInstanceUid,
    sopInstanceUid: uid(Tag.SOPInstanceUID),
    look: {
      window: choice.window ?? null,
      automatic: { center: window.center, width: window.width, function: 'LINEAR' },
      turnedOver: choice.turnedOver,
      ...view,
      area: { topLeft: [...view.area.topLeft], bottomRight: [...view.area.bottomRight] },
    },
    marks: marks.flatMap((mark) => {
      const { geometry, sopInstanceUid, frameNumber, calibration, hidden } = mark
      return hidden || !isMeasured(geometry) || mark.seriesInstanceUid !== seriesInstanceUid
        ? []
        : [{ sopInstanceUid, frameNumber, geometry, calibration, lines: linesOf(mark) }]
    }),
  }
}
