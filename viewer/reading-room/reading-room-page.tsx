import { useMemo, useRef, useState, type ReactNode } from 'react'
import type { StudyOpening, StudySeries } from '../../core/contract/api.ts'
import { stackOf } from '../imaging/stack-image.ts'
import type { ImagingViewport, PrimaryTool, ViewportState } from '../imaging/viewport.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { Button } from '../ui/button.tsx'
import { useKeyboard } from '../ui/keyboard.tsx'
import { Notice } from '../ui/notice.tsx'
import { ImagePane } from './image-pane.tsx'
import { NoImage } from './no-image.tsx'
import { ReadingBar } from './reading-bar.tsx'
import { readingKeys, type ReadingCommands } from './reading-keys.ts'
import styles from './reading-room.module.css'
import { SeriesRail } from './series-rail.tsx'
import { useCine } from './use-cine.ts'
import { useSeriesMetadata, useStudy } from './use-study.ts'
import { presetsOf } from './window-presets.ts'

/** One study, read: its series at the left, one of them in the pane. */
export function ReadingRoomPage({ studyInstanceUid }: { studyInstanceUid: string }): ReactNode {
  const { t } = useTexts()
  const { study, error } = useStudy(studyInstanceUid)
  if (study !== undefined) return <OpenStudy opening={study} studyInstanceUid={studyInstanceUid} />
  if (error?.code === 'study-not-found') {
    return <Message title={t('reading.not-found')} text={t('reading.not-found-text')} />
  }
  if (error !== undefined) return <Message title={t('reading.failed')} text={t('reading.failed-text')} />
  return (
    <div className={styles.message} role="status">
      {t('reading.opening')}
    </div>
  )
}

function Message({ title, text }: { title: string; text: string }): ReactNode {
  const { t } = useTexts()
  return (
    <div className={styles.message}>
      <Notice
        title={title}
        text={text}
        action={<Button onClick={() => window.location.assign('/')}>{t('reading.back')}</Button>}
      />
    </div>
  )
}

function OpenStudy({
  opening,
  studyInstanceUid,
}: {
  opening: StudyOpening
  studyInstanceUid: string
}): ReactNode {
  const { t } = useTexts()
  const [chosen, setChosen] = useState<string>()
  const [tool, setTool] = useState<PrimaryTool>('window')
  const [showTexts, setShowTexts] = useState(true)
  const [counts, setCounts] = useState({ loaded: 0, count: 0 })
  const viewport = useRef<ImagingViewport>(undefined)
  const state = useRef<ViewportState>(undefined)
  const railBar = useRef<HTMLElement>(null)

  const series =
    opening.series.find((each) => each.seriesInstanceUid === chosen) ?? firstToRead(opening.series)
  const seriesUid = series?.seriesInstanceUid
  const { instances, failed } = useSeriesMetadata(studyInstanceUid, seriesUid, series?.instanceCount ?? 0)
  const images = useMemo(
    () =>
      seriesUid === undefined || instances === undefined
        ? []
        : stackOf(studyInstanceUid, seriesUid, instances),
    [studyInstanceUid, seriesUid, instances],
  )
  const cine = useCine(viewport, state, images)
  const presets = useMemo(
    () => presetsOf(series?.modality ?? '', images[Math.floor(images.length / 2)]),
    [series?.modality, images],
  )

  const commands: ReadingCommands = {
    step: (by) => viewport.current?.goTo((state.current?.index ?? 0) + by),
    goTo: (index) => viewport.current?.goTo(index === 'last' ? images.length - 1 : index),
    stepSeries: (by) => {
      const at = opening.series.findIndex((each) => each.seriesInstanceUid === seriesUid)
      setChosen(opening.series[at + by]?.seriesInstanceUid ?? seriesUid)
    },
    window: (window) => viewport.current?.setWindow(window),
    chooseTool: (next) => {
      setTool(next)
      viewport.current?.setTool(next)
    },
    invert: () => viewport.current?.invert(),
    rotate: (degrees) => viewport.current?.rotate(degrees),
    flip: (axis) => viewport.current?.flip(axis),
    fit: () => viewport.current?.fit(),
    oneToOne: () => viewport.current?.oneToOne(),
    zoomBy: (factor) => viewport.current?.zoomBy(factor),
    reset: () => viewport.current?.reset(),
    toggleCine: cine.toggle,
    toggleTexts: () => setShowTexts((shown) => !shown),
  }
  useKeyboard(readingKeys(commands, presets))

  const onState = (next: ViewportState): void => {
    state.current = next
    if (railBar.current !== null)
      railBar.current.style.width = `${(100 * next.loadedCount) / Math.max(1, next.count)}%`
    // Rendered in tenths: a number that changes with each of 500 images would render 500 times.
    const tenth = Math.ceil(next.count / 10) || 1
    const loaded = next.loadedCount === next.count ? next.count : Math.floor(next.loadedCount / tenth) * tenth
    setCounts((before) =>
      before.loaded === loaded && before.count === next.count ? before : { loaded, count: next.count },
    )
  }

  return (
    <div className={styles.room}>
      <ReadingBar
        opening={opening}
        tool={tool}
        presets={presets}
        commands={commands}
        counts={counts}
        cine={cine.available ? { playing: cine.playing } : undefined}
      />
      <SeriesRail
        series={opening.series}
        shown={seriesUid}
        onShow={setChosen}
        loadBar={(element) => {
          railBar.current = element
        }}
      />
      <main className={styles.stage}>
        {series === undefined ? (
          <Notice title={t('reading.empty')} text={t('reading.empty-text')} />
        ) : failed && instances === undefined ? (
          <Notice title={t('reading.failed')} text={t('reading.failed-text')} />
        ) : instances !== undefined && images.length === 0 ? (
          <NoImage studyInstanceUid={studyInstanceUid} series={series} instances={instances} />
        ) : (
          <ImagePane
            opening={opening}
            images={images}
            showTexts={showTexts}
            viewport={viewport}
            onState={onState}
          />
        )}
      </main>
    </div>
  )
}

/** The largest series with images: a survey or a report is not what one opens a study for, nor a drawing on others' images. */
function firstToRead(series: readonly StudySeries[]): StudySeries | undefined {
  const weight = ({ modality, frameCount }: StudySeries): number =>
    modality === 'SEG' || modality === 'RTDOSE' ? Math.min(frameCount, 0.5) : frameCount
  return [...series].sort((a, b) => weight(b) - weight(a))[0]
}
