import { useMemo, useRef, useState, type MouseEvent, type ReactNode } from 'react'
import type { StudyOpening, StudySeries } from '../../core/contract/api.ts'
import type { PrimaryTool } from '../imaging/pane-tools.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { useKeyboard } from '../ui/keyboard.tsx'
import { useMay } from '../client/client-context.tsx'
import { useMarks } from '../marks/use-marks.ts'
import { useSavedMarks } from '../marks/use-saved-marks.ts'
import { toggleKeyImage } from '../marks/key-marks.ts'
import type { Mark } from '../marks/mark.ts'
import { classNames } from '../ui/class-names.ts'
import { Notice } from '../ui/notice.tsx'
import { useExport } from '../export/use-export.tsx'
import { HangingMenu } from '../hanging/hanging-menu.tsx'
import { useHanging } from '../hanging/use-hanging.ts'
import { useKeepView } from '../objects/use-keep-view.tsx'
import { useKeyImages } from '../objects/use-key-images.ts'
import { useTags } from '../tags/use-tags.tsx'
import { useToast } from '../ui/toast.tsx'
import { isMarkKind } from './mark-keys.ts'
import { MarksPanel } from './marks-panel.tsx'
import { useMpr } from './mpr/use-mpr.ts'
import { usePlaces } from './mpr/use-places.ts'
import { useReformats } from './mpr/use-reformats.ts'
import { exportSubjects } from './export-subjects.ts'
import { frameOf } from './frame-of.ts'
import { OtherPatient } from './other-patient.tsx'
import { PaneGrid } from './pane-grid.tsx'
import { planeIn, seriesIn } from './pane-content.ts'
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
import type { ReadingCommands } from './reading-commands.ts'
import { readingKeys } from './reading-keys.ts'
import styles from './reading-room.module.css'
import { SeriesPane } from './series-pane.tsx'
import { firstToRead, seriesLike } from './series-choice.ts'
import { SeriesRail } from './series-rail.tsx'
import { isFingerFirst, isSmallScreen } from './small-screen.ts'
import { tagSubjects } from './tag-subjects.ts'
import { useJump } from './use-jump.ts'
import { useKeyCursor } from './use-key-cursor.ts'
import { useLinkedScroll } from './use-linked-scroll.ts'
import { usePanes } from './use-panes.ts'
import { useViewLink } from './use-view-link.ts'
import { usePriors } from './use-priors.ts'

/** What a series is shown with: the study it is of. */
interface Shelved {
  readonly opening: StudyOpening
  readonly series: StudySeries
}

/** A study that is here: rail, panes, bar and keys, all driving the active pane. */
export function OpenStudy({ opening }: { opening: StudyOpening }): ReactNode {
  const { t, language } = useTexts()
  const [tool, setTool] = useState<PrimaryTool>(firstTool)
  const [railShown, setRailShown] = useState(() => !isSmallScreen())
  const [showTexts, setShowTexts] = useState(true)
  const [showOverlays, setShowOverlays] = useState(true)
  const [showDrawn, setShowDrawn] = useState(true)
  const [liftShutter, setLiftShutter] = useState(false)
  const [showLines, setShowLines] = useState(true)
  const [choosing, setChoosing] = useState(false)
  const [chosen, setChosen] = useState<Arrangement>()
  const [reports, setReports] = useState<Readonly<Record<number, PaneReport>>>({})
  const railBar = useRef<HTMLElement>(null)
  const panes = usePanes()
  const reformats = useReformats()
  const toast = useToast()
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
  const hanging = useHanging({
    opening,
    priors,
    openings,
    openPrior,
    panes,
    isArranged: chosen !== undefined,
    restart() {
      linked.unlink()
      setChosen(undefined)
    },
  })
  const arrangement =
    chosen ?? hanging.arrangement ?? singlePane(firstToRead(opening.series)?.seriesInstanceUid)
  const { active } = arrangement
  const visible = visiblePanes(arrangement)
  const shownUid = seriesIn(arrangement.series[active])
  const report = reports[active] ?? NOTHING_SHOWN
  const keyImages = useKeyImages(opening)
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
  const viewLink = useViewLink(opening, jump, handle)
  const viewport = () => handle().viewport.current
  const cursor = useKeyCursor(tool, active, viewport)
  const mpr = useMpr(reformats, arrangement, handle, arrange, (refusal) =>
    toast({ text: `${t('mpr.refused')}: ${t(`mpr.refused-${refusal}`)}` }),
  )
  const places = usePlaces(panes, reformats, {
    visible,
    active,
    contents: arrangement.series,
    showLines,
    isPointing: tool === 'place',
  })

  const tags = useTags(() => tagSubjects(panes, visible, active, t))
  const exporting = useExport(() =>
    exportSubjects(panes, visible, active, (uid) => shelf.get(uid)?.opening, { showOverlays, liftShutter }),
  )

  const keeping = useKeepView(saved, handle)

  const commands: ReadingCommands = {
    step: (by) => viewport()?.step(by),
    goTo: (index) => viewport()?.goTo(index === 'last' ? handle().images.current.length - 1 : index),
    stepSeries: (by) => {
      const next = inOrder[inOrder.indexOf(shownUid ?? '') + by]
      if (next !== undefined) arrange((before) => withSeries(before, active, next))
    },
    window: (window) => viewport()?.setWindow(window),
    chooseTool: (next) => {
      if (isMarkKind(next) && planeIn(arrangement.series[active]) !== undefined)
        toast({ text: t('mpr.no-marks') })
      setTool(next)
    },
    point() {
      if (!isMarkKind(tool)) setTool('length')
      if (!cursor.isOn) toast({ text: t('reading.cursor-keys') })
      cursor.toggle()
    },
    toggleKeyImage() {
      const image = handle().state.current?.image
      if (image === undefined) return
      if (image.computed === undefined) toggleKeyImage(marks, frameOf(image))
      else toast({ text: t('reading.key-not-computed') })
    },
    movePoint: cursor.move,
    setPoint: cursor.set,
    letGo() {
      viewport()?.marks.cancel()
      if (cursor.isOn) cursor.stop()
      else setTool(firstTool())
    },
    invert: () => viewport()?.invert(),
    rotate: (degrees) => viewport()?.rotate(degrees),
    flip: (axis) => viewport()?.flip(axis),
    fit: () => viewport()?.fit(),
    oneToOne: () => viewport()?.oneToOne(),
    zoomBy: (factor) => viewport()?.zoomBy(factor),
    reset: () => viewport()?.reset(),
    toggleCine: () => handle().toggleCine.current(),
    toggleOverlays: () => setShowOverlays((shown) => !shown),
    toggleDrawn: () => setShowDrawn((shown) => !shown),
    toggleShutter: () => setLiftShutter((lifted) => !lifted),
    copyLink: viewLink.copy,
    showTags: tags.show,
    keepView: keeping.ask,
    toggleTexts: () => setShowTexts((shown) => !shown),
    toggleRail: () => setRailShown((shown) => !shown),
    chooseLayout: () => setChoosing(true),
    nextPane: (by) => arrange((before) => withNextPane(before, by)),
    maximise: () => arrange((before) => withMaximised(before)),
    link: linked.toggle,
    togglePlanes: mpr.toggle,
    nextSlabMode: mpr.nextSlabMode,
    thicken: mpr.thicken,
    toggleLines: () => setShowLines((shown) => !shown),
    toggleMarks: () => setMarksShown((shown) => !shown),
    saveMarks: () => {
      // Where what becomes of it is said.
      setMarksShown(true)
      save()
    },
    deleteMarks: () => viewport()?.marks.selected().forEach(marks.remove),
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
          const beside = withSeries(wide, (wide.active + 1) % paneCount(wide.layout), like.seriesInstanceUid)
          // What is read stays in hand.
          return { ...beside, active: wide.active }
        })
      })
    },
  }
  const room = {
    several: paneCount(arrangement.layout) > 1,
    hasPriors: priors.length > 0,
    maySave,
    hasPlanes: mpr.isOn,
    isPointing: cursor.isOn,
  }
  useKeyboard(readingKeys(commands, report.presets, room))

  return (
    <div
      className={classNames(styles.room, marksShown && styles.withMarks, !railShown && styles.withoutRail)}
      onClick={leaveButton}
      onDragEnd={leaveButton}
    >
      <ReadingBar
        opening={opening}
        tool={tool}
        railShown={railShown}
        marksShown={marksShown}
        marksStatus={marksStatus}
        presets={report.presets}
        commands={commands}
        counts={report}
        cine={report.cine}
        room={room}
        linked={linked.linked}
        mpr={mpr}
        exporting={exporting.menu}
        hanging={
          <HangingMenu
            hanging={hanging}
            arrangement={arrangement}
            panes={panes}
            opening={opening}
            linked={linked.linked !== undefined}
          />
        }
        layout={{
          layout: arrangement.layout,
          open: choosing,
          onOpenChange: setChoosing,
          onChoose: (layout) => arrange((before) => withLayout(before, layout, inOrder)),
        }}
      />
      {tags.dialog}
      {keeping.dialog}
      {exporting.dialog}
      <SeriesRail
        series={opening.series}
        shown={shownUid}
        onShow={(uid) => {
          arrange((before) => withSeries(before, active, uid))
          // There it lies over the image.
          if (isSmallScreen()) setRailShown(false)
        }}
        loadBar={(element) => {
          railBar.current = element
        }}
        priors={priors}
        openings={openings}
        onOpenPrior={(uid) => void openPrior(uid)}
        keyImages={keyImages}
      />
      <main className={styles.stage}>
        <OtherPatient
          own={opening}
          others={visible.map((pane) => shelf.get(seriesIn(arrangement.series[pane]) ?? '')?.opening)}
        />
        {hanging.waiting ? null : shownUid === undefined && paneCount(arrangement.layout) === 1 ? (
          <Notice title={t('reading.empty')} text={t('reading.empty-text')} />
        ) : (
          <PaneGrid
            arrangement={arrangement}
            onActivate={(pane) => setChosen((before) => withActive(before ?? arrangement, pane))}
            onMaximise={(pane) => arrange((before) => withMaximised(before, pane))}
            onDropSeries={(pane, uid) => arrange((before) => withSeries(before, pane, uid))}
          >
            {(pane) => {
              const content = arrangement.series[pane]
              const shelved = shelf.get(seriesIn(content) ?? '')
              if (shelved === undefined) return <p className={styles.drop}>{t('reading.drop-here')}</p>
              return (
                <SeriesPane
                  key={content}
                  opening={shelved.opening}
                  series={shelved.series}
                  handle={panes.handle(pane)}
                  tool={tool}
                  marks={saved}
                  plane={planeIn(content)}
                  reformats={reformats}
                  planeChoice={mpr.choice}
                  points={places.pointsOf(pane)}
                  showTexts={showTexts}
                  showOverlays={showOverlays}
                  liftShutter={liftShutter}
                  showDrawn={showDrawn}
                  place={hanging.start(pane, shelved.series.seriesInstanceUid)}
                  onState={(state) => {
                    jump.arrived(pane)
                    if (pane === active) viewLink.arrived()
                    hanging.arrived(pane, linked.toggle)
                    linked.follow(pane, pane === active)
                    places.drawn(pane)
                    if (pane === active && railBar.current !== null)
                      railBar.current.style.width = `${(100 * state.loadedCount) / Math.max(1, state.count)}%`
                  }}
                  keyImages={keyImages}
                  onGo={jump.beside}
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

const firstTool = (): PrimaryTool => (isFingerFirst() ? 'scroll' : 'window')

/** After a press of the mouse the keys are the image's again: on the button, Enter and Space would press it once more. */
function leaveButton(event: MouseEvent<HTMLElement>): void {
  const focused = document.activeElement
  const byKey = event.type === 'click' && event.detail === 0
  if (!byKey && focused instanceof HTMLButtonElement && event.currentTarget.contains(focused)) focused.blur()
}
