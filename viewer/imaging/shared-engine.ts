import { Enums, RenderingEngine, type Types } from '@cornerstonejs/core'

/** A pane on the page's one engine: a browser gives a page a few WebGL contexts, not some for each pane. */
export interface EnginePane {
  readonly engineId: string
  readonly viewportId: string
  readonly viewport: Types.IStackViewport
  close(): void
}

interface OpenPane {
  readonly viewport: Types.IStackViewport
  readonly onResized: () => void
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
  // With the focus in it, the library would swallow every key of the page.
  element.removeAttribute('tabindex')
  const viewport = ours.getViewport(viewportId) as Types.IStackViewport
  panes.set(viewportId, { viewport, onResized })
  const observer = new ResizeObserver(() => {
    // Several panes change at once, and the engine resizes all of them.
    resizing ||= requestAnimationFrame(resizeAll)
  })
  observer.observe(element)
  return {
    engineId: ours.id,
    viewportId,
    viewport,
    close() {
      observer.disconnect()
      panes.delete(viewportId)
      ours.disableElement(viewportId)
    },
  }
}

function resizeAll(): void {
  resizing = 0
  const fitted = [...panes.values()].filter(({ viewport }) => isFitted(viewport))
  engine?.resize(true, true)
  for (const { viewport } of fitted) {
    viewport.resetCamera({ resetPan: true, resetZoom: true, resetToCenter: true })
    viewport.render()
  }
  for (const { onResized } of panes.values()) onResized()
}

/** The library keeps the scale of a view when its pane becomes narrower, and so cuts the image off. */
function isFitted(viewport: Types.IStackViewport): boolean {
  if (viewport.getImageIds().length === 0) return false
  const [x, y] = viewport.getPan()
  return (
    Math.abs(viewport.getZoom() - 1) < ZOOM_TOLERANCE &&
    Math.abs(x) < PAN_TOLERANCE &&
    Math.abs(y) < PAN_TOLERANCE
  )
}
