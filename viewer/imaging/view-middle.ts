import type { Types } from '@cornerstonejs/core'
import type { ImagePoint } from '../../core/measurements/shapes.ts'
import { imagePlane } from './marks/image-plane.ts'
import { scaleOf, zoomAbout } from './view-moves.ts'

/** Where a pane looks, and how closely. */
export interface ViewMiddle {
  /** In the middle of the pane. Image pixels, from the corner of the first. */
  readonly at: Readonly<ImagePoint>
  /** CSS pixels an image pixel, along a row. */
  readonly scale: number
}

/** Of what was measured after a movement: less is rounding. */
const [SCALE_TOLERANCE, PIXEL_TOLERANCE] = [1e-4, 0.05]

/** Undefined while no image is drawn. */
export function middleOf(viewport: Types.IStackViewport): ViewMiddle | undefined {
  const plane = imagePlane(viewport)
  const { clientWidth, clientHeight } = viewport.element
  if (plane === undefined || clientWidth === 0 || clientHeight === 0) return undefined
  const at = plane.toImage(viewport.canvasToWorld([clientWidth / 2, clientHeight / 2]))
  return { at, scale: scaleOf(viewport) }
}

/** Looks there. It stays turned and flipped. Nothing is drawn where it looks there already. */
export function showMiddle(viewport: Types.IStackViewport, { at, scale }: ViewMiddle): void {
  const plane = imagePlane(viewport)
  const now = scaleOf(viewport)
  if (plane === undefined || !(scale > 0) || !(now > 0)) return
  const { clientWidth, clientHeight } = viewport.element
  const middle = [clientWidth / 2, clientHeight / 2] as const
  const [x, y] = viewport.worldToCanvas(plane.toWorld([at[0], at[1]]))
  const isThere = Math.hypot(x - middle[0], y - middle[1]) < PIXEL_TOLERANCE
  if (isThere && Math.abs(scale / now - 1) < SCALE_TOLERANCE) return
  zoomAbout(viewport, scale / now, [x, y], middle)
}

/** The scale at which all of the image is seen, as large as the pane has room for. CSS pixels an image pixel, along a row. */
export function fittedScaleOf(viewport: Types.IStackViewport): number | undefined {
  const { dimensions, spacing } = viewport.getImageData() ?? {}
  if (dimensions === undefined || spacing === undefined) return undefined
  const { rotation = 0 } = viewport.getViewPresentation()
  const extent = [dimensions[0] * spacing[0], dimensions[1] * spacing[1]] as const
  const [across, down] = Math.abs(Math.round(rotation / 90)) % 2 === 1 ? [extent[1], extent[0]] : extent
  const { clientWidth, clientHeight } = viewport.element
  const scale = Math.min(clientWidth / across, clientHeight / down) * spacing[0]
  return scale > 0 && Number.isFinite(scale) ? scale : undefined
}
