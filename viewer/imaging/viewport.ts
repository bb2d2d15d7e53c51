import { Enums, type Types } from '@cornerstonejs/core'
import { numbers } from '../../core/dicom/dicom-json.ts'
import type { VoiWindow } from '../../core/dicom/grayscale.ts'
import { Tag } from '../../core/dicom/tag.ts'
import { onDrags, type DragMove } from './drag-tools.ts'
import { draggedWindow } from './drag-window.ts'
import type { FrameImage } from './frames/frame-image.ts'
import { rangeOf } from './frames/frame-look.ts'
import type { MarkOptions } from './marks/mark-layer.ts'
import { edgeLetters, type EdgeLetters } from './orientation.ts'
import { openPaneTools, type PrimaryTool } from './pane-tools.ts'
import { openOverlayLayer, type OverlayState } from './overlays/overlay-layer.ts'
import { openShutterLayer, type ShutterState } from './overlays/shutter-layer.ts'
import { startPrefetch, type Prefetch } from './prefetch.ts'
import { openEnginePane } from './shared-engine.ts'
import { layoutOf, presentationOf, type StackImage } from './stack-image.ts'
import { frameLoader } from './start-imaging.ts'

/** What a person chose beyond what the files say, for the whole stack. */
export interface LookChoice {
  /** Undefined: each image has its own. */
  readonly window: VoiWindow | undefined
  /** Black and white turned over. */
  readonly turnedOver: boolean
}

/** What the page writes over the image; told on every change, never more often than it is drawn. */
export interface ViewportState {
  readonly index: number
  readonly count: number
  readonly image: StackImage | undefined
  /** In the units after the modality transform; undefined in colour. */
  readonly window: { readonly center: number; readonly width: number } | undefined
  /** Screen pixels an image pixel. */
  readonly scale: number
  readonly choice: LookChoice
  readonly letters: EdgeLetters | undefined
  readonly overlays: OverlayState
  readonly shutter: ShutterState
  readonly loadedCount: number
  /** The transfer syntax in which the archive keeps the image, once that is on screen. */
  readonly storedAs: string | undefined
  /** The shown image is being fetched, or could not be had. */
  readonly status: 'ready' | 'loading' | 'failed'
}

/** One pane that shows a stack. The only thing the reading room knows of the imaging library. */
export interface ImagingViewport {
  showStack(images: readonly StackImage[], start: number): Promise<void>
  goTo(index: number): void
  /** From the image wanted last, shown already or not: no step of a held key is lost. */
  step(by: number): void
  isLoaded(index: number): boolean
  setTool(tool: PrimaryTool): void
  /** For all images of the stack; undefined: by the values of the image shown. */
  setWindow(window: Pick<VoiWindow, 'center' | 'width'> | undefined): void
  invert(): void
  /** As it was chosen before. */
  choose(choice: LookChoice): void
  rotate(degrees: number): void
  flip(axis: 'horizontal' | 'vertical'): void
  fit(): void
  oneToOne(): void
  zoomBy(factor: number): void
  reset(): void
  /** Overlay planes: what was drawn over the image by others. */
  showOverlays(visible: boolean): void
  /** Whether what a shutter covers can be seen. */
  liftShutter(lifted: boolean): void
  /** Tracking UIDs of the marks that were clicked last. */
  selectedMarks(): string[]
  /** Draws the texts of marks again, in another language. */
  refreshMarks(): void
  close(): void
}

const AS_FILED: LookChoice = { window: undefined, turnedOver: false }
/** What one notch of a common wheel reports; a touchpad reports less, more often. Pixels. */
const WHEEL_NOTCH = 100
/** Of a drag that scrolls: from one image to the next. Pixels. */
const SCROLL_PIXELS = 8
/** A pane that closes often opens elsewhere, with the same stack: what it waits for goes on so long. Milliseconds. */
const REOPENED_WITHIN = 250
/** An image that takes longer is said to be loading. Milliseconds. */
const LATE = 150

/** Opens a pane in the element, once `startImaging` has resolved. `onState` is called whenever something of the state changed. */
export function openViewport(
  element: HTMLDivElement,
  onState: (state: ViewportState) => void,
  marks: MarkOptions,
): ImagingViewport {
  const frames = frameLoader()
  const pane = openEnginePane(element, announce)
  const { viewport } = pane
  const tools = openPaneTools(pane, marks)
  const overlays = openOverlayLayer(pane, announce)
  const shutter = openShutterLayer(pane, announce)

  let images: readonly StackImage[] = []
  let imageIds: string[] = []
  let prefetch: Prefetch | undefined
  let status: ViewportState['status'] = 'loading'
  let wanted = 0
  let moving = false
  /** The library has not been given this stack yet. */
  let isNew = false
  /** Called once nothing is under way. */
  const waiting: (() => void)[] = []
  let closed = false
  let announced = 0
  let choice: LookChoice = AS_FILED
  /** Of the first image that names none: what its values span. The others are shown alike, to be compared. */
  let automatic: VoiWindow | undefined
  let shown: { readonly window: VoiWindow | undefined; readonly inverted: boolean } = {
    window: undefined,
    inverted: false,
  }

  function announce(): void {
    if (announced !== 0 || closed) return
    announced = requestAnimationFrame(() => {
      announced = 0
      // The library says the next image is the current one as soon as it is asked for, while the last is still on screen:
      // marks and overlays belong to what is on screen, and are placed by its geometry.
      const drawn =
        status === 'ready' && isDisplayed() ? images[viewport.getCurrentImageIdIndex()] : undefined
      tools.marks.shows(drawn)
      overlays.shows(drawn, shownImage())
      shutter.shows(drawn)
      onState(stateNow())
    })
  }

  const isDisplayed = (): boolean =>
    shownImage()?.imageId === viewport.getCurrentImageId() && viewport.getImageData() !== undefined

  function stateNow(): ViewportState {
    const index = images.length === 0 ? 0 : viewport.getCurrentImageIdIndex()
    const image = images[index]
    const isReady = image !== undefined && status === 'ready'
    return {
      index,
      count: images.length,
      image,
      window: isReady ? shown.window : undefined,
      scale: isReady ? scaleOf(viewport) : 1,
      choice,
      letters: isReady
        ? edgeLetters(viewport, numbers(presentationOf(image), Tag.ImageOrientationPatient))
        : undefined,
      overlays: overlays.state,
      shutter: shutter.state,
      loadedCount: prefetch?.loadedCount() ?? 0,
      storedAs: isReady && isDisplayed() ? shownImage()?.storedAs : undefined,
      status,
    }
  }

  const shownImage = (): FrameImage | undefined => viewport.getCornerstoneImage() as FrameImage | undefined

  /** Shows the image at hand by what was chosen, else as its file says: the library keeps both from image to image. */
  function applyLook(): void {
    const image = shownImage()
    if (image === undefined || status !== 'ready') return
    const { look } = image
    if (look?.automatic === true) automatic ??= look.window
    const window = look && (choice.window ?? (look.automatic ? automatic : look.window))
    shown = { window, inverted: choice.turnedOver !== (look?.inverted ?? false) }
    viewport.setProperties({
      voiRange: window === undefined ? { lower: 0, upper: 255 } : image.toRange(rangeOf(window)),
      invert: shown.inverted,
    })
    viewport.render()
    announce()
  }

  function choose(next: LookChoice): void {
    choice = next
    applyLook()
  }

  /**
   * Goes to the image wanted last: while one is fetched, wishes in between are skipped, never queued. One at a time: of
   * two under way the library may show the one that comes last, be it of the stack before.
   */
  async function move(): Promise<void> {
    if (moving) return
    moving = true
    try {
      while (!closed && images.length > 0 && (isNew || wanted !== viewport.getCurrentImageIdIndex())) {
        const target = wanted
        const from = isNew ? undefined : images[viewport.getCurrentImageIdIndex()]
        isNew = false
        prefetch?.moveTo(target)
        await show(target, () =>
          isSameSize(from, images[target])
            ? viewport.setImageIdIndex(target)
            : viewport.setStack(imageIds, target),
        )
      }
    } finally {
      moving = false
      for (const arrived of waiting.splice(0)) arrived()
    }
  }

  async function show(target: number, load: () => Promise<unknown>): Promise<void> {
    const ids = imageIds
    const late = setTimeout(() => {
      status = 'loading'
      announce()
    }, LATE)
    let loaded: typeof status
    try {
      await load()
      // On a graphics card the library does not say that it could not load: the image before stays on the screen.
      loaded = shownImage()?.imageId === ids[target] ? 'ready' : 'failed'
    } catch {
      // Of whatever kind: this image cannot be shown, the pane says so, and others can.
      loaded = 'failed'
    } finally {
      clearTimeout(late)
    }
    // What became of a stack that is no longer wanted is of no interest.
    if (closed || ids !== imageIds) return
    status = loaded
    applyLook()
    announce()
  }

  function want(index: number): void {
    wanted = Math.max(0, Math.min(images.length - 1, index))
    void move()
  }

  function beginScroll(): DragMove {
    const start = wanted
    return (_, down) => want(start + Math.round(down / SCROLL_PIXELS))
  }

  function beginWindow(): DragMove | undefined {
    const { window, inverted } = shown
    if (window === undefined || status !== 'ready') return undefined
    return (right, down) => {
      choose({ ...choice, window: draggedWindow(personal(window), right, inverted ? -down : down) })
    }
  }

  /** A window as a person sets it: linear, or the sigmoid of the file. */
  const personal = ({ center, width }: Pick<VoiWindow, 'center' | 'width'>): VoiWindow => ({
    center,
    width,
    function: shownImage()?.look?.windowFunction ?? 'LINEAR',
  })

  const events = [Enums.Events.IMAGE_RENDERED, Enums.Events.CAMERA_MODIFIED, Enums.Events.STACK_NEW_IMAGE]
  // Ours, not the library's: a wheel that turns faster than images come must skip, and never queue.
  let turned = 0
  const onWheel = (event: WheelEvent): void => {
    event.preventDefault()
    turned += event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY / WHEEL_NOTCH : event.deltaY
    const steps = Math.trunc(turned)
    if (steps === 0) return
    turned -= steps
    want(wanted + steps)
  }
  element.addEventListener('wheel', onWheel, { passive: false })
  for (const event of events) element.addEventListener(event, announce)
  onDrags(element, { window: beginWindow, scroll: beginScroll })

  const redraw = (): void => {
    viewport.render()
    announce()
  }

  return {
    async showStack(next, start) {
      const isSameStack = images[0]?.url === next[0]?.url && images.length > 0
      const before = prefetch
      images = next
      imageIds = frames.add(next)
      isNew = true
      if (!isSameStack) {
        automatic = undefined
        choice = AS_FILED
      }
      status = 'loading'
      wanted = start
      announce()
      prefetch = startPrefetch(frames, imageIds, start, announce)
      // After the new one has begun: what both need goes on.
      before?.stop()
      const arrived = new Promise<void>((resolve) => waiting.push(resolve))
      void move()
      await arrived
    },
    goTo: want,
    step: (by) => want(wanted + by),
    isLoaded: (index) => prefetch?.isLoaded(index) ?? false,
    setTool: tools.setPrimary,
    showOverlays: overlays.setVisible,
    liftShutter: shutter.lift,
    selectedMarks: tools.marks.selected,
    refreshMarks: tools.marks.refresh,
    setWindow(window) {
      choose({
        ...choice,
        window: window === undefined ? shownImage()?.look?.spanned() : personal(window),
      })
    },
    invert: () => choose({ ...choice, turnedOver: !choice.turnedOver }),
    choose,
    rotate(degrees) {
      const { rotation = 0 } = viewport.getViewPresentation()
      viewport.setViewPresentation({ rotation: (rotation + degrees + 360) % 360 })
      viewport.render()
    },
    flip(axis) {
      const camera = viewport.getCamera()
      viewport.setCamera(
        axis === 'horizontal'
          ? { flipHorizontal: camera.flipHorizontal !== true }
          : { flipVertical: camera.flipVertical !== true },
      )
      viewport.render()
    },
    fit() {
      viewport.resetCamera({ resetPan: true, resetZoom: true, resetToCenter: true })
      redraw()
    },
    oneToOne() {
      const target = 1 / window.devicePixelRatio
      viewport.setZoom((viewport.getZoom() * target) / scaleOf(viewport))
      redraw()
    },
    zoomBy(factor) {
      viewport.setZoom(viewport.getZoom() * factor)
      redraw()
    },
    reset() {
      choice = AS_FILED
      viewport.setViewPresentation({ rotation: 0 })
      viewport.setCamera({ flipHorizontal: false, flipVertical: false })
      viewport.resetCamera()
      applyLook()
      redraw()
    },
    close() {
      closed = true
      setTimeout(() => prefetch?.stop(), REOPENED_WITHIN)
      cancelAnimationFrame(announced)
      for (const event of events) element.removeEventListener(event, announce)
      element.removeEventListener('wheel', onWheel)
      overlays.close()
      shutter.close()
      tools.close()
      pane.close()
    },
  }
}

/** The renderer keeps the area of the first image for all: one of another size begins the stack anew. */
function isSameSize(a: StackImage | undefined, b: StackImage | undefined): boolean {
  const [one, other] = [a && layoutOf(a.metadata), b && layoutOf(b.metadata)]
  return one?.rows === other?.rows && one?.columns === other?.columns
}

/** Screen pixels an image pixel, along a row. */
function scaleOf(viewport: Types.IStackViewport): number {
  const { origin, direction, spacing } = viewport.getImageData() ?? {}
  if (origin === undefined || direction === undefined || spacing === undefined) return 1
  const next: Types.Point3 = [
    origin[0] + direction[0] * spacing[0],
    origin[1] + direction[1] * spacing[0],
    origin[2] + direction[2] * spacing[0],
  ]
  const [x0, y0] = viewport.worldToCanvas(origin)
  const [x1, y1] = viewport.worldToCanvas(next)
  return Math.hypot(x1 - x0, y1 - y0)
}
