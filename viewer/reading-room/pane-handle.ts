import type { HangingLook } from '../../core/contract/hanging.ts'
import type { StackImage } from '../imaging/stack-image.ts'
import type { LookChoice } from '../imaging/stack-look.ts'
import type { ImagingViewport, ViewportState } from '../imaging/viewport.ts'
import type { WindowPreset } from './window-presets.ts'

/** A pane as the room drives it: commands go to one handle, whatever it shows. Read when a command comes, never rendered. */
export interface PaneHandle {
  readonly viewport: { current: ImagingViewport | undefined }
  readonly state: { current: ViewportState | undefined }
  readonly images: { current: readonly StackImage[] }
  toggleCine: { current: () => void }
}

export const newPaneHandle = (): PaneHandle => ({
  viewport: { current: undefined },
  state: { current: undefined },
  images: { current: [] },
  toggleCine: { current: () => undefined },
})

/** What the bar shows of the active pane; changes seldom. */
export interface PaneReport {
  readonly presets: readonly WindowPreset[]
  /** Undefined: the stack is no sequence in time. */
  readonly cine: { readonly playing: boolean } | undefined
  readonly loaded: number
  readonly count: number
}

export const NOTHING_SHOWN: PaneReport = { presets: [], cine: undefined, loaded: 0, count: 0 }

/** Where a reader was in a pane, so that a layout can be left and come back to. */
export interface PanePlace {
  readonly seriesInstanceUid: string
  readonly index: number
  readonly choice: LookChoice
}

/** Where a pane begins; without an index, where its stack begins by itself. */
export type StartPlace = Omit<PanePlace, 'index'> & {
  readonly index: number | undefined
  /** The window as uptake, where that is known of its images. */
  readonly uptake?: HangingLook['uptake']
}
