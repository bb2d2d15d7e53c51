import type { Types } from '@cornerstonejs/core'
import type { ImagePoint } from '../../core/measurements/shapes.ts'
import { imagePlane } from './marks/image-plane.ts'
import { zoomAbout } from './view-moves.ts'

/** Pixels [column, row], counted from 1, at the top left and the bottom right of what is seen (PS3.3 C.10.4). */
export interface ViewedArea {
  readonly topLeft: Readonly<ImagePoint>
  readonly bottomRight: Readonly<ImagePoint>
}

/** How an image is seen in its pane, in the terms of a presentation state (PS3.3 C.10.4, C.10.6). */
export interface ImageView {
  /** Degrees to the right, before it is flipped. */
  readonly rotation: 0 | 90 | 180 | 270
  /** Left and right changed places, after it was turned. */
  readonly isFlipped: boolean
  /** What of the image is within the pane. */
  readonly area: ViewedArea
}

/** Undefined while no image is drawn, or none of it is within the pane. */
export function viewOf(viewport: Types.IStackViewport): ImageView | undefined {
  const plane = imagePlane(viewport)
  const { dimensions } = viewport.getImageData() ?? {}
  if (plane === undefined || dimensions === undefined) return undefined
  const { clientWidth, clientHeight } = viewport.element
  const corner = (x: number, y: number): ImagePoint => plane.toImage(viewport.canvasToWorld([x, y]))
  const [from, to] = [corner(0, 0), corner(clientWidth, clientHeight)]
  const [columns, rows] = [between(from[0], to[0], dimensions[0]), between(from[1], to[1], dimensions[1])]
  if (columns === undefined || rows === undefined) return undefined
  const onScreen = (point: ImagePoint): readonly [number, number] =>
    viewport.worldToCanvas(plane.toWorld(point))
  const [origin, along, down] = [onScreen([0, 0]), onScreen([1, 0]), onScreen([0, 1])]
  const [ax, ay] = [along[0] - origin[0], along[1] - origin[1]]
  const isFlipped = ax * (down[1] - origin[1]) - ay * (down[0] - origin[0]) < 0
  const turned = Math.round(((Math.atan2(ay, isFlipped ? -ax : ax) * 180) / Math.PI + 360) / 90) * 90
  const rotation = [0, 90, 180, 270].find((degrees) => degrees === turned % 360)
  return {
    rotation: rotation === 90 || rotation === 180 || rotation === 270 ? rotation : 0,
    isFlipped,
    area: { topLeft: [columns[0], rows[0]], bottomRight: [columns[1], rows[1]] },
  }
}

/** Shows this part of the image as large as the pane has room for, and in its middle. It stays turned and flipped. */
export function showArea(viewport: Types.IStackViewport, { topLeft, bottomRight }: ViewedArea): void {
  const plane = imagePlane(viewport)
  if (plane === undefined) return
  const edges = [0, 1].map((axis): readonly [number, number] => {
    const [from = 0, to = 0] = [topLeft[axis], bottomRight[axis]]
    return [Math.min(from, to) - 1, Math.max(from, to)]
  })
  const [[left, right] = [0, 0], [top, bottom] = [0, 0]] = edges
  const onScreen = (point: ImagePoint): readonly [number, number] =>
    viewport.worldToCanvas(plane.toWorld(point))
  const [a, b] = [onScreen([left, top]), onScreen([right, bottom])]
  const { clientWidth, clientHeight } = viewport.element
  const [width, height] = [Math.abs(a[0] - b[0]), Math.abs(a[1] - b[1])]
  if (width === 0 || height === 0) return
  zoomAbout(
    viewport,
    Math.min(clientWidth / width, clientHeight / height),
    [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2],
    [clientWidth / 2, clientHeight / 2],
  )
}

/** The first and last pixel of an axis on the way from one edge to the other, within the image, counted from 1. */
function between(from: number, to: number, count: number): readonly [number, number] | undefined {
  const within = (edge: number): number => Math.max(0, Math.min(count, edge))
  const [least, most] = [within(Math.min(from, to)), within(Math.max(from, to))]
  if (most - least <= 0) return undefined
  const pixels: readonly [number, number] = [Math.floor(least) + 1, Math.ceil(most)]
  return from <= to ? pixels : [pixels[1], pixels[0]]
}
