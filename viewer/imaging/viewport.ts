import { Enums } from '@cornerstonejs/core'
import { numbers } from '../../core/dicom/dicom-json.ts'
import type { VoiWindow } from '../../core/dicom/grayscale.ts'
import { Tag } from '../../core/dicom/tag.ts'
import type { ImagePoint } from '../../core/measurements/shapes.ts'
import type { DragMove } from './drag-tools.ts'
import type { ProfileUse } from './frames/colour-profile.ts'
import type { FrameImage } from './frames/frame-image.ts'
import { openHand } from './hand.ts'
import { imagePlane } from './marks/image-plane.ts'
import type { MarkLayer, MarkOptions } from './marks/mark-layer.ts'
import { enlargeMarks } from './marks/mark-tools.ts'
import { edgeLetters, type EdgeLetters } from './orientation.ts'
import type { PanePreferences } from './pane-preferences.ts'
import type { PaneTools, PrimaryTool } from './pane-tools.ts'
import { openDrawingLayer, type DrawingPlace, type DrawingSource } from './overlays/drawing-layer.ts'
import { openLinesLayer, type LineGrab, type PaneLine } from './overlays/lines-layer.ts'
import { openOverlayLayer, type OverlayState } from './overlays/overlay-layer.ts'
import { openShutterLayer, type ShutterState } from './overlays/shutter-layer.ts'
import { computeWhenShown, startPrefetch, type Arrived, type PlayOrder, type Prefetch } from './prefetch.ts'
import { openEnginePane } from './shared-engine.ts'
import { openShownQuality, type ShownPreview } from './shown-quality.ts'
import { openPresentation, type HungView } from './presentation.ts'
import { isSameSize, presentationOf, stackName, type StackImage } from './stack-image.ts'
import { openStackLook, type LookChoice } from './stack-look.ts'
import { frameLoader } from './start-imaging.ts'
import { fitView, flipView, keepView, rotateView, scaleOf, zoomAbout, zoomView } from './view-moves.ts'

/** What the page writes over the image; told on every change, never more often than it is drawn. */
export interface ViewportState {
  readonly index: number
  readonly count: number
  readonly image: StackImage | undefined
  /** In the units after the modality transform; undefined in colour. */
  readonly window: VoiWindow | undefined
  /** Screen pixels an image pixel. */
  readonly scale: number
  readonly choice: LookChoice
  readonly letters: EdgeLetters | undefined
  readonly overlays: OverlayState
  readonly shutter: ShutterState
  readonly loadedCount: number
  /** Of those that can be looked at, the ones that are exact. */
  readonly exactCount: number
  /** What is on screen is a preview: nothing is to be made of it. */
  readonly preview: ShownPreview | undefined
  /** The transfer syntax in which the archive keeps the image, once that is on screen. */
  readonly storedAs: string | undefined
  /** What became of its colours. */
  readonly profile: ProfileUse
  /** The shown image is being fetched, or could not be had. */
  readonly status: 'ready' | 'loading' | 'failed'
}

/** One pane that shows a stack. The only thing the reading room knows of the imaging library. */
export interface ImagingViewport extends HungView {
  showStack(images: readonly StackImage[], start: number): Promise<void>
  goTo(index: number): void
  /** From the image wanted last, shown already or not: no step of a held key is lost. */
  step(by: number): void
  /** The place of the image that is to be shown, by whomever it was asked for. */
  wanted(): number
  arrived(index: number): Arrived
  /** In which order its images are played from now on, so that they are fetched in it; undefined: no longer. */
  follow(played: PlayOrder | undefined): void
  /** Whether the image shown is exact; if not, it is completed at once, and the pane says so for that moment. */
  needExact(): boolean
  setTool(tool: PrimaryTool): void
  /** As its reader likes it. */
  prefer(preferences: PanePreferences): void
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
  /** What other objects draw over the images; undefined: nothing. */
  drawOver(source: DrawingSource | undefined, place?: DrawingPlace): void
  /** Where other panes' images cut through this one, and the place at which they meet, in pixels of the image shown. */
  showLines(lines: readonly PaneLine[], place: ImagePoint | undefined): void
  readonly marks: Omit<MarkLayer, 'shows' | 'close'>
  readonly paint: PaneTools['paint']
  /** What the image and all that lies over it is drawn in. */
  readonly surface: HTMLDivElement
  /** All that is to lie over the shown image has come. */
  settled(): Promise<void>
  /** Another pane with the same marks and drawings, larger by a factor, and no stack yet. */
  twin(element: HTMLDivElement, onState: (state: ViewportState) => void, factor: number): ImagingViewport
  close(): void
}

/** What a hand points at in a pane. */
export interface PointOptions {
  /** The place tool was pressed or dragged here. */
  onPlace(image: StackImage, point: ImagePoint): void
  /** The wheel or a drag scrolled so many steps; undefined: the pane goes by itself. */
  onSteps?(steps: number): void
  onGrab: LineGrab
}

const NO_POINTS: PointOptions = { onPlace: () => undefined, onGrab: () => undefined }

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
  points: PointOptions = NO_POINTS,
): ImagingViewport {
  const frames = frameLoader()
  const pane = openEnginePane(element, announce)
  const { viewport } = pane
  const quality = openShownQuality(frames, becameExact, announce)
  const hand = openHand(
    pane,
    marks,
    quality.need,
    { window: () => look.beginDrag(), scroll: beginScroll, place: beginPlace },
    {
      step: (by) => (points.onSteps === undefined ? want(wanted + by) : points.onSteps(by)),
      zoom: (factor, at) => zoomAbout(viewport, factor, at, at),
      widen: (pixels) => look.beginDrag()?.(pixels, 0),
    },
  )
  const overlays = openOverlayLayer(pane, announce)
  const shutter = openShutterLayer(pane, announce)
  const drawings = openDrawingLayer(pane)
  const lines = openLinesLayer(pane, points.onGrab)

  let images: readonly StackImage[] = []
  let imageIds: string[] = []
  let prefetch: Prefetch | undefined
  let status: ViewportState['status'] = 'loading'
  let wanted = 0
  let moving = false
  /** The library has not been given this stack yet; nor is it another, but more of it, or computed otherwise. */
  let [isNew, isSameView] = [false, false]
  /** Stacks nobody wants any longer, while one of their images may still be under way. */
  const leaving: Prefetch[] = []
  /** Called once nothing is under way. */
  const waiting: (() => void)[] = []
  let closed = false
  let announced = 0

  function announce(): void {
    if (announced !== 0 || closed) return
    announced = requestAnimationFrame(() => {
      announced = 0
      // The library says the next image is the current one as soon as it is asked for, while the last is still on screen:
      // marks and overlays belong to what is on screen, and are placed by its geometry.
      const drawn =
        status === 'ready' && isDisplayed() ? images[viewport.getCurrentImageIdIndex()] : undefined
      quality.shows(drawn && shownImage())
      hand.shows(drawn, shownImage(), quality.preview() === undefined)
      overlays.shows(drawn, shownImage())
      shutter.shows(drawn)
      drawings.shows(drawn)
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
      window: isReady ? look.window() : undefined,
      scale: isReady ? scaleOf(viewport) : 1,
      choice: look.choice(),
      letters: isReady
        ? edgeLetters(viewport, numbers(presentationOf(image), Tag.ImageOrientationPatient))
        : undefined,
      overlays: overlays.state,
      shutter: shutter.state,
      loadedCount: prefetch?.loadedCount() ?? 0,
      exactCount: prefetch?.exactCount() ?? 0,
      preview: isReady ? quality.preview() : undefined,
      storedAs: isReady && isDisplayed() ? shownImage()?.storedAs : undefined,
      profile: (isReady && shownImage()?.profile) || 'none',
      status,
    }
  }

  const shownImage = (): FrameImage | undefined => viewport.getCornerstoneImage() as FrameImage | undefined
  const look = openStackLook(viewport, shownImage, () => status === 'ready', announce)

  /** The image on screen has other pixels now. */
  function becameExact(image: FrameImage): void {
    if (closed) return
    viewport.renderImageObject(image)
    look.becameExact(image)
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
        const kept = isNew && isSameView ? keepView(viewport) : undefined
        isNew = false
        prefetch?.moveTo(target)
        await show(target, () =>
          isSameSize(from, images[target])
            ? viewport.setImageIdIndex(target)
            : viewport.setStack(imageIds, target),
        )
        kept?.restore()
      }
    } finally {
      moving = false
      for (const left of leaving.splice(0)) left.stop()
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
    look.apply()
    announce()
  }

  function want(index: number): void {
    wanted = Math.max(0, Math.min(images.length - 1, index))
    void move()
  }

  function beginScroll(): DragMove {
    const start = wanted
    let done = 0
    if (points.onSteps !== undefined)
      return (_, down) => {
        const steps = Math.round(down / SCROLL_PIXELS)
        if (steps !== done) points.onSteps?.(steps - done)
        done = steps
      }
    return (_, down) => want(start + Math.round(down / SCROLL_PIXELS))
  }

  function beginPlace([startX, startY]: readonly [number, number]): DragMove | undefined {
    return (right, down) => {
      const image = images[viewport.getCurrentImageIdIndex()]
      const world = viewport.canvasToWorld([startX + right, startY + down])
      const point = imagePlane(viewport)?.toImage(world)
      if (image !== undefined && point !== undefined && status === 'ready') points.onPlace(image, point)
    }
  }

  const events = [Enums.Events.IMAGE_RENDERED, Enums.Events.CAMERA_MODIFIED, Enums.Events.STACK_NEW_IMAGE]
  for (const event of events) element.addEventListener(event, announce)

  const redraw = (): void => {
    viewport.render()
    announce()
  }
  const hung = openPresentation(pane, () => images[viewport.getCurrentImageIdIndex()], redraw)

  return {
    async showStack(next, start) {
      const isSameStack = images.length > 0 && stackName(images[0]) === stackName(next[0])
      isSameView = isSameStack && shownImage() !== undefined && isSameSize(images[0], next[0])
      const before = prefetch
      const isComputed = images[0]?.computed !== undefined
      images = next
      imageIds = frames.add(next)
      isNew = true
      if (!isSameStack) {
        look.forget()
        hung.forget()
      }
      status = 'loading'
      wanted = start
      announce()
      prefetch = (next[0]?.computed === undefined ? startPrefetch : computeWhenShown)(
        frames,
        imageIds,
        start,
        announce,
      )
      // After the new one has begun: what both need goes on. Of an image that is being computed the library asks later.
      if (isComputed && before !== undefined) leaving.push(before)
      else before?.stop()
      const arrived = new Promise<void>((resolve) => waiting.push(resolve))
      void move()
      await arrived
    },
    goTo: want,
    step: (by) => want(wanted + by),
    wanted: () => wanted,
    arrived: (index) => prefetch?.arrived(index) ?? 'missing',
    follow: (played) => prefetch?.follow(played),
    needExact: quality.need,
    setTool: hand.setPrimary,
    prefer({ mouse, smooth }) {
      hand.setMouse(mouse)
      look.setSmooth(smooth)
    },
    showOverlays: overlays.setVisible,
    liftShutter: shutter.lift,
    drawOver: drawings.setSource,
    showLines: lines.show,
    marks: hand.marks,
    paint: hand.paint,
    surface: element,
    settled: () => Promise.all([overlays.settled(), drawings.settled()]).then(() => undefined),
    twin(other, tell, factor) {
      const opened = openViewport(other, tell, marks)
      opened.drawOver(drawings.copied())
      enlargeMarks(other.dataset['viewportUid'] ?? '', factor)
      return opened
    },
    setWindow: look.setWindow,
    invert: look.invert,
    choose: look.choose,
    ...hung.view,
    rotate: (degrees) => rotateView(viewport, degrees),
    flip: (axis) => flipView(viewport, axis),
    fit: () => fitView(viewport),
    oneToOne: () => zoomView(viewport, 1 / (scaleOf(viewport) * window.devicePixelRatio)),
    zoomBy: (factor) => zoomView(viewport, factor),
    reset() {
      look.forgetChoice()
      viewport.setViewPresentation({ rotation: 0 })
      viewport.setCamera({ flipHorizontal: false, flipVertical: false })
      viewport.resetCamera()
      look.apply()
      hung.again()
      redraw()
    },
    close() {
      closed = true
      setTimeout(() => prefetch?.stop(), REOPENED_WITHIN)
      cancelAnimationFrame(announced)
      for (const event of events) element.removeEventListener(event, announce)
      overlays.close()
      shutter.close()
      drawings.close()
      lines.close()
      hand.close()
      quality.close()
      pane.close()
    },
  }
}
