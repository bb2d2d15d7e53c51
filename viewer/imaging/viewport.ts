import { Enums, type Types } from '@cornerstonejs/core'
import imageLoader from '@cornerstonejs/dicom-image-loader'
import { numbers } from '../../core/dicom/dicom-json.ts'
import { spanOf, type VoiWindow } from '../../core/dicom/grayscale.ts'
import { describePixels } from '../../core/dicom/describe-pixels.ts'
import { Tag } from '../../core/dicom/tag.ts'
import { loaderMetadata } from './loader-metadata.ts'
import { edgeLetters, type EdgeLetters } from './orientation.ts'
import { startPrefetch, type Prefetch } from './prefetch.ts'
import type { MarkOptions } from './marks/mark-layer.ts'
import { modalityValues } from './modality-values.ts'
import { openPaneTools, type PrimaryTool } from './pane-tools.ts'
import { openEnginePane } from './shared-engine.ts'
import { isColour, presentationOf, storedWindows, type StackImage } from './stack-image.ts'

/** What the page writes over the image; told on every change, never more often than it is drawn. */
export interface ViewportState {
  readonly index: number
  readonly count: number
  readonly image: StackImage | undefined
  /** In the units after the modality transform; undefined in colour. */
  readonly window: { readonly center: number; readonly width: number } | undefined
  /** Screen pixels a image pixel. */
  readonly scale: number
  readonly inverted: boolean
  readonly letters: EdgeLetters | undefined
  readonly loadedCount: number
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
  /** Undefined: by the values of the image shown. */
  setWindow(window: Pick<VoiWindow, 'center' | 'width'> | undefined): void
  invert(): void
  rotate(degrees: number): void
  flip(axis: 'horizontal' | 'vertical'): void
  fit(): void
  oneToOne(): void
  zoomBy(factor: number): void
  reset(): void
  /** Tracking UIDs of the marks that were clicked last. */
  selectedMarks(): string[]
  /** Draws the texts of marks again, in another language. */
  refreshMarks(): void
  close(): void
}

/** What one notch of a common wheel reports; a touchpad reports less, more often. Pixels. */
const WHEEL_NOTCH = 100

/** Opens a pane in the element, once `startImaging` has resolved. `onState` is called whenever something of the state changed. */
export function openViewport(
  element: HTMLDivElement,
  onState: (state: ViewportState) => void,
  marks: MarkOptions,
): ImagingViewport {
  const pane = openEnginePane(element, announce)
  const { viewport } = pane
  const tools = openPaneTools(pane, marks)

  let images: readonly StackImage[] = []
  let prefetch: Prefetch | undefined
  let status: ViewportState['status'] = 'loading'
  let wanted = 0
  let moving = false
  let chosen: Pick<VoiWindow, 'center' | 'width'> | 'auto' | undefined
  let announced = 0

  function announce(): void {
    if (announced !== 0) return
    announced = requestAnimationFrame(() => {
      announced = 0
      const state = stateNow()
      tools.marks.shows(state.status === 'ready' ? state.image : undefined)
      onState(state)
    })
  }

  function stateNow(): ViewportState {
    const index = images.length === 0 ? 0 : viewport.getCurrentImageIdIndex()
    const image = images[index]
    const colour = image !== undefined && isColour(image)
    const range = colour || status !== 'ready' ? undefined : viewport.getProperties().voiRange
    return {
      index,
      count: images.length,
      image,
      window: range && {
        center: (range.upper + range.lower) / 2,
        width: range.upper - range.lower,
      },
      scale: status === 'ready' ? scaleOf(viewport) : 1,
      inverted: viewport.getProperties().invert === true,
      letters:
        image === undefined || status !== 'ready'
          ? undefined
          : edgeLetters(viewport, numbers(presentationOf(image), Tag.ImageOrientationPatient)),
      loadedCount: prefetch?.loadedCount() ?? 0,
      status,
    }
  }

  /** Goes to the image wanted last: while one is fetched, wishes in between are skipped, never queued. */
  async function move(): Promise<void> {
    if (moving) return
    moving = true
    try {
      while (images.length > 0 && wanted !== viewport.getCurrentImageIdIndex()) {
        const target = wanted
        const late = setTimeout(() => {
          status = 'loading'
          announce()
        }, 150)
        try {
          await viewport.setImageIdIndex(target)
          status = 'ready'
        } catch (error) {
          if (!(error instanceof Error) && typeof error !== 'object') throw error
          status = 'failed'
          if (target === wanted) return
        } finally {
          clearTimeout(late)
          announce()
        }
        prefetch?.moveTo(target)
      }
    } finally {
      moving = false
    }
  }

  function want(index: number): void {
    wanted = Math.max(0, Math.min(images.length - 1, index))
    void move()
  }

  function applyWindow(): void {
    const image = images[viewport.getCurrentImageIdIndex()]
    if (image === undefined || isColour(image) || status !== 'ready') return
    const window = chosen === 'auto' || chosen === undefined ? ownWindow(image, chosen === 'auto') : chosen
    if (window !== undefined) viewport.setProperties({ voiRange: rangeOf(window) })
    viewport.render()
    announce()
  }

  function ownWindow(image: StackImage, auto: boolean): Pick<VoiWindow, 'center' | 'width'> | undefined {
    const stored = auto ? undefined : storedWindows(image)[0]?.window
    if (stored !== undefined) return stored
    const layout = describePixels(image.metadata, Tag.PixelData)
    if (layout === undefined) return undefined
    const { stored: values, toModality, areStored } = modalityValues(viewport.getCornerstoneImage())
    // Padding is a stored value: it is recognised only where the values are still as stored.
    const presentation = areStored ? presentationOf(image) : {}
    return spanOf({ ...layout, presentation }, values, toModality)
  }

  const events = [
    Enums.Events.IMAGE_RENDERED,
    Enums.Events.VOI_MODIFIED,
    Enums.Events.CAMERA_MODIFIED,
    Enums.Events.STACK_NEW_IMAGE,
  ]
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
  const onScrolled = (): void => {
    // A drag of the scroll tool moves the stack itself; a move of ours knows better what is wanted.
    if (!moving) wanted = viewport.getCurrentImageIdIndex()
    prefetch?.moveTo(viewport.getCurrentImageIdIndex())
  }
  for (const event of events) element.addEventListener(event, announce)
  element.addEventListener(Enums.Events.STACK_NEW_IMAGE, onScrolled)

  return {
    async showStack(next, start) {
      prefetch?.stop()
      const sameSeries = images[0]?.url === next[0]?.url && images.length > 0
      images = next
      if (!sameSeries) chosen = undefined
      const imageIds = next.map((image) => {
        const imageId = `wadors:${image.url}`
        imageLoader.wadors.metaDataManager.add(imageId, loaderMetadata(image.metadata) as never)
        return imageId
      })
      status = 'loading'
      wanted = start
      announce()
      prefetch = startPrefetch(imageIds, start, announce)
      try {
        await viewport.setStack(imageIds, start)
        status = 'ready'
      } catch (error) {
        if (!(error instanceof Error) && typeof error !== 'object') throw error
        status = 'failed'
      }
      if (!sameSeries) applyWindow()
      viewport.render()
      announce()
    },
    goTo: want,
    step: (by) => want(wanted + by),
    isLoaded: (index) => prefetch?.isLoaded(index) ?? false,
    setTool: tools.setPrimary,
    selectedMarks: tools.marks.selected,
    refreshMarks: tools.marks.refresh,
    setWindow(window) {
      chosen = window ?? 'auto'
      applyWindow()
    },
    invert() {
      viewport.setProperties({ invert: viewport.getProperties().invert !== true })
      viewport.render()
      announce()
    },
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
      viewport.render()
      announce()
    },
    oneToOne() {
      const target = 1 / window.devicePixelRatio
      viewport.setZoom((viewport.getZoom() * target) / scaleOf(viewport))
      viewport.render()
      announce()
    },
    zoomBy(factor) {
      viewport.setZoom(viewport.getZoom() * factor)
      viewport.render()
      announce()
    },
    reset() {
      viewport.resetProperties()
      viewport.setViewPresentation({ rotation: 0 })
      viewport.setCamera({ flipHorizontal: false, flipVertical: false })
      viewport.resetCamera()
      chosen = undefined
      applyWindow()
      viewport.render()
      announce()
    },
    close() {
      prefetch?.stop()
      cancelAnimationFrame(announced)
      for (const event of events) element.removeEventListener(event, announce)
      element.removeEventListener(Enums.Events.STACK_NEW_IMAGE, onScrolled)
      element.removeEventListener('wheel', onWheel)
      tools.close()
      pane.close()
    },
  }
}

const rangeOf = ({ center, width }: Pick<VoiWindow, 'center' | 'width'>): Types.VOIRange => ({
  lower: center - width / 2,
  upper: center + width / 2,
})

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
