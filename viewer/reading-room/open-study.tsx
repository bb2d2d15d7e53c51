import { useMemo, useRef, useState, type MouseEvent, type ReactNode } from 'react'
import type { StudyOpening, StudySeries } from '../../core/contract/api.ts'
import type { PrimaryTool } from '../imaging/pane-tools.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { useKeyboard } from '../ui/keyboard.tsx'
import { useMay } from '../client/client-context.tsx'
import { useMarks } from '../marks/use-marks.ts'
import { useSavedMarks } from '../marks/use-saved-marks.ts'
import type { Mark } from '../marks/mark.ts'
import { classNames } from '../ui/class-names.ts'
import { Notice } from '../ui/notice.tsx'
import { MarksPanel } from './marks-panel.tsx'
import { OtherPatient } from './other-patient.tsx'
import { PaneGrid } from './pane-grid.tsx'
import { NOTHING_SHOWN, type PaneReport } from './pane-handle.ts'
import {
  paneCount,
  singlePane,
  visiblePanes,
  withActive,
  withLayout,
  withMaximised,
  withNextPane,
  withSeries,
  type Arrangement,
} from './pane-layout.ts'
import { ReadingBar } from './reading-bar.tsx'
import { readingKeys, type ReadingCommands } from './reading-keys.ts'
import styles from './reading-room.module.css'
import { SeriesPane } from './series-pane.tsx'
import { SeriesRail } from './series-rail.tsx'
import { useJump } from './use-jump.ts'
import { useLinkedScroll } from './use-linked-scroll.ts'
import { usePanes } from './use-panes.ts'
import { usePriors } from './use-priors.ts'

/** What a series is shown with: the study it is of. */
interface Shelved {
  readonly opening: StudyOpening
  readonly series: StudySeries
}

/** A study that is here: rail, panes, bar and keys, all driving the active pane. */
export function OpenStudy({ opening }: { opening: StudyOpening }): ReactNode {
  const { t, language } = useTexts()
  const [tool, setTool] = useState<PrimaryTool>('window')
  const [showTexts, setShowTexts] = useState(true)
  const [showOverlays, setShowOverlays] = useState(true)
  const [liftShutter, setLiftShutter] = useState(false)
  const [choosing, setChoosing] = useState(false)
  const [chosen, setChosen] = useState<Arrangement>()
  const [reports, setReports] = useState<Readonly<Record<number, PaneReport>>>({})
  const railBar = useRef<HTMLElement>(null)
  const panes = usePanes()
  const { marks, status: marksStatus, draftKeeper } = useMarks(opening.study.studyInstanceUid)
  const maySave = useMay('measurement.save')
  const [marksShown, setMarksShown] = useState(false)
  const { priors, openings, openPrior } = usePriors(opening.study.studyInstanceUid)

  const studies = [opening, ...openings].map(({ study }) => study.studyInstanceUid)
  const { saved, state: saving, save } = useSavedMarks(studies, marks, draftKeeper, language)

  const shelf = useMemo(
    () =>
      new Map<string, Shelved>(
        [opening, ...openings].flatMap((each) =>
          each.series.map((series) => [series.seriesInstanceUid, { opening: each, series }] as const),
        ),
      ),
    [opening, openings],
  )
  const inOrder = opening.series.map((series) => series.seriesInstanceUid)
  // Until somebody chooses, the first series to read may change while the study arrives.
  const arrangement = chosen ?? singlePane(firstToRead(opening.series)?.seriesInstanceUid)
  const { active } = arrangement
  const visible = visiblePanes(arrangement)
  const shownUid = arrangement.series[active]
  const report = reports[active] ?? NOTHING_SHOWN
  const linked = useLinkedScroll(panes, visible)

  const placeOf = (mark: Mark): string => {
    const series = shelf.get(mark.seriesInstanceUid)?.series
    const name = series?.seriesDescription || series?.modality || ''
    const pane = visible.find((each) => panes.indexOf(each, mark) !== undefined)
    const index = pane === undefined ? undefined : panes.indexOf(pane, mark)
    return [series?.seriesNumber, name, index === undefined ? undefined : `${index + 1}`]
      .filter((part) => part !== undefined && part !== null && part !== '')
      .join(' · ')
  }

  const arrange = (change: (before: Arrangement) => Arrangement): void => {
    for (const pane of visible) panes.keepPlace(pane)
    linked.unlink()
    setChosen((before) => change(before ?? arrangement))
  }
  const handle = () => panes.handle(active)
  const jump = useJump(panes, visible, active, arrange)
  const viewport = () => handle().viewport.current

  const commands: ReadingCommands = {
    step: (by) => viewport()?.step(by),
    goTo: (index) => viewport()?.goTo(index === 'last' ? handle().images.current.length - 1 : index),
    stepSeries: (by) => {
      const next = inOrder[inOrder.indexOf(shownUid ?? '') + by]
      if (next !== undefined) arrange((before) => withSeries(before, active, next))
    },
    window: (window) => viewport()?.setWindow(window),
    chooseTool: setTool,
    invert: () => viewport()?.invert(),
    rotate: (degrees) => viewport()?.rotate(degrees),
    flip: (axis) => viewport()?.flip(axis),
    fit: () => viewport()?.fit(),
    oneToOne: () => viewport()?.oneToOne(),
    zoomBy: (factor) => viewport()?.zoomBy(factor),
    reset: () => viewport()?.reset(),
    toggleCine: () => handle().toggleCine.current(),
    toggleOverlays: () => setShowOverlays((shown) => !shown),
    toggleShutter: () => setLiftShutter((lifted) => !lifted),
    toggleTexts: () => setShowTexts((shown) => !shown),
    chooseLayout: () => setChoosing(true),
    nextPane: (by) => arrange((before) => withNextPane(before, by)),
    maximise: () => arrange((before) => withMaximised(before)),
    link: linked.toggle,
    toggleMarks: () => setMarksShown((shown) => !shown),
    saveMarks: () => {
      // Where what becomes of it is said.
      setMarksShown(true)
      save()
    },
    deleteMarks: () => viewport()?.selectedMarks().forEach(marks.remove),
    undo: marks.undo,
    redo: marks.redo,
    comparePrior: () => {
      const best = priors[0]
      if (best === undefined) return
      void openPrior(best.studyInstanceUid).then((prior) => {
        const like = prior && seriesLike(prior.series, shelf.get(shownUid ?? '')?.series)
        if (like === undefined) return
        arrange((before) => {
          const wide = paneCount(before.layout) > 1 ? before : withLayout(before, { rows: 1, columns: 2 }, [])
          return { ...withSeries(wide, (wide.active + 1) % paneCount(wide.layout), like.seriesInstanceUid) }
        })
      })
    },
  }
  const room = { several: paneCount(arrangement.layout) > 1, hasPriors: priors.length > 0, maySave }
  useKeyboard(readingKeys(commands, report.presets, room))

  return (
    <div
      className={classNames(styles.room, marksShown && styles.withMarks)}
      onClick={leaveButton}
      onDragEnd={leaveButton}
    >
      <ReadingBar
        opening={opening}
        tool={tool}
        marksShown={marksShown}
        marksStatus={marksStatus}
        presets={report.presets}
        commands={commands}
        counts={report}
        cine={report.cine}
        room={room}
        linked={linked.linked}
        layout={{
          layout: arrangement.layout,
          open: choosing,
          onOpenChange: setChoosing,
          onChoose: (layout) => arrange((before) => withLayout(before, layout, inOrder)),
        }}
      />
      <SeriesRail
        series={opening.series}
        shown={shownUid}
        onShow={(uid) => arrange((before) => withSeries(before, active, uid))}
        loadBar={(element) => {
          railBar.current = element
        }}
        priors={priors}
        openings={openings}
        onOpenPrior={(uid) => void openPrior(uid)}
      />
      <main className={styles.stage}>
        <OtherPatient
          own={opening}
          others={visible.map((pane) => shelf.get(arrangement.series[pane] ?? '')?.opening)}
        />
        {shownUid === undefined && paneCount(arrangement.layout) === 1 ? (
          <Notice title={t('reading.empty')} text={t('reading.empty-text')} />
        ) : (
          <PaneGrid
            arrangement={arrangement}
            onActivate={(pane) => setChosen((before) => withActive(before ?? arrangement, pane))}
            onMaximise={(pane) => arrange((before) => withMaximised(before, pane))}
            onDropSeries={(pane, uid) => arrange((before) => withSeries(before, pane, uid))}
          >
            {(pane) => {
              const shelved = shelf.get(arrangement.series[pane] ?? '')
              if (shelved === undefined) return <p className={styles.drop}>{t('reading.drop-here')}</p>
              return (
                <SeriesPane
                  key={shelved.series.seriesInstanceUid}
                  opening={shelved.opening}
                  series={shelved.series}
                  handle={panes.handle(pane)}
                  tool={tool}
                  marks={saved}
                  showTexts={showTexts}
                  showOverlays={showOverlays}
                  liftShutter={liftShutter}
                  place={panes.place(pane)}
                  onState={(state) => {
                    jump.arrived(pane)
                    linked.follow(pane, pane === active)
                    if (pane === active && railBar.current !== null)
                      railBar.current.style.width = `${(100 * state.loadedCount) / Math.max(1, state.count)}%`
                  }}
                  onReport={(next) => setReports((before) => ({ ...before, [pane]: next }))}
                />
              )
            }}
          </PaneGrid>
        )}
      </main>
      {marksShown && (
        <MarksPanel
          store={marks}
          status={marksStatus}
          saved={saved}
          saving={saving}
          {...(maySave ? { onSave: save } : {})}
          isElsewhere={(mark) => mark.studyInstanceUid !== opening.study.studyInstanceUid}
          placeOf={placeOf}
          onGo={jump.to}
        />
      )}
    </div>
  )
}

/** After a press of the mouse the keys are the image's again: on the button, Enter and Space would press it once more. */
function leaveButton(event: MouseEvent<HTMLElement>): void {
  const focused = document.activeElement
  const byKey = event.type === 'click' && event.detail === 0
  if (!byKey && focused instanceof HTMLButtonElement && event.currentTarget.contains(focused)) focused.blur()
}

/** The largest series with images: a survey or a report is not what one opens a study for, nor a drawing on others' images. */
function firstToRead(series: readonly StudySeries[]): StudySeries | undefined {
  const weight = ({ modality, frameCount }: StudySeries): number =>
    modality === 'SEG' || modality === 'RTDOSE' ? Math.min(frameCount, 0.5) : frameCount
  return [...series].sort((a, b) => weight(b) - weight(a))[0]
}

/** The series of a prior that is most like the one that is read: by name, else by modality, else its largest. */
function seriesLike(
  candidates: readonly StudySeries[],
  read: StudySeries | undefined,
): StudySeries | undefined {
  const pictured = candidates.filter(({ frameCount }) => frameCount > 0)
  const sameKind = pictured.filter(({ modality }) => modality === read?.modality)
  const named = sameKind.find(
    ({ seriesDescription }) =>
      seriesDescription !== '' && seriesDescription.toLowerCase() === read?.seriesDescription.toLowerCase(),
  )
  return named ?? firstToRead(sameKind) ?? firstToRead(pictured)
}
