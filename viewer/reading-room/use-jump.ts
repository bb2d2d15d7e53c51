import { useRef } from 'react'
import type { ImagePlace } from '../objects/image-place.ts'
import { paneCount, withActive, withLayout, withSeries, type Arrangement } from './pane-layout.ts'
import type { Panes } from './use-panes.ts'

interface Jump {
  /** Shows the frame of a mark: in the pane that has it, else in the active one. */
  to(mark: ImagePlace): void
  /** Shows a frame in a pane other than the active one, which names it and stays. */
  beside(place: ImagePlace): void
  /** A pane drew something; it may be the one that was waited for. */
  arrived(pane: number): void
}

export function useJump(
  panes: Panes,
  visible: readonly number[],
  active: number,
  arrange: (change: (before: Arrangement) => Arrangement) => void,
): Jump {
  const awaited = useRef<{ pane: number; mark: ImagePlace }>(undefined)

  function go(pane: number, mark: ImagePlace): boolean {
    const index = panes.indexOf(pane, mark)
    const viewport = panes.handle(pane).viewport.current
    if (index === undefined || viewport === undefined) return false
    viewport.goTo(index)
    return true
  }

  return {
    to(mark) {
      const pane = visible.find((each) => panes.indexOf(each, mark) !== undefined)
      if (pane !== undefined && go(pane, mark)) {
        awaited.current = undefined
        return arrange((before) => withActive(before, pane))
      }
      awaited.current = { pane: active, mark }
      arrange((before) => withSeries(before, active, mark.seriesInstanceUid))
    },
    beside(place) {
      const pane = visible.find((each) => each !== active && panes.indexOf(each, place) !== undefined)
      if (pane !== undefined && go(pane, place)) return
      arrange((before) => {
        const wide =
          paneCount(before.layout) > 1
            ? { ...before, maximised: false }
            : withLayout(before, { rows: 1, columns: 2 }, [])
        const target = (wide.active + 1) % paneCount(wide.layout)
        awaited.current = { pane: target, mark: place }
        return { ...withSeries(wide, target, place.seriesInstanceUid), active: wide.active }
      })
    },
    arrived(pane) {
      const { current } = awaited
      if (current?.pane === pane && go(pane, current.mark)) awaited.current = undefined
    },
  }
}
