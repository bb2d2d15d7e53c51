import { lazy, Suspense, useEffect, useMemo, useState, type ComponentProps, type ReactNode } from 'react'
import type { StudyOpening, StudySeries } from '../../core/contract/api.ts'
import type { ComputedView } from '../../core/contract/hanging.ts'
import { stackOf, type StackImage } from '../imaging/stack-image.ts'
import type { PrimaryTool } from '../imaging/pane-tools.ts'
import type { LookChoice } from '../imaging/stack-look.ts'
import type { ImagingViewport, PointOptions, ViewportState } from '../imaging/viewport.ts'
import { isBase, isDose, partsOf } from '../fusion/overlay-choice.ts'
import type { Fusion } from '../fusion/use-fusion.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { baseSeriesOf, drawnFirst, isDrawnOver } from '../objects/drawn/drawn-series.ts'
import type { ImagePlace } from '../objects/image-place.ts'
import { KeyStar } from '../objects/key-star.tsx'
import { isShownAsObject } from '../objects/object-kind.ts'
import { ObjectPane } from '../objects/object-pane.tsx'
import type { KeyImages } from '../objects/use-key-images.ts'
import { keyTitlesOn } from '../marks/key-marks.ts'
import type { DrawnMarks } from '../marks/saved-marks.ts'
import type { Painting } from '../segments/painting.ts'
import { useReadingSettings } from '../settings/settings-context.tsx'
import { Notice } from '../ui/notice.tsx'
import { CinePace } from './cine-pace.tsx'
import { frameOf } from './frame-of.ts'
import { ImagePane } from './image-pane.tsx'
import { isMarkKind } from './mark-keys.ts'
import { PlaneCaption } from './mpr/plane-caption.tsx'
import { usePlane, useReformat } from './mpr/use-plane.ts'
import type { Reformats } from './mpr/use-reformats.ts'
import type { Tiling } from './pane-content.ts'
import { NOTHING_SHOWN, type PaneHandle, type PaneReport, type StartPlace } from './pane-handle.ts'
import { seriesOf } from './series-of.ts'
import { TilePane } from './tiles/tile-pane.tsx'
import { useCine } from './use-cine.ts'
import { withUptake } from './uptake-window.ts'
import { useSeriesMetadata } from './use-study.ts'
import { presetsOf } from './window-presets.ts'

const FusedSeries = lazy(() =>
  import('../fusion/fused-series.tsx').then((file) => ({ default: file.FusedSeries })),
)
const VolumePane = lazy(() =>
  import('./volume/volume-pane.tsx').then((file) => ({ default: file.VolumePane })),
)
const DrawnPanel = lazy(() =>
  import('../objects/drawn/drawn-panel.tsx').then((file) => ({ default: file.DrawnPanel })),
)

interface SeriesPaneProps {
  readonly opening: StudyOpening
  readonly series: StudySeries
  readonly handle: PaneHandle
  readonly pane: number
  /** What lies over it in colour, if anything does. */
  readonly overlay: string | undefined
  readonly fusion: Fusion
  readonly tool: PrimaryTool
  readonly marks: DrawnMarks
  /** What is computed of it; undefined: its images as they were received. */
  readonly plane: ComputedView | undefined
  /** So many of its images at a time; undefined: one. */
  readonly tiling: Tiling | undefined
  /** Not its images, but all of them in three dimensions. */
  readonly asVolume: boolean
  readonly reformats: Reformats
  /** How planes are looked at first. */
  readonly planeChoice: LookChoice | undefined
  readonly points: PointOptions
  readonly painting: Painting
  /** Series of segmentations that were made of what was painted here: drawn as that was. */
  readonly savedSegments: readonly string[]
  /** That it goes together with others. */
  readonly badge: ReactNode
  readonly showTexts: boolean
  readonly showOverlays: boolean
  readonly liftShutter: boolean
  /** Segmentations and contours. */
  readonly showDrawn: boolean
  /** Where the reader was when this pane was last on screen. */
  readonly place: StartPlace | undefined
  readonly onState: (state: ViewportState) => void
  readonly onReport: (report: PaneReport) => void
  readonly keyImages: KeyImages
  /** Shows a frame that an object names, beside it. */
  readonly onGo: (place: ImagePlace) => void
}

/** One series in one pane. What is drawn over the images of another is shown there, if they are in the study. */
export function SeriesPane(props: SeriesPaneProps): ReactNode {
  if (isDose(props.series)) return <DoseSeries {...props} />
  return isDrawnOver(props.series) ? <DrawnSeries {...props} /> : <ImageSeries {...props} />
}

/** A dose is looked at over the images it was planned on; where they are not in the study, by itself. */
function DoseSeries(props: SeriesPaneProps): ReactNode {
  const { fusion, pane, opening, series } = props
  const [isAlone, setAlone] = useState(false)
  useEffect(() => {
    void fusion.layUnder(pane, { opening, series }).then(
      (refused) => setAlone(refused !== undefined),
      () => setAlone(true),
    )
    // Once: the pane then shows the images, and this is gone.
  }, [series.seriesInstanceUid])
  return isAlone ? <ImageSeries {...props} /> : <section />
}

function DrawnSeries(props: SeriesPaneProps): ReactNode {
  const { opening, series } = props
  const { seriesInstanceUid, instanceCount } = series
  const { studyInstanceUid } = opening.study
  const { instances, failed } = useSeriesMetadata(studyInstanceUid, seriesInstanceUid, instanceCount)
  const base = useMemo(() => instances && baseSeriesOf(instances, opening), [instances, opening])
  const start = useMemo(() => instances && drawnFirst(instances), [instances])
  // What it is drawn on decides what the pane is.
  if (instances === undefined && !failed) return <section />
  if (base === undefined || start === undefined) return <ImageSeries {...props} />
  return <ImageSeries {...props} series={base} drawn={seriesInstanceUid} start={start} />
}

interface ImageSeriesProps extends SeriesPaneProps {
  /** A series that is drawn over this one from the beginning. */
  readonly drawn?: string
  /** SOP Instance UID of the image that is shown first; empty: any. */
  readonly start?: string
}

/** Its metadata, then its images, or what it is when it has none. */
function ImageSeries({
  opening,
  series,
  handle,
  pane,
  overlay,
  fusion,
  tool,
  marks,
  plane: planeName,
  tiling,
  asVolume,
  reformats,
  planeChoice,
  points,
  painting,
  savedSegments,
  badge,
  showTexts,
  showOverlays,
  liftShutter,
  showDrawn,
  place,
  onState,
  onReport,
  keyImages,
  onGo,
  drawn,
  start = '',
}: ImageSeriesProps): ReactNode {
  const { t } = useTexts()
  const { studyInstanceUid } = opening.study
  const { seriesInstanceUid, modality } = series
  const { instances, failed } = useSeriesMetadata(studyInstanceUid, seriesInstanceUid, series.instanceCount)
  const received = useMemo(
    () => (instances === undefined ? [] : stackOf(studyInstanceUid, seriesInstanceUid, instances)),
    [studyInstanceUid, seriesInstanceUid, instances],
  )
  const plane = usePlane(reformats, seriesInstanceUid, planeName, received)
  const volume = useReformat(reformats, seriesInstanceUid, asVolume, received)
  const images = plane?.view.images ?? received
  const settings = useReadingSettings()
  const [drawable, setDrawable] = useState<ImagingViewport>()
  const cine = useCine(handle.viewport, handle.state, images, {
    rate: settings.cineRate,
    isReady: drawable !== undefined,
    atOnce: settings.cineAtOnce === true && !asVolume && plane === undefined,
  })
  const own = settings.windows?.[modality]
  const presets = useMemo(
    () => presetsOf(modality, received[Math.floor(received.length / 2)], own),
    [modality, received, own],
  )
  const candidates = useMemo(() => opening.series.filter(isDrawnOver), [opening])
  const doses = useMemo(() => (isBase(series) ? opening.series.filter(isDose) : []), [opening, series])
  const [keyTitles, setKeyTitles] = useState('')
  const [counts, setCounts] = useState({ loaded: 0, count: 0 })

  useEffect(() => {
    // A volume says itself what it is.
    if (!asVolume) handle.images.current = images
    handle.toggleCine.current = cine.toggle
  })
  useEffect(() => {
    if (!asVolume)
      onReport({ presets, cine: cine.available ? { playing: cine.playing } : undefined, ...counts })
    // `onReport` is another function each time; what it is told is what matters.
  }, [presets, cine.available, cine.playing, counts])

  /** Saved, or chosen just now. */
  function tellKeyTitles(): void {
    const image = handle.state.current?.image
    const frame = image?.computed === undefined ? image && frameOf(image) : undefined
    const chosen = frame && keyTitlesOn(marks.list(), frame).map((title) => t(`reading.key-title-${title}`))
    const titles = frame === undefined ? [] : [...keyImages.titlesOf(frame), ...(chosen ?? [])]
    setKeyTitles([...new Set(titles)].join(', '))
  }
  useEffect(() => {
    tellKeyTitles()
    return marks.subscribe(tellKeyTitles)
    // What is told is read when it is told.
  }, [marks, keyImages, t])

  function stateChanged(next: ViewportState): void {
    handle.state.current = next
    // Once an image is here: before, what a pane remembers of its stack is still to come.
    if (next.status !== 'loading') setDrawable(handle.viewport.current)
    onState(next)
    tellKeyTitles()
    // Rendered in tenths: a number that changes with each of 500 images would render 500 times.
    const tenth = Math.ceil(next.count / 10) || 1
    const loaded = next.loadedCount === next.count ? next.count : Math.floor(next.loadedCount / tenth) * tenth
    setCounts((before) =>
      before.loaded === loaded && before.count === next.count ? before : { loaded, count: next.count },
    )
  }

  if (failed && instances === undefined)
    return <Notice title={t('reading.failed')} text={t('reading.failed-text')} />
  if (plane?.refusal !== undefined)
    return <Notice title={t('mpr.refused')} text={t(`mpr.refused-${plane.refusal}`)} />
  if (instances !== undefined && (received.length === 0 || isShownAsObject(instances)))
    return <ObjectPane opening={opening} series={series} instances={instances} onGo={onGo} />
  const middle = received[Math.floor(received.length / 2)]
  if (typeof volume === 'string')
    return <Notice title={t('volume.refused')} text={t(`mpr.refused-${volume}`)} />
  if (asVolume)
    return (
      <Suspense fallback={<section data-status="loading" />}>
        {volume !== undefined && middle !== undefined && (
          <VolumePane
            session={volume}
            original={middle}
            handle={handle}
            onOpen={() => onReport(NOTHING_SHOWN)}
            opening={opening}
            showTexts={showTexts}
            showOverlays={showOverlays}
            liftShutter={liftShutter}
            tool={tool}
            marks={marks}
            points={points}
            painting={painting}
            onState={stateChanged}
          />
        )}
      </Suspense>
    )
  const planePlace = planeChoice && { seriesInstanceUid, index: undefined, choice: planeChoice }
  const fused = overlay === undefined ? undefined : fusion.shelvedOf(overlay)
  const known = place?.seriesInstanceUid === seriesInstanceUid ? withUptake(place, received) : undefined
  const paneProps: ComponentProps<typeof ImagePane> = {
    opening,
    images,
    showTexts,
    showOverlays,
    liftShutter,
    tool: plane !== undefined && (isMarkKind(tool) || tool === 'paint') ? 'window' : tool,
    marks,
    points,
    painting,
    ...(plane === undefined ? {} : { start: plane.view.start }),
    ...(plane?.session === undefined || planeName === undefined
      ? cine.pace === undefined
        ? {}
        : { caption: <CinePace {...cine.pace} /> }
      : { caption: <PlaneCaption plane={planeName} session={plane.session} /> }),
    place: plane === undefined ? (placeOf(start, images) ?? known) : (planePlace ?? known),
    viewport: handle.viewport,
    onState: stateChanged,
  }
  return (
    <>
      {tiling === undefined || plane !== undefined || images.length < 2 ? (
        <ImagePane {...paneProps} />
      ) : (
        <TilePane {...paneProps} layout={tiling} />
      )}
      {overlay !== undefined && fused !== undefined && drawable !== undefined && (
        <Suspense>
          <FusedSeries
            key={overlay}
            fusion={fusion}
            pane={pane}
            overlay={overlay}
            shelved={fused}
            base={{ opening, series }}
            viewport={drawable}
            images={images}
            shown={() => handle.state.current?.image}
            reformats={reformats}
            visible={showDrawn}
            showTexts={showTexts}
          />
        </Suspense>
      )}
      {candidates.length + doses.length > 0 && drawable !== undefined && showTexts && (
        <Suspense>
          <DrawnPanel
            opening={opening}
            candidates={candidates}
            doses={doses}
            dose={overlay === undefined ? undefined : partsOf(overlay).series}
            onDose={(uid) => fusion.show(pane, uid)}
            initial={drawn === undefined ? [] : [drawn]}
            added={savedSegments}
            shownSeries={seriesInstanceUid}
            viewport={drawable}
            sample={images[0]}
            visible={showDrawn}
          />
        </Suspense>
      )}
      {badge}
      {keyTitles !== '' && <KeyStar inPane text={t('objects.key-image', { titles: keyTitles })} />}
    </>
  )
}

function placeOf(sopInstanceUid: string, images: readonly StackImage[]): StartPlace | undefined {
  const index = images.findIndex((image) => frameOf(image).sopInstanceUid === sopInstanceUid)
  const [first] = images
  if (index < 0 || first === undefined) return undefined
  return { seriesInstanceUid: seriesOf(first), index, choice: { window: undefined, turnedOver: false } }
}
