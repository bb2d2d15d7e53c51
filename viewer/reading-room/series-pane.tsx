import { useEffect, useMemo, useState, type ReactNode } from 'react'
import type { StudyOpening, StudySeries } from '../../core/contract/api.ts'
import { stackOf } from '../imaging/stack-image.ts'
import type { PrimaryTool } from '../imaging/pane-tools.ts'
import type { ViewportState } from '../imaging/viewport.ts'
import { useTexts } from '../locales/texts-context.tsx'
import type { DrawnMarks } from '../marks/saved-marks.ts'
import { Notice } from '../ui/notice.tsx'
import { ImagePane } from './image-pane.tsx'
import { NoImage } from './no-image.tsx'
import type { PaneHandle, PanePlace, PaneReport } from './pane-handle.ts'
import { useCine } from './use-cine.ts'
import { useSeriesMetadata } from './use-study.ts'
import { presetsOf } from './window-presets.ts'

interface SeriesPaneProps {
  readonly opening: StudyOpening
  readonly series: StudySeries
  readonly handle: PaneHandle
  readonly tool: PrimaryTool
  readonly marks: DrawnMarks
  readonly showTexts: boolean
  readonly showOverlays: boolean
  readonly liftShutter: boolean
  /** Where the reader was when this pane was last on screen. */
  readonly place: PanePlace | undefined
  readonly onState: (state: ViewportState) => void
  readonly onReport: (report: PaneReport) => void
}

/** One series in one pane: its metadata, then its images, or what it is when it has none. */
export function SeriesPane({
  opening,
  series,
  handle,
  tool,
  marks,
  showTexts,
  showOverlays,
  liftShutter,
  place,
  onState,
  onReport,
}: SeriesPaneProps): ReactNode {
  const { t } = useTexts()
  const { studyInstanceUid } = opening.study
  const { seriesInstanceUid, modality } = series
  const { instances, failed } = useSeriesMetadata(studyInstanceUid, seriesInstanceUid, series.instanceCount)
  const images = useMemo(
    () => (instances === undefined ? [] : stackOf(studyInstanceUid, seriesInstanceUid, instances)),
    [studyInstanceUid, seriesInstanceUid, instances],
  )
  const cine = useCine(handle.viewport, handle.state, images)
  const presets = useMemo(
    () => presetsOf(modality, images[Math.floor(images.length / 2)]),
    [modality, images],
  )
  const [counts, setCounts] = useState({ loaded: 0, count: 0 })

  useEffect(() => {
    handle.images.current = images
    handle.toggleCine.current = cine.toggle
  })
  useEffect(() => {
    onReport({ presets, cine: cine.available ? { playing: cine.playing } : undefined, ...counts })
    // `onReport` is another function each time; what it is told is what matters.
  }, [presets, cine.available, cine.playing, counts])

  function stateChanged(next: ViewportState): void {
    handle.state.current = next
    onState(next)
    // Rendered in tenths: a number that changes with each of 500 images would render 500 times.
    const tenth = Math.ceil(next.count / 10) || 1
    const loaded = next.loadedCount === next.count ? next.count : Math.floor(next.loadedCount / tenth) * tenth
    setCounts((before) =>
      before.loaded === loaded && before.count === next.count ? before : { loaded, count: next.count },
    )
  }

  if (failed && instances === undefined)
    return <Notice title={t('reading.failed')} text={t('reading.failed-text')} />
  if (instances !== undefined && images.length === 0)
    return <NoImage studyInstanceUid={studyInstanceUid} series={series} instances={instances} />
  return (
    <ImagePane
      opening={opening}
      images={images}
      showTexts={showTexts}
      showOverlays={showOverlays}
      liftShutter={liftShutter}
      tool={tool}
      marks={marks}
      place={place?.seriesInstanceUid === seriesInstanceUid ? place : undefined}
      viewport={handle.viewport}
      onState={stateChanged}
    />
  )
}
