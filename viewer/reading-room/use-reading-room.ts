import { useMemo, useState } from 'react'
import type { StudyOpening } from '../../core/contract/api.ts'
import { useMay } from '../client/client-context.tsx'
import { useExport } from '../export/use-export.tsx'
import type { Shelved } from '../fusion/overlay-choice.ts'
import { useFusion } from '../fusion/use-fusion.ts'
import { useHanging } from '../hanging/use-hanging.ts'
import { useHungLooks } from '../hanging/use-hung-looks.ts'
import type { PrimaryTool } from '../imaging/pane-tools.ts'
import { useTexts } from '../locales/texts-context.tsx'
import type { Mark } from '../marks/mark.ts'
import { useMarks } from '../marks/use-marks.ts'
import { useSavedMarks } from '../marks/use-saved-marks.ts'
import { useKeepView } from '../objects/use-keep-view.tsx'
import { useKeyImages } from '../objects/use-key-images.ts'
import { useOpenSettings, useReadingSettings } from '../settings/settings-context.tsx'
import { useTags } from '../tags/use-tags.tsx'
import { useKeyboard } from '../ui/keyboard.tsx'
import { useToast } from '../ui/toast.tsx'
import { exportSubjects } from './export-subjects.ts'
import { useLinks } from './links/use-links.ts'
import { useDetector } from './measuring/use-detector.tsx'
import { useMpr } from './mpr/use-mpr.ts'
import { usePlaces } from './mpr/use-places.ts'
import { useReformats } from './mpr/use-reformats.ts'
import { useNextStudy } from './next-study/use-next-study.ts'
import { seriesIn } from './pane-content.ts'
import { NOTHING_SHOWN, type PaneReport } from './pane-handle.ts'
import { isSameShown, paneCount, singlePane, visiblePanes, type Arrangement } from './pane-layout.ts'
import { readingKeys } from './reading-keys.ts'
import { roomCommands } from './room-commands.ts'
import { useSegmentation } from './segments/use-segmentation.tsx'
import { firstToRead } from './series-choice.ts'
import { firstTool } from './small-screen.ts'
import { tagSubjects } from './tag-subjects.ts'
import { useJump } from './use-jump.ts'
import { useKeyCursor } from './use-key-cursor.ts'
import { useComparison } from './use-comparison.ts'
import { usePanes } from './use-panes.ts'
import { usePriors } from './use-priors.ts'
import { useSwitches } from './use-switches.ts'
import { useViewLink } from './use-view-link.ts'
import { useVolume } from './volume/use-volume.ts'
import { shownWindow } from './window-presets.ts'
import { useDesk } from './windows/use-desk.ts'
import { useOtherWindows } from './windows/use-other-windows.ts'
import { useStudiesElsewhere } from './windows/use-studies-elsewhere.ts'
import { useWindowChoices } from './windows/use-window-choices.ts'

/** What a reading room is: its panes and what is in them, and all that can be done with them. */
export function useReadingRoom(opening: StudyOpening) {
  const { t, language } = useTexts()
  const settings = useReadingSettings()
  const openSettings = useOpenSettings()
  const [taken, setTool] = useState<PrimaryTool>()
  const tool = taken ?? firstTool(settings.mouse?.left)
  const switches = useSwitches()
  const { on } = switches
  const [choosing, setChoosing] = useState(false)
  const [chosen, setChosen] = useState<Arrangement>()
  const [reports, setReports] = useState<Readonly<Record<number, PaneReport>>>({})
  const panes = usePanes()
  const reformats = useReformats()
  const toast = useToast()
  const { marks, status: marksStatus, draftKeeper } = useMarks(opening.study.studyInstanceUid)
  const maySave = useMay('measurement.save')
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
  const shownOpenings = visible.map((pane) => shelf.get(seriesIn(arrangement.series[pane]) ?? '')?.opening)
  const windows = useOtherWindows([
    ...new Set([opening, ...shownOpenings].flatMap((each) => each?.study.studyInstanceUid ?? [])),
  ])
  const studiesElsewhere = useStudiesElsewhere(windows.studies)
  const linked = useLinks(panes, { visible, active, elsewhere: windows.elsewhere })

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
    if (!isSameShown(arrangement, change(arrangement))) linked.unlink()
    setChosen((before) => change(before ?? arrangement))
  }
  const handle = () => panes.handle(active)
  const fusion = useFusion(arrangement, shelf, handle, (change) =>
    setChosen((before) => change(before ?? arrangement)),
  )
  useHungLooks(hanging, fusion)
  const jump = useJump(panes, visible, active, arrange)
  const viewLink = useViewLink(opening, jump, handle)
  const cursor = useKeyCursor(tool, active, () => handle().viewport.current)
  const mpr = useMpr(reformats, arrangement, handle, arrange, (refusal) =>
    toast({ text: `${t('mpr.refused')}: ${t(`mpr.refused-${refusal}`)}` }),
  )
  const volume = useVolume(
    reformats,
    arrangement,
    handle,
    arrange,
    (text) => toast({ text: t(text) }),
    (refusal) => toast({ text: `${t('volume.refused')}: ${t(`mpr.refused-${refusal}`)}` }),
  )
  const places = usePlaces(panes, reformats, {
    visible,
    active,
    contents: arrangement.series,
    showLines: on.lines,
    isPointing: tool === 'place',
    onPointed: (frameOfReference, at) =>
      windows.tell({ kind: 'place', frameOfReference, at: [at[0], at[1], at[2]] }),
  })
  const desk = useDesk(windows, { panes, visible, active, tool, setTool, links: linked, places })
  const windowChoices = useWindowChoices(opening, priors[0]?.studyInstanceUid, windows.count, linked, handle)

  const tags = useTags(() => tagSubjects(panes, visible, active, t))
  const exporting = useExport(() =>
    exportSubjects(panes, visible, active, (uid) => shelf.get(uid)?.opening, {
      showOverlays: on.overlays,
      liftShutter: on.shuttered,
    }),
  )

  const keeping = useKeepView(saved, handle)
  const segmentation = useSegmentation({
    opening,
    tool: volume.isOn ? volume.tool : tool,
    setTool,
    active,
    handle,
    maySave,
    switches,
    goTo: jump.to,
  })
  const detector = useDetector(marks, handle)
  const stepStudy = useNextStudy(opening.study.studyInstanceUid, panes, visible, () =>
    toast({ text: t('reading.no-more-studies') }),
  )

  const comparison = useComparison({
    priors,
    active,
    panes,
    linked,
    openPrior,
    arrange,
    shown: () => shelf.get(shownUid ?? '')?.series,
  })

  function keepWindow(): void {
    const modality = shelf.get(shownUid ?? '')?.series.modality
    const state = handle().state.current
    const window = state?.image && shownWindow(state.image, state.window)
    if (modality === undefined || window === undefined) toast({ text: t('reading.preset-none') })
    else openSettings({ keep: { modality, window } })
  }

  const commands = volume.adapted(
    roomCommands(
      {
        arrangement,
        arrange,
        handle,
        inOrder,
        shownUid,
        tool,
        setTool,
        cursor,
        marks,
        mpr,
        switches,
        say: (text) => toast({ text: t(text) }),
        saveMarks: save,
      },
      {
        stepStudy,
        keepWindow,
        copyLink: viewLink.copy,
        showTags: tags.show,
        keepView: () => void (panes.handle(active).viewport.current?.needExact() === true && keeping.ask()),
        takeDetector: detector.ask,
        chooseLayout: () => setChoosing(true),
        link: () => linked.toggle('scroll'),
        comparePrior: comparison.start,
      },
    ),
  )
  const room = {
    several: paneCount(arrangement.layout) > 1 || windows.count > 0,
    hasPriors: priors.length > 0,
    maySave,
    hasPlanes: mpr.isOn,
    isPointing: cursor.isOn,
  }
  useKeyboard(volume.keys(readingKeys(commands, report.presets, room)))

  return {
    active,
    arrangement,
    arrange,
    choosing,
    setChoosing,
    setChosen,
    commands,
    comparison,
    desk,
    detector,
    exporting,
    fusion,
    hanging,
    inOrder,
    jump,
    keeping,
    keyImages,
    linked,
    marks,
    marksStatus,
    maySave,
    mpr,
    openings,
    openPrior,
    panes,
    placeOf,
    places,
    priors,
    reformats,
    report,
    room,
    save,
    saved,
    saving,
    segmentation,
    setReports,
    shelf,
    shownOpenings,
    shownUid,
    studiesElsewhere,
    switches,
    tags,
    tool,
    viewLink,
    visible,
    volume,
    windowChoices,
  }
}
