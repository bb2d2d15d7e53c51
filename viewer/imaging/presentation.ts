import type { Types } from '@cornerstonejs/core'
import type { EnginePane } from './shared-engine.ts'
import { columnSpacing, type StackImage } from './stack-image.ts'
import { showArea, viewOf, type ImageView, type ViewedArea } from './view-area.ts'
import { fittedScaleOf, middleOf, showMiddle, type ViewMiddle } from './view-middle.ts'
import { scaleOf, seenFlips, setSeenFlips } from './view-moves.ts'

/** How an image lies in its pane before anybody moves it. */
export interface Presentation {
  /** Degrees to the right. */
  readonly rotation: number
  readonly flipHorizontal: boolean
  readonly flipVertical: boolean
  readonly fit: 'fit' | 'one-to-one' | 'real-size'
  readonly align: 'left' | 'right' | 'centre'
  /** Of the fitted size: less than 1 where other panes have larger images at the same scale. */
  readonly share: number
}

export const AS_IT_LIES: Presentation = {
  rotation: 0,
  flipHorizontal: false,
  flipVertical: false,
  fit: 'fit',
  align: 'centre',
  share: 1,
}

/** What a browser takes a millimetre for: 96 CSS pixels an inch. The screen's own size is not told to pages. */
const PIXELS_PER_MM = 96 / 25.4
/** Of what was measured after a movement: less is rounding. Pixels. */
const TOLERANCE = 0.5

/** A pane's image as a hanging protocol wants it. */
export interface HungView {
  /** Lays the image out; so it does again when the pane changes its size, until somebody moves it. */
  present(presentation: Presentation): void
  /** How the image is turned now. */
  presented(): Pick<Presentation, 'rotation' | 'flipHorizontal' | 'flipVertical'>
  /** Screen pixels an image pixel. */
  scale(): number
  /** How it is seen, however that came about. */
  viewed(): ImageView | undefined
  /** This part of the image, as large as there is room for. */
  showArea(area: ViewedArea): void
  /** Where it looks, and how closely; undefined while no image is drawn. */
  middle(): ViewMiddle | undefined
  showMiddle(middle: ViewMiddle): void
  /** The scale at which all of the image is seen. */
  fittedScale(): number | undefined
}

/** As the pane itself knows it. */
interface OwnHungView {
  readonly view: HungView
  /** Lays the image out as the last time, if there was one. */
  again(): void
  /** Another stack hangs by itself. */
  forget(): void
}

export function openPresentation(
  pane: EnginePane,
  image: () => StackImage | undefined,
  redraw: () => void,
): OwnHungView {
  const { viewport } = pane
  /** With the camera as it was left: somebody who moves it has another view in mind. */
  let hung: { readonly presentation: Presentation; readonly camera: string } | undefined
  const cameraNow = (): string =>
    JSON.stringify([viewport.getZoom(), viewport.getPan(), presentationIn(viewport)])
  function present(presentation: Presentation): void {
    presentIn(viewport, presentation, image())
    hung = { presentation, camera: cameraNow() }
    redraw()
  }
  pane.keepThrough(() => {
    const kept = hung?.camera === cameraNow() ? hung.presentation : undefined
    return kept && (() => present(kept))
  })
  return {
    view: {
      present,
      presented: () => presentationIn(viewport),
      scale: () => scaleOf(viewport),
      viewed: () => viewOf(viewport),
      showArea: (area) => showArea(viewport, area),
      middle: () => middleOf(viewport),
      showMiddle: (middle) => showMiddle(viewport, middle),
      fittedScale: () => fittedScaleOf(viewport),
    },
    again: () => void (hung && present(hung.presentation)),
    forget: () => void (hung = undefined),
  }
}

/** Lays the image out anew: turned, sized, then moved to the edge. The viewport has to be rendered afterwards. */
function presentIn(
  viewport: Types.IStackViewport,
  wanted: Presentation,
  image: StackImage | undefined,
): void {
  // First: it puts turns and flips back, too.
  viewport.resetCamera({ resetPan: true, resetZoom: true, resetToCenter: true })
  viewport.setViewPresentation({ rotation: wanted.rotation })
  setSeenFlips(viewport, wanted)
  const target = targetScale(wanted, image)
  if (target !== undefined) viewport.setZoom((viewport.getZoom() * target) / scaleOf(viewport))
  else if (wanted.share !== 1) viewport.setZoom(viewport.getZoom() * wanted.share)
  if (wanted.align !== 'centre') alignTo(viewport, wanted.align)
}

/** How the viewport's image is turned now. */
function presentationIn(
  viewport: Types.IStackViewport,
): Pick<Presentation, 'rotation' | 'flipHorizontal' | 'flipVertical'> {
  const { rotation = 0 } = viewport.getViewPresentation()
  return { rotation: (((Math.round(rotation / 90) * 90) % 360) + 360) % 360, ...seenFlips(viewport) }
}

function targetScale({ fit }: Presentation, image: StackImage | undefined): number | undefined {
  const spacing = image && columnSpacing(image)
  if (fit === 'one-to-one') return 1 / window.devicePixelRatio
  return fit === 'real-size' && spacing !== undefined ? spacing * PIXELS_PER_MM : undefined
}

function alignTo(viewport: Types.IStackViewport, align: 'left' | 'right'): void {
  const away = awayFrom(viewport, align)
  if (away === undefined || Math.abs(away) < TOLERANCE) return
  shift(viewport, away)
  // Of a turned image the library may count the other way: what came of it tells.
  const left = awayFrom(viewport, align) ?? 0
  if (Math.abs(left) > TOLERANCE && left !== away) shift(viewport, (left * away) / (away - left))
}

/** How far the image is from its edge of the pane. CSS pixels, to the right. */
function awayFrom(viewport: Types.IStackViewport, align: 'left' | 'right'): number | undefined {
  const edges = edgesOf(viewport)
  if (edges === undefined) return undefined
  return align === 'left' ? -edges.left : viewport.element.clientWidth - edges.right
}

/** By the camera: the library's pan has other units on a canvas than on a graphics card. */
function shift(viewport: Types.IStackViewport, right: number): void {
  const { focalPoint, position } = viewport.getCamera()
  if (focalPoint === undefined || position === undefined) return
  const [from, to] = [viewport.canvasToWorld([0, 0]), viewport.canvasToWorld([-right, 0])]
  const moved = (point: Types.Point3): Types.Point3 =>
    point.map((value, axis) => value + (to[axis] ?? 0) - (from[axis] ?? 0)) as Types.Point3
  viewport.setCamera({ focalPoint: moved(focalPoint), position: moved(position) })
}

/** Where the image begins and ends across the pane, in CSS pixels from its left edge. */
function edgesOf(viewport: Types.IStackViewport): { left: number; right: number } | undefined {
  const { origin, direction, spacing, dimensions } = viewport.getImageData() ?? {}
  if (!origin || !direction || !spacing || !dimensions) return undefined
  const corner = (column: number, row: number): number => {
    const at = [0, 1, 2].map(
      (axis) =>
        (origin[axis] ?? 0) +
        (direction[axis] ?? 0) * spacing[0] * (column - 0.5) +
        (direction[axis + 3] ?? 0) * spacing[1] * (row - 0.5),
    ) as Types.Point3
    return viewport.worldToCanvas(at)[0]
  }
  const [columns, rows] = dimensions
  const xs = [corner(0, 0), corner(columns, 0), corner(0, rows), corner(columns, rows)]
  return { left: Math.min(...xs), right: Math.max(...xs) }
}
