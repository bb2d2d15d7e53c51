import type { Mouse, ReadingSettings } from '../../core/contract/reading-settings.ts'

/** How a person likes panes to be. */
export interface PanePreferences {
  readonly mouse: Mouse
  /** Enlarged pixels flow into one another. */
  readonly smooth: boolean
}

/** As nobody changed it. */
export const USUAL_MOUSE: Mouse = {
  left: 'window',
  middle: 'pan',
  right: 'zoom',
  both: 'none',
  wheel: 'scroll',
  wheelControl: 'zoom',
  wheelShift: 'leap',
  windowSpeed: 1,
  windowUp: 'darker',
  scrollSpeed: 1,
  scrollReversed: false,
}

export const panePreferences = ({ mouse, smooth = true }: ReadingSettings): PanePreferences => ({
  // Out of JSON, which has no undefined.
  mouse: { ...USUAL_MOUSE, ...mouse } as Mouse,
  smooth,
})
