import { useEffect, useMemo, useRef, useState, type ReactNode, type RefObject } from 'react'
import type { StudyOpening } from '../../core/contract/api.ts'
import { openingIndex } from '../../core/reading/reading-order.ts'
import type { StackImage } from '../imaging/stack-image.ts'
import { startImaging } from '../imaging/start-imaging.ts'
import { panePreferences } from '../imaging/pane-preferences.ts'
import type { PrimaryTool } from '../imaging/pane-tools.ts'
import {
  openViewport,
  type ImagingViewport,
  type PointOptions,
  type ViewportState,
} from '../imaging/viewport.ts'
import { endPicture } from '../client/opening-picture.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { useReadingSettings } from '../settings/settings-context.tsx'
import { Button } from '../ui/button.tsx'
import type { WrittenArrow } from './arrow-text.tsx'
import styles from './image-pane.module.css'
import { drawLoadBar, indexAt } from './load-bar.ts'
import { markLines } from '../marks/mark-lines.ts'
import { isOnFrame } from '../marks/mark.ts'
import type { DrawnMarks } from '../marks/saved-marks.ts'
import type { Painting } from '../segments/painting.ts'
import { useToast } from '../ui/toast.tsx'
import { frameOf } from './frame-of.ts'
import { MarkField } from './measuring/mark-field.tsx'
import { trustByReader } from './measuring/trust-by-reader.ts'
import type { StartPlace } from './pane-handle.ts'
import { writeOverlays, type OverlayPlaces } from './pane-overlays.ts'
import { seriesOf } from './series-of.ts'
import { geometryOfStack, imageTrust, isAlike, trustLines, type ImageTrust } from './trust.ts'
import { TrustStrip } from './trust-strip.tsx'

interface ImagePaneProps {
  readonly opening: StudyOpening
  readonly images: readonly StackImage[]
  readonly showTexts: boolean
  readonly showOverlays: boolean
  readonly liftShutter: boolean
  readonly tool: PrimaryTool
  /** How its viewport is opened, where that shows no stack of images. */
  readonly open?: typeof openViewport
  readonly marks: DrawnMarks
  readonly points: PointOptions
  readonly painting: Painting
  /** Of planes that are computed: what they are. */
  readonly caption?: ReactNode
  /** Of a tile: which words stand in it, beside the number of its image; undefined: all of a pane's. */
  readonly corners?: readonly ((typeof CORNERS)[number] | 'foot')[]
  /** Of planes that are computed: the one to show, whenever they are computed anew. */
  readonly start?: number
  /** Where the reader was in this stack before; undefined: never here. */
  readonly place: StartPlace | undefined
  /** Filled once the pane can be driven. */
  readonly viewport: RefObject<ImagingViewport | undefined>
  readonly onState: (state: ViewportState) => void
}

const EDGES = ['top', 'right', 'bottom', 'left'] as const
const CORNERS = ['patient', 'study', 'look'] as const

/** One pane with its texts and its slice bar. React renders it when the stack changes, never for a step or a drag. */
export function ImagePane({
  opening,
  images,
  showTexts,
  showOverlays,
  liftShutter,
  tool,
  open = openViewport,
  marks,
  points,
  painting,
  caption,
  corners,
  start: chosenStart,
  place,
  viewport,
  onState,
}: ImagePaneProps): ReactNode {
  const { t, language } = useTexts()
  const surface = useRef<HTMLDivElement>(null)
  const bar = useRef<HTMLCanvasElement>(null)
  const places = useRef<Partial<Record<keyof OverlayPlaces, HTMLElement | null>>>({})
  const [status, setStatus] = useState<ViewportState['status']>('loading')
  const [trusted, setTrusted] = useState<{ readonly image: StackImage; readonly trust: ImageTrust }>()
  const [ready, setReady] = useState(false)
  /** Somebody wanted to measure on a preview. */
  const [needed, setNeeded] = useState(false)
  const [written, setWritten] = useState<WrittenArrow>()
  const toast = useToast()
  const latest = useRef({ opening, t, language, onState, points })
  const lastState = useRef<ViewportState>(undefined)
  const geometry = useMemo(() => geometryOfStack(images), [images])
  const settings = useReadingSettings()
  const lines =
    trusted !== undefined && isOfStack(trusted.image, images)
      ? trustLines(trusted.image, trusted.trust, geometry, t)
      : []

  function draw(state: ViewportState): void {
    const { opening: current, t: texts, language: shown, onState: tell } = latest.current
    lastState.current = state
    if (bar.current !== null)
      drawLoadBar(bar.current, state, (index) => viewport.current?.arrived(index) ?? 'missing')
    // A pane that is hidden or on its way out has nowhere to write.
    if (isThere(places.current))
      writeOverlays(places.current, state, current, texts, shown, corners?.includes('foot') === false)
    setStatus(state.status)
    if (state.status !== 'loading') endPicture(current.study.studyInstanceUid)
    const { image, storedAs } = state
    if (image !== undefined && storedAs !== undefined)
      trusts(image, trustByReader(marks.list(), image, imageTrust(image, { ...state, storedAs })))
    setNeeded(state.preview?.isNeeded === true)
    // What is asked of a mark goes with its image.
    if (image !== undefined)
      setWritten((before) => (before && isOnFrame(before.mark, frameOf(image)) ? before : undefined))
    tell(state)
  }

  /** Rendered when something else is to be said, which images of a stack seldom do. */
  function trusts(image: StackImage, trust: ImageTrust): void {
    setTrusted((before) =>
      before !== undefined && seriesOf(before.image) === seriesOf(image) && isAlike(before.trust, trust)
        ? before
        : { image, trust },
    )
  }

  useEffect(() => {
    latest.current = { opening, t, language, onState, points }
    if (lastState.current !== undefined) draw(lastState.current)
  })

  // What a reader says of the pixels is said at once.
  useEffect(() => marks.subscribe(() => void (lastState.current && draw(lastState.current))), [marks])

  useEffect(() => {
    const element = surface.current
    if (element === null) return
    let closed = false
    let opened: ImagingViewport | undefined
    void startImaging().then(() => {
      if (closed) return
      opened = open(
        element,
        draw,
        {
          store: marks,
          linesOf: (mark) => markLines(mark, latest.current.t),
          onText: (mark, at) => setWritten({ mark, at }),
          painting,
          onRefused: (because) => toast({ text: latest.current.t(`measuring.refused-${because}`) }),
        },
        {
          onPlace: (image, point) => latest.current.points.onPlace(image, point),
          onGrab: (name, part, at) => latest.current.points.onGrab(name, part, at),
          ...(points.onSteps === undefined
            ? {}
            : { onSteps: (steps: number) => latest.current.points.onSteps?.(steps) }),
        },
      )
      viewport.current = opened
      setReady(true)
    })
    return () => {
      closed = true
      viewport.current = undefined
      setReady(false)
      opened?.close()
    }
    // One pane for the life of the component; what changes comes through refs.
  }, [])

  useEffect(() => {
    if (!ready || images.length === 0) return
    const before = lastState.current
    const isAgain = before?.image !== undefined && before.count > 0 && isOfStack(before.image, images)
    const known = isAgain ? images.findIndex((image) => image.url === before?.image?.url) : -1
    const start = Math.min(
      known >= 0 ? known : (chosenStart ?? place?.index ?? firstShown(images)),
      images.length - 1,
    )
    const shown = viewport.current
    void shown?.showStack(images, start)
    // Before its first image: what is chosen while that is on its way is chosen later.
    if (!isAgain && place !== undefined) shown?.choose(place.choice)
    // `place` is where it starts; where it is later is the viewport's own.
  }, [ready, images, viewport])

  useEffect(() => {
    if (ready) viewport.current?.marks.refresh()
  }, [ready, language, viewport])

  useEffect(() => {
    if (ready) viewport.current?.prefer(panePreferences(settings))
  }, [ready, settings, viewport])

  useEffect(() => {
    if (ready) viewport.current?.setTool(tool)
  }, [ready, tool, viewport])

  useEffect(() => {
    if (ready) viewport.current?.showOverlays(showOverlays)
  }, [ready, showOverlays, viewport])

  useEffect(() => {
    if (ready) viewport.current?.liftShutter(liftShutter)
  }, [ready, liftShutter, viewport])

  const drag = (event: React.PointerEvent<HTMLCanvasElement>): void => {
    if (event.buttons !== 1 || bar.current === null) return
    event.currentTarget.setPointerCapture(event.pointerId)
    viewport.current?.goTo(indexAt(bar.current, event.clientY, lastState.current?.count ?? 1))
  }

  return (
    <section
      className={styles.pane}
      aria-label={t('reading.pane')}
      data-status={status}
      data-preview={trusted?.trust.preview}
      data-texts={settings.texts}
    >
      <div ref={surface} className={styles.surface} onContextMenu={(event) => event.preventDefault()} />
      <div className={styles.texts} hidden={!showTexts}>
        {CORNERS.map((corner) => (
          <div
            key={corner}
            ref={(element) => void (places.current[corner] = element)}
            className={styles[corner]}
            hidden={corners?.includes(corner) === false}
          />
        ))}
      </div>
      <div className={styles.foot}>
        {caption !== undefined && <div className={styles.caption}>{caption}</div>}
        <div
          ref={(element) => void (places.current.image = element)}
          className={`${styles.texts} ${styles.image}`}
          hidden={!showTexts}
        />
        {lines.length > 0 && corners?.includes('foot') !== false && (
          <div className={styles.texts}>
            <TrustStrip
              lines={lines}
              quiet={!showTexts}
              onWheel={(event) => surface.current?.dispatchEvent(new WheelEvent('wheel', event.nativeEvent))}
            />
          </div>
        )}
      </div>
      {EDGES.map((edge) => (
        <div
          key={edge}
          ref={(element) => void (places.current[edge] = element)}
          className={`${styles.letter} ${styles[edge]}`}
          aria-hidden
        />
      ))}
      <canvas
        ref={bar}
        hidden={corners !== undefined}
        className={styles.bar}
        onPointerDown={drag}
        onPointerMove={drag}
        aria-hidden
      />
      {written !== undefined && (
        <MarkField
          written={written}
          images={images}
          marks={marks}
          onDiscard={(uid) => viewport.current?.marks.discard(uid)}
          onClose={() => setWritten(undefined)}
        />
      )}
      {(status === 'loading' || needed) && (
        <div className={styles.badge} role="status">
          {t(needed ? 'quality.needed' : 'reading.loading')}
        </div>
      )}
      {status === 'failed' && (
        <div className={styles.failed} role="alert">
          <b>{t('reading.frame-failed')}</b>
          <p>{t('reading.frame-failed-text')}</p>
          <Button onClick={() => void viewport.current?.showStack(images, lastState.current?.index ?? 0)}>
            {t('reading.retry')}
          </Button>
        </div>
      )}
    </section>
  )
}

const isThere = (places: Partial<Record<keyof OverlayPlaces, HTMLElement | null>>): places is OverlayPlaces =>
  [...CORNERS, ...EDGES, 'image' as const].every((place) => places[place] instanceof HTMLElement)

/** Planes are computed anew all the time, and are what they were. */
const isOfStack = ({ url, computed }: StackImage, images: readonly StackImage[]): boolean =>
  computed === undefined
    ? images.some((image) => image.url === url)
    : images[0]?.computed?.stack === computed.stack

const firstShown = (images: readonly StackImage[]): number =>
  openingIndex(images.filter(({ frameNumber }) => frameNumber === 1).map(({ metadata }) => metadata))
