import { useRef } from 'react'
import type { Mark } from '../marks/mark.ts'
import { withActive, withSeries, type Arrangement } from './pane-layout.ts'
import type { Panes } from './use-panes.ts'

interface Jump {
  /** Shows the frame of a mark: in the pane that has it, else in the active one. */
  to(mark: Mark): void
  /** A pane drew something; it may be the one that was waited for. */
  arrived(pane: number): void
}

export function useJump(
  panes: Panes,
  visible: readonly number[],
  active: number,
  arrange: (change: (before: Arrangement) => Arrangement) => void,
): Jump {
  const awaited = useRef<{ pane: number; mark: Mark }>(undefined)

  function go(pane: number, mark: Mark): boolean {
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
    arrived(pane) {
      const { current } = awaited
      if (current?.pane === pane && go(pane, current.mark)) awaited.current = undefined
    },
  }
}
