import { Enums } from '@cornerstonejs/core'
import { pointedShape } from '../../../core/measurements/pointed-shape.ts'
import type { Geometry, ImagePoint } from '../../../core/measurements/shapes.ts'
import type { EnginePane } from '../shared-engine.ts'
import type { MarkKind } from './geometry-of.ts'
import { imagePlane } from './image-plane.ts'
import { stepPoint } from './step-point.ts'

/** A cross over the image that keys move, for whoever measures without a mouse. */
export interface KeyCursor {
  /** In the middle of the pane, or where it was; false: there is no image to measure on. */
  start(kind: MarkKind): boolean
  /** Pixels of the image to the right and down, as one sees them; as many more as are one of the screen. */
  move(right: number, down: number): void
  /** Sets a point where the cross is. */
  set(): void
  /** The points of a shape that is not whole are gone. */
  forget(): void
  stop(): void
  close(): void
}

const SVG = 'http://www.w3.org/2000/svg'
/** Of the cross, from its middle. CSS pixels. */
const [NEAR, FAR] = [4, 18]

/** @param onShape told of each shape that is whole */
export function openKeyCursor({ viewport }: EnginePane, onShape: (shape: Geometry) => void): KeyCursor {
  const { element } = viewport
  const sheet = document.createElementNS(SVG, 'svg')
  sheet.dataset['cursor'] = ''
  sheet.style.cssText =
    'position: absolute; inset: 0; width: 100%; height: 100%; overflow: hidden; pointer-events: none; display: none'
  viewport.canvas.after(sheet)
  let kind: MarkKind | undefined
  let at: ImagePoint | undefined
  let points: ImagePoint[] = []

  const onScreen = (point: ImagePoint): readonly [number, number] => {
    const [x, y] = viewport.worldToCanvas(imagePlane(viewport)?.toWorld(point) ?? [0, 0, 0])
    return [x, y]
  }
  const onImage = (x: number, y: number): ImagePoint | undefined =>
    imagePlane(viewport)?.toImage(viewport.canvasToWorld([x, y]))

  function draw(): void {
    sheet.style.display = kind === undefined ? 'none' : 'block'
    if (kind === undefined || at === undefined || imagePlane(viewport) === undefined) return
    const [x, y] = onScreen(at)
    const way = [...points, at].map((point) =>
      onScreen(point)
        .map((value) => value.toFixed(1))
        .join(' '),
    )
    sheet.replaceChildren(
      ...stroke(points.length === 0 ? '' : `M${way.join('L')}`, '4 3'),
      ...stroke(
        `M${x - FAR} ${y}H${x - NEAR}M${x + NEAR} ${y}H${x + FAR}M${x} ${y - FAR}V${y - NEAR}M${x} ${y + NEAR}V${y + FAR}`,
      ),
    )
  }

  element.addEventListener(Enums.Events.IMAGE_RENDERED, draw)

  return {
    start(next) {
      at ??= onImage(element.clientWidth / 2, element.clientHeight / 2)
      kind = at === undefined ? undefined : next
      points = []
      draw()
      return kind !== undefined
    },
    move(right, down) {
      if (at === undefined) return
      const next = stepPoint(viewport, at, right, down)
      if (next === undefined) return
      at = next
      draw()
    },
    set() {
      if (kind === undefined || at === undefined) return
      points.push(at)
      const shape = pointedShape(kind, points)
      if (shape !== undefined) {
        points = []
        onShape(shape)
      }
      draw()
    },
    forget() {
      points = []
      draw()
    },
    stop() {
      kind = undefined
      points = []
      draw()
    },
    close() {
      element.removeEventListener(Enums.Events.IMAGE_RENDERED, draw)
      sheet.remove()
    },
  }
}

/** A light line on a dark one: seen on any tissue. */
function stroke(way: string, dashes = ''): SVGElement[] {
  return (
    [
      ['#000', '3'],
      ['#ffd666', '1.5'],
    ] as const
  ).map(([colour, width]) => {
    const path = document.createElementNS(SVG, 'path')
    path.setAttribute('d', way)
    path.setAttribute('fill', 'none')
    path.setAttribute('stroke', colour)
    path.setAttribute('stroke-width', width)
    path.setAttribute('stroke-dasharray', dashes)
    return path
  })
}
