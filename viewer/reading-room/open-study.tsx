import { useRef, type MouseEvent, type ReactNode } from 'react'
import type { StudyOpening } from '../../core/contract/api.ts'
import { FusionButton } from '../fusion/fusion-button.tsx'
import { HangingMenu } from '../hanging/hanging-menu.tsx'
import { useTexts } from '../locales/texts-context.tsx'
import { classNames } from '../ui/class-names.ts'
import { Notice } from '../ui/notice.tsx'
import { LinkBadge } from './links/link-badge.tsx'
import { LinkMenu } from './links/link-menu.tsx'
import { MarksPanel } from './marks-panel.tsx'
import { OtherPatient } from './other-patient.tsx'
import { baseIn, computedIn, isVolume, overlayIn, seriesIn, tilesIn } from './pane-content.ts'
import { PaneGrid } from './pane-grid.tsx'
import { paneCount, withActive, withLayout, withMaximised, withSeries, withTiles } from './pane-layout.ts'
import { ReadingBar } from './reading-bar.tsx'
import styles from './reading-room.module.css'
import { SeriesPane } from './series-pane.tsx'
import { SeriesRail } from './series-rail.tsx'
import { isSmallScreen } from './small-screen.ts'
import { useOpeningPicture } from './use-opening-picture.ts'
import { useReadingRoom } from './use-reading-room.ts'

/** A study that is here: rail, panes, bar and keys, all driving the active pane. */
export function OpenStudy({ opening }: { opening: StudyOpening }): ReactNode {
  const { t } = useTexts()
  const reading = useReadingRoom(opening)
  const { active, arrangement, arrange, commands, hanging, jump, linked, marks, mpr, panes } = reading
  const { placeOf, places, priors, report, room, saved, shelf, shownUid, switches, tool, volume } = reading
  const { on } = switches
  const { segmentation } = reading
  useOpeningPicture(opening.study.studyInstanceUid, hanging.waiting ? undefined : arrangement)
  const railBar = useRef<HTMLElement>(null)

  return (
    <div
      className={classNames(
        styles.room,
        (on.marks || on.segments) && styles.withMarks,
        !on.rail && styles.withoutRail,
      )}
      onClick={leaveButton}
      onDragEnd={leaveButton}
    >
      <ReadingBar
        opening={opening}
        tool={volume.isOn ? volume.tool : tool}
        railShown={on.rail}
        marksShown={on.marks}
        marksStatus={reading.marksStatus}
        presets={report.presets}
        commands={commands}
        counts={report}
        cine={report.cine}
        room={room}
        linked={linked.linked}
        linkMenu={<LinkMenu links={linked} windows={reading.windowChoices} />}
        mpr={mpr}
        segments={segmentation.button}
        volume={volume}
        exporting={reading.exporting.menu}
        fusing={<FusionButton fusion={reading.fusion} isPainting={tool === 'paint'} />}
        hanging={
          <HangingMenu
            hanging={hanging}
            arrangement={arrangement}
            panes={panes}
            opening={opening}
            linked={linked.linked !== undefined}
            looks={reading.fusion.looks}
          />
        }
        layout={{
          layout: arrangement.layout,
          open: reading.choosing,
          onOpenChange: reading.setChoosing,
          onChoose: (layout) => arrange((before) => withLayout(before, layout, reading.inOrder)),
          tiles: {
            layout: tilesIn(arrangement.series[active]) ?? { rows: 1, columns: 1 },
            onChoose: (tiling) => arrange((before) => withTiles(before, tiling)),
          },
        }}
      />
      {reading.tags.dialog}
      {reading.keeping.dialog}
      {reading.detector.dialog}
      {reading.exporting.dialog}
      <SeriesRail
        series={opening.series}
        shown={shownUid}
        onShow={(uid) => {
          arrange((before) => withSeries(before, active, uid))
          // There it lies over the image.
          if (isSmallScreen()) switches.set('rail', false)
        }}
        loadBar={(element) => {
          railBar.current = element
        }}
        priors={priors}
        openings={reading.openings}
        onOpenPrior={(uid) => void reading.openPrior(uid)}
        keyImages={reading.keyImages}
      />
      <main className={styles.stage}>
        <OtherPatient own={opening} others={reading.shownOpenings} elsewhere={reading.studiesElsewhere} />
        {hanging.waiting ? null : shownUid === undefined && paneCount(arrangement.layout) === 1 ? (
          <Notice title={t('reading.empty')} text={t('reading.empty-text')} />
        ) : (
          <PaneGrid
            arrangement={arrangement}
            onActivate={(pane) => reading.setChosen((before) => withActive(before ?? arrangement, pane))}
            onMaximise={(pane) => arrange((before) => withMaximised(before, pane))}
            onDropSeries={(pane, uid) => arrange((before) => withSeries(before, pane, uid))}
          >
            {(pane) => {
              const content = arrangement.series[pane]
              const shelved = shelf.get(seriesIn(content) ?? '')
              if (shelved === undefined) return <p className={styles.drop}>{t('reading.drop-here')}</p>
              return (
                <SeriesPane
                  key={baseIn(content)}
                  pane={pane}
                  overlay={overlayIn(content)}
                  fusion={reading.fusion}
                  opening={shelved.opening}
                  series={shelved.series}
                  handle={panes.handle(pane)}
                  tool={isVolume(content) ? volume.tool : tool}
                  marks={saved}
                  plane={computedIn(content)}
                  tiling={tilesIn(content)}
                  asVolume={isVolume(content)}
                  reformats={reading.reformats}
                  planeChoice={mpr.choice}
                  badge={linked.members.includes(pane) && <LinkBadge switches={linked.switches} />}
                  points={places.pointsOf(pane)}
                  painting={segmentation.painting}
                  savedSegments={segmentation.saved}
                  showTexts={on.texts}
                  showOverlays={on.overlays}
                  liftShutter={on.shuttered}
                  showDrawn={on.drawn}
                  place={hanging.start(pane, shelved.series.seriesInstanceUid)}
                  onState={(state) => {
                    jump.arrived(pane)
                    if (pane === active) reading.viewLink.arrived()
                    hanging.arrived(pane, linked.join)
                    reading.comparison.drawn()
                    linked.follow(pane, pane === active)
                    places.drawn(pane)
                    reading.desk.drawn()
                    if (pane === active && railBar.current !== null)
                      railBar.current.style.width = `${(100 * state.loadedCount) / Math.max(1, state.count)}%`
                  }}
                  keyImages={reading.keyImages}
                  onGo={jump.beside}
                  onReport={(next) => reading.setReports((before) => ({ ...before, [pane]: next }))}
                />
              )
            }}
          </PaneGrid>
        )}
      </main>
      {segmentation.panel}
      {on.marks && (
        <MarksPanel
          store={marks}
          status={reading.marksStatus}
          saved={saved}
          saving={reading.saving}
          {...(reading.maySave ? { onSave: reading.save } : {})}
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
