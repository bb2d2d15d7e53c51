import { Enums, getShouldUseCPURendering, RenderingEngine, type Types } from '@cornerstonejs/core'

/** A pane on the page's one engine: a browser gives a page a few WebGL contexts, not some for each pane. */
export interface EnginePane {
  readonly engineId: string
  readonly viewportId: string
  readonly viewport: Types.IStackViewport
  /** Asked before the pane changes its size; what it answers is done afterwards, in place of fitting the image. */
  keepThrough(ask: () => (() => void) | undefined): void
  close(): void
}

interface OpenPane {
  readonly viewport: Types.IStackViewport
  readonly onResized: () => void
  ask: () => (() => void) | undefined
}

/** How far from the fitted view still counts as fitted: of the zoom, and in world units of the pan. */
const ZOOM_TOLERANCE = 1e-3
const PAN_TOLERANCE = 1e-3

let engine: RenderingEngine | undefined
let opened = 0
let resizing = 0
const panes = new Map<string, OpenPane>()

/** Adds a pane for a stack. An image that fits its pane still does when the pane changes its size. */
export function openEnginePane(element: HTMLDivElement, onResized: () => void): EnginePane {
  engine ??= new RenderingEngine('panes')
  const ours = engine
  const viewportId = `pane-${++opened}`
  ours.enableElement({ viewportId, type: Enums.ViewportType.STACK, element })
  if (getShouldUseCPURendering()) countInDevicePixels(ours.getViewport(viewportId).canvas)
  // With the focus in it, the library would swallow every key of the page.
  element.removeAttribute('tabindex')
  const viewport = ours.getViewport(viewportId) as Types.IStackViewport
  const open: OpenPane = { viewport, onResized, ask: () => undefined }
  panes.set(viewportId, open)
  const observer = new ResizeObserver(() => {
    // Several panes change at once, and the engine resizes all of them.
    resizing ||= requestAnimationFrame(resizeAll)
  })
  observer.observe(element)
  return {
    engineId: ours.id,
    viewportId,
    viewport,
    keepThrough: (ask) => void (open.ask = ask),
    close() {
      observer.disconnect()
      panes.delete(viewportId)
      ours.disableElement(viewportId)
    },
  }
}

/**
 * On a processor the library makes a canvas as large as the pane is in CSS pixels, and yet converts places by pixels of the
 * screen: on a dense screen marks would lie elsewhere than they are drawn. Told the size in pixels of the screen, it is right,
 * and sharp.
 */
function countInDevicePixels(canvas: HTMLCanvasElement): void {
  const { clientWidth, clientHeight } = Object.getOwnPropertyDescriptors(Element.prototype)
  for (const [name, { get }] of Object.entries({ clientWidth, clientHeight }))
    Object.defineProperty(canvas, name, {
      get: () => Math.round(Number(get?.call(canvas)) * window.devicePixelRatio),
    })
}

function resizeAll(): void {
  resizing = 0
  const before = [...panes.values()]
    .filter(({ viewport }) => viewport.getImageIds().length > 0)
    .map(({ viewport, ask }) => ({
      viewport,
      then: ask(),
      fitted: isFitted(viewport),
      zoom: viewport.getZoom(),
    }))
  engine?.resize(true, true)
  for (const { viewport, then, fitted, zoom } of before) {
    if (then !== undefined) then()
    else if (fitted) viewport.resetCamera({ resetPan: true, resetZoom: true, resetToCenter: true })
    // On a canvas the library magnifies the view with its pane: whoever chose a scale would lose it.
    else if (getShouldUseCPURendering()) viewport.setZoom(zoom)
    viewport.render()
  }
  for (const { onResized } of panes.values()) onResized()
}

/** The library keeps the scale of a view when its pane becomes narrower, and so cuts the image off. */
function isFitted(viewport: Types.IStackViewport): boolean {
  const [x, y] = viewport.getPan()
  return (
    Math.abs(viewport.getZoom() / fittingZoom(viewport) - 1) < ZOOM_TOLERANCE &&
    Math.abs(x) < PAN_TOLERANCE &&
    Math.abs(y) < PAN_TOLERANCE
  )
}

/** The library counts zoom from the fitted view; on a canvas, from one pixel of the canvas to one of the image. */
function fittingZoom(viewport: Types.IStackViewport): number {
  const image = viewport.getCornerstoneImage() as Types.IImage | undefined
  if (!getShouldUseCPURendering() || image === undefined) return 1
  const { width, height } = viewport.getCanvas()
  const [x, y] = [image.columnPixelSpacing || 1, image.rowPixelSpacing || 1]
  const smaller = Math.min(x, y)
  return Math.min(width / ((image.columns * x) / smaller), height / ((image.rows * y) / smaller))
}
