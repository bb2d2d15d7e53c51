import type { StudyOpening } from '../../core/contract/api.ts'
import type { ExportSubjects, PaneSubject } from '../export/subject.ts'
import { seriesOf } from './series-of.ts'
import type { Panes } from './use-panes.ts'

/** The panes that show images, as an export takes them; undefined while the active one shows none. */
export function exportSubjects(
  panes: Panes,
  visible: readonly number[],
  active: number,
  openingOf: (seriesInstanceUid: string) => StudyOpening | undefined,
  shown: Pick<PaneSubject, 'showOverlays' | 'liftShutter'>,
): ExportSubjects | undefined {
  const subjectOf = (pane: number): PaneSubject | undefined => {
    const { viewport, state, images } = panes.handle(pane)
    const image = state.current?.image
    const opening = image && openingOf(seriesOf(image))
    if (viewport.current === undefined || opening === undefined || state.current?.status !== 'ready')
      return undefined
    return {
      ...shown,
      opening,
      viewport: viewport.current,
      state: () => state.current,
      images: images.current,
    }
  }
  const own = subjectOf(active)
  const all = visible.map((pane) => (pane === active ? own : subjectOf(pane)))
  return own && { active: own, panes: all.filter((pane) => pane !== undefined) }
}
