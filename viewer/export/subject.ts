import type { StudyOpening } from '../../core/contract/api.ts'
import type { StackImage } from '../imaging/stack-image.ts'
import type { ImagingViewport, ViewportState } from '../imaging/viewport.ts'

/** A pane whose images are to be taken out. */
export interface PaneSubject {
  /** Of the study that the pane's images are of. */
  readonly opening: StudyOpening
  readonly viewport: ImagingViewport
  /** As it was drawn last. */
  readonly state: () => ViewportState | undefined
  readonly images: readonly StackImage[]
  readonly showOverlays: boolean
  readonly liftShutter: boolean
}

/** The panes of a room, as far as they show images. */
export interface ExportSubjects {
  readonly active: PaneSubject
  /** All that are on the screen, the active one among them. */
  readonly panes: readonly PaneSubject[]
}
