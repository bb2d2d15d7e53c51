import { useRef } from 'react'
import type { PriorStudy, StudyOpening } from '../../core/contract/api.ts'
import type { Links } from './links/use-links.ts'
import { paneCount, withLayout, withSeries, type Arrangement } from './pane-layout.ts'
import { seriesLike } from './series-choice.ts'
import { seriesOf } from './series-of.ts'
import type { Panes } from './use-panes.ts'

interface Room {
  readonly priors: readonly PriorStudy[]
  readonly active: number
  readonly panes: Panes
  readonly linked: Links
  openPrior(studyInstanceUid: string): Promise<StudyOpening | undefined>
  /** The series that is read. */
  shown(): StudyOpening['series'][number] | undefined
  arrange(change: (before: Arrangement) => Arrangement): void
}

/** What is read beside the best study to compare it with, at one key; they scroll together. */
export interface Comparison {
  start(): void
  /** A pane drew something. */
  drawn(): void
}

export function useComparison({ priors, active, panes, linked, ...room }: Room): Comparison {
  /** The pane and the series that are awaited: how panes are linked depends on what both show. */
  const awaited = useRef<{ readonly pane: number; readonly series: string }>(undefined)

  const shows = (pane: number): string | undefined => {
    const state = panes.handle(pane).state.current
    return state?.status === 'ready' && state.image !== undefined ? seriesOf(state.image) : undefined
  }

  return {
    start() {
      const best = priors[0]
      if (best === undefined) return
      void room.openPrior(best.studyInstanceUid).then((prior) => {
        const like = prior && seriesLike(prior.series, room.shown())
        if (like === undefined) return
        room.arrange((before) => {
          const wide = paneCount(before.layout) > 1 ? before : withLayout(before, { rows: 1, columns: 2 }, [])
          const pane = (wide.active + 1) % paneCount(wide.layout)
          awaited.current = { pane, series: like.seriesInstanceUid }
          const beside = withSeries(wide, pane, like.seriesInstanceUid)
          // What is read stays in hand.
          return { ...beside, active: wide.active }
        })
      })
    },
    drawn() {
      const other = awaited.current
      if (other === undefined || shows(other.pane) !== other.series || shows(active) === undefined) return
      awaited.current = undefined
      // Two projections have nothing to scroll.
      const isStack = [active, other.pane].every((pane) => panes.handle(pane).images.current.length > 1)
      if (isStack && !linked.switches.scroll) linked.toggle('scroll')
    },
  }
}
