import { useRef } from 'react'
import { firstString } from '../../core/dicom/dicom-json.ts'
import { Tag } from '../../core/dicom/tag.ts'
import type { Mark } from '../marks/mark.ts'
import { newPaneHandle, type PaneHandle, type PanePlace } from './pane-handle.ts'
import { seriesOf } from './series-of.ts'

/** The panes of a room by number, kept without rendering: handles to drive them, and where the reader was in each. */
export interface Panes {
  handle(pane: number): PaneHandle
  place(pane: number): PanePlace | undefined
  /** Remembers where a pane is, before it leaves the screen. */
  keepPlace(pane: number): void
  /** Where a frame stands in the stack of a pane; undefined: not in it. */
  indexOf(pane: number, frame: Pick<Mark, 'sopInstanceUid' | 'frameNumber'>): number | undefined
}

export function usePanes(): Panes {
  const handles = useRef(new Map<number, PaneHandle>())
  const places = useRef(new Map<number, PanePlace>())
  const panes = useRef<Panes>({
    handle(pane) {
      const known = handles.current.get(pane) ?? newPaneHandle()
      handles.current.set(pane, known)
      return known
    },
    place: (pane) => places.current.get(pane),
    indexOf(pane, frame) {
      const images = handles.current.get(pane)?.images.current ?? []
      const index = images.findIndex(
        ({ metadata, frameNumber }) =>
          frameNumber === frame.frameNumber &&
          firstString(metadata, Tag.SOPInstanceUID) === frame.sopInstanceUid,
      )
      return index < 0 ? undefined : index
    },
    keepPlace(pane) {
      const state = handles.current.get(pane)?.state.current
      // A number among computed planes is none among the images.
      if (state?.image === undefined || state.image.computed !== undefined) return
      places.current.set(pane, {
        seriesInstanceUid: seriesOf(state.image),
        index: state.index,
        choice: state.choice,
      })
    },
  })
  return panes.current
}
