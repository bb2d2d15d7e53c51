import type { Mouse, KeySettings } from '../../core/contract/reading-settings.ts'
import { USUAL_MOUSE } from '../imaging/pane-preferences.ts'

export interface ReadyMade<Chosen> {
  /** A product is called the same in every language. */
  readonly name: string
  readonly chosen: Chosen
}

/**
 * What the mouse does elsewhere, as far as it is documented in the open source of each; what is not said there stays as it
 * is. Of OHIF: modes/basic/src/initToolGroups.ts and the window tool of Cornerstone (dragging down raises the centre). Of
 * Weasis: MouseActions.java; its right button opens a menu, which there is none of here. Of Horos and OsiriX:
 * DefaultsOsiriX.m and DCMView getTool.
 */
export const MOUSE_SETS: readonly ReadyMade<Partial<Mouse>>[] = [
  { name: 'Yunying', chosen: USUAL_MOUSE },
  {
    name: 'OHIF',
    chosen: {
      left: 'window',
      middle: 'pan',
      right: 'zoom',
      both: 'none',
      wheel: 'scroll',
      windowUp: 'brighter',
    },
  },
  { name: 'Weasis', chosen: { left: 'window', middle: 'pan', right: 'none', both: 'none', wheel: 'scroll' } },
  { name: 'Horos / OsiriX', chosen: { left: 'window', middle: 'pan', right: 'zoom', wheel: 'scroll' } },
]

/** Keys as elsewhere, where ours are others. Of OHIF: its default hotkeys. */
export const KEY_SETS: readonly ReadyMade<KeySettings>[] = [
  { name: 'Yunying', chosen: {} },
  {
    name: 'OHIF',
    chosen: {
      'reading.next-pane': { code: 'ArrowRight' },
      'reading.previous-pane': { code: 'ArrowLeft' },
    },
  },
]
