import { Enums, getShouldUseCPURendering, type Types } from '@cornerstonejs/core'
import { imagePlane } from './marks/image-plane.ts'

/** Screen pixels an image pixel, along a row. */
export function scaleOf(viewport: Types.IStackViewport): number {
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

/** Bounds of a magnification by hand. Screen pixels an image pixel. */
const [SMALLEST, LARGEST] = [0.02, 64]

/**
 * Magnifies about a point of the pane, which is then at another: what lies under a finger or the mouse stays there.
 *
 * @param from CSS pixels of the pane
 * @param to CSS pixels of the pane
 */
export function zoomAbout(
  viewport: Types.IStackViewport,
  factor: number,
  from: readonly [number, number],
  to: readonly [number, number],
): void {
  const scale = scaleOf(viewport)
  const bounded = Math.min(LARGEST, Math.max(SMALLEST, scale * factor)) / scale
  const held = viewport.canvasToWorld([...from])
  viewport.setZoom(viewport.getZoom() * bounded)
  const [x, y] = viewport.worldToCanvas(held)
  moveBy(viewport, to[0] - x, to[1] - y)
  viewport.render()
}

/** CSS pixels. On a canvas the library reads a pan in pixels of the image and sets it as a place in the patient. */
function moveBy(viewport: Types.IStackViewport, right: number, down: number): void {
  if (getShouldUseCPURendering()) {
    const { clientWidth, clientHeight } = viewport.element
    viewport.setCamera({
      focalPoint: viewport.canvasToWorld([clientWidth / 2 - right, clientHeight / 2 - down]),
    })
    return
  }
  const [x, y] = viewport.getPan()
  viewport.setPan([x + right, y + down])
}

/**
 * Keeps how a pane looks at its image, while its stack is given to the library anew: on a canvas that fits the image, even
 * where it is the same. What a hand changes in the meantime is kept too.
 */
export function keepView(viewport: Types.IStackViewport): { restore(): void } {
  const { element } = viewport
  const before: unknown = viewport.getCornerstoneImage()
  const middle = (): Types.Point2 => [element.clientWidth / 2, element.clientHeight / 2]
  const now = () => ({
    zoom: viewport.getZoom(),
    at: imagePlane(viewport)?.toImage(viewport.canvasToWorld(middle())),
  })
  let kept = now()
  const onMoved = (): void => {
    // Once the next image is there, it is the library that moves.
    if (viewport.getCornerstoneImage() === before) kept = now()
  }
  element.addEventListener(Enums.Events.CAMERA_MODIFIED, onMoved)
  return {
    restore() {
      element.removeEventListener(Enums.Events.CAMERA_MODIFIED, onMoved)
      // A pane that closed meanwhile has no camera left to ask.
      if (viewport.isDisabled) return
      const { zoom, at } = now()
      const plane = imagePlane(viewport)
      if (plane === undefined || kept.at === undefined) return
      if (zoom === kept.zoom && at?.join() === kept.at.join()) return
      viewport.setZoom(kept.zoom)
      const [toX, toY] = middle()
      const [x, y] = viewport.worldToCanvas(plane.toWorld([kept.at[0], kept.at[1]]))
      moveBy(viewport, toX - x, toY - y)
      viewport.render()
    },
  }
}

/** To the right, as one sees it. */
export function rotateView(viewport: Types.IStackViewport, degrees: number): void {
  const { rotation = 0 } = viewport.getViewPresentation()
  viewport.setViewPresentation({ rotation: (rotation + degrees + 360) % 360 })
  viewport.render()
}

/** As one sees it, however the image is turned. */
export function flipView(viewport: Types.IStackViewport, axis: 'horizontal' | 'vertical'): void {
  const { flipHorizontal, flipVertical } = seenFlips(viewport)
  setSeenFlips(viewport, {
    flipHorizontal: flipHorizontal !== (axis === 'horizontal'),
    flipVertical: flipVertical !== (axis === 'vertical'),
  })
  viewport.render()
}

/** Left and right, upper and lower side changed places, after the image was turned. */
interface SeenFlips {
  readonly flipHorizontal: boolean
  readonly flipVertical: boolean
}

export function seenFlips(viewport: Types.IStackViewport): SeenFlips {
  const { flipHorizontal = false, flipVertical = false } = viewport.getCamera()
  return acrossIfTurned(viewport, { flipHorizontal, flipVertical })
}

export function setSeenFlips(viewport: Types.IStackViewport, flips: SeenFlips): void {
  viewport.setCamera({ ...acrossIfTurned(viewport, flips) })
}

/** On a canvas the library flips an image first and turns it then: of one that lies on its side, the other axis. */
function acrossIfTurned(viewport: Types.IStackViewport, flips: SeenFlips): SeenFlips {
  const { rotation = 0 } = viewport.getViewPresentation()
  const isOnItsSide = Math.abs(Math.round(rotation / 90)) % 2 === 1
  return getShouldUseCPURendering() && isOnItsSide
    ? { flipHorizontal: flips.flipVertical, flipVertical: flips.flipHorizontal }
    : flips
}

/** All of the image, as large as the pane has room for. */
export function fitView(viewport: Types.IStackViewport): void {
  viewport.resetCamera({ resetPan: true, resetZoom: true, resetToCenter: true })
  viewport.render()
}

/** About the middle of the pane. */
export function zoomView(viewport: Types.IStackViewport, factor: number): void {
  viewport.setZoom(viewport.getZoom() * factor)
  viewport.render()
}
