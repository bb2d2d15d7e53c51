import { Enums } from '@cornerstonejs/core'
import type { ImageLine } from '../../../core/measurements/reference-line.ts'
import type { ImagePoint } from '../../../core/measurements/shapes.ts'
import { imagePlane } from '../marks/image-plane.ts'
import type { EnginePane } from '../shared-engine.ts'

/** A line where another pane's image cuts through this one. */
export interface PaneLine {
  /** Which pane's, or plane's: lines keep their elements from call to call. */
  readonly name: string
  readonly line: ImageLine
  /** A colour of CSS. */
  readonly colour: string
  /** Of the pane that is read: drawn stronger. */
  readonly isStrong: boolean
  /** It can be taken hold of. */
  readonly isMovable: boolean
}

/** A hand on a line: told where it is now, until it lets go. */
export type LineDrag = (to: ImagePoint) => void

/** Lines over an image, and the place at which panes meet. */
export interface LinesLayer {
  show(lines: readonly PaneLine[], place: ImagePoint | undefined): void
  close(): void
}

/** What a hand takes hold of: the line, near its ends to turn it. */
export type LineGrab = (name: string, part: 'middle' | 'end', at: ImagePoint) => LineDrag | undefined

const SVG = 'http://www.w3.org/2000/svg'
/** As wide as a hand is sure of. CSS pixels. */
const GRASP = 14
/** Of a line, from either end: the part that turns it. */
const TURNING = 0.22
/** About the place where lines meet nothing is drawn, so that it can be seen. CSS pixels. */
const OPEN = 9

export function openLinesLayer({ viewport }: EnginePane, grab: LineGrab): LinesLayer {
  const { element } = viewport
  const sheet = document.createElementNS(SVG, 'svg')
  sheet.dataset['lines'] = ''
  sheet.style.cssText =
    'position: absolute; inset: 0; width: 100%; height: 100%; overflow: hidden; pointer-events: none'
  viewport.canvas.after(sheet)
  let lines: readonly PaneLine[] = []
  let place: ImagePoint | undefined

  function draw(): void {
    const plane = imagePlane(viewport)
    if (plane === undefined || (lines.length === 0 && place === undefined)) {
      sheet.replaceChildren()
      return
    }
    const at = (point: ImagePoint): ImagePoint => {
      const [x, y] = viewport.worldToCanvas(plane.toWorld([point[0], point[1]]))
      return [x, y]
    }
    const marks = lines.flatMap((each) => drawn(each, at(each.line[0]), at(each.line[1])))
    sheet.replaceChildren(...marks, ...(place === undefined ? [] : [cross(at(place))]))
  }

  function drawn(
    { name, colour, isStrong, isMovable }: PaneLine,
    from: ImagePoint,
    to: ImagePoint,
  ): SVGElement[] {
    const shown = lineElement(from, to)
    shown.setAttribute('stroke', colour)
    shown.setAttribute('stroke-width', isStrong ? '1.5' : '1')
    shown.setAttribute('stroke-opacity', isStrong ? '0.95' : '0.7')
    shown.dataset['line'] = name
    if (!isMovable) {
      if (!isStrong) shown.setAttribute('stroke-dasharray', '5 4')
      return [shown]
    }
    const between = (share: number): ImagePoint => [
      from[0] + (to[0] - from[0]) * share,
      from[1] + (to[1] - from[1]) * share,
    ]
    const parts = [
      { part: 'end', line: [0, TURNING], cursor: 'grab' },
      { part: 'middle', line: [TURNING, 1 - TURNING], cursor: 'move' },
      { part: 'end', line: [1 - TURNING, 1], cursor: 'grab' },
    ] as const
    return [
      shown,
      ...parts.flatMap(({ part, line: [a, b], cursor }) => {
        const hold = lineElement(between(a), between(b))
        hold.setAttribute('stroke', 'transparent')
        hold.setAttribute('stroke-width', String(GRASP))
        hold.style.cssText = `pointer-events: stroke; cursor: ${cursor}; touch-action: none`
        hold.dataset['hold'] = `${name} ${part}`
        return part === 'end' ? [hold, knob(between((a + b) / 2), colour)] : [hold]
      }),
    ]
  }

  let drag: LineDrag | undefined
  const pointOf = (event: PointerEvent): ImagePoint | undefined => {
    const { left, top } = element.getBoundingClientRect()
    return imagePlane(viewport)?.toImage(viewport.canvasToWorld([event.clientX - left, event.clientY - top]))
  }
  const onDown = (event: PointerEvent): void => {
    const [name, part] = (event.target as SVGElement).dataset['hold']?.split(' ') ?? []
    const at = pointOf(event)
    if (name === undefined || at === undefined || event.button !== 0) return
    drag = grab(name, part === 'end' ? 'end' : 'middle', at)
    if (drag === undefined) return
    sheet.setPointerCapture(event.pointerId)
    event.preventDefault()
  }
  const onMove = (event: PointerEvent): void => {
    const to = drag === undefined ? undefined : pointOf(event)
    if (to !== undefined) drag?.(to)
  }
  const onUp = (): void => {
    drag = undefined
  }
  /** A hand on a line is not one on the image. */
  const keep = (event: Event): void => {
    if ((event.target as Element).closest('[data-hold]') !== null) event.stopPropagation()
  }
  sheet.addEventListener('pointerdown', onDown)
  sheet.addEventListener('pointermove', onMove)
  sheet.addEventListener('pointerup', onUp)
  sheet.addEventListener('pointercancel', onUp)
  for (const kind of ['mousedown', 'touchstart', 'dblclick']) sheet.addEventListener(kind, keep)
  element.addEventListener(Enums.Events.IMAGE_RENDERED, draw)

  return {
    show(next, at) {
      lines = next
      place = at
      draw()
    },
    close() {
      element.removeEventListener(Enums.Events.IMAGE_RENDERED, draw)
      sheet.remove()
    },
  }
}

function lineElement(from: ImagePoint, to: ImagePoint): SVGLineElement {
  const line = document.createElementNS(SVG, 'line')
  const ends = [...from, ...to].map((value) => value.toFixed(2))
  for (const [index, name] of ['x1', 'y1', 'x2', 'y2'].entries()) line.setAttribute(name, ends[index] ?? '0')
  return line
}

function knob([x, y]: ImagePoint, colour: string): SVGElement {
  const circle = document.createElementNS(SVG, 'circle')
  circle.setAttribute('cx', x.toFixed(2))
  circle.setAttribute('cy', y.toFixed(2))
  circle.setAttribute('r', '3.5')
  circle.setAttribute('fill', 'none')
  circle.setAttribute('stroke', colour)
  return circle
}

function cross([x, y]: ImagePoint): SVGElement {
  const path = document.createElementNS(SVG, 'path')
  const [near, far] = [OPEN, OPEN * 2.2]
  path.setAttribute(
    'd',
    `M${x - far} ${y}H${x - near}M${x + near} ${y}H${x + far}M${x} ${y - far}V${y - near}M${x} ${y + near}V${y + far}`,
  )
  path.setAttribute('stroke', '#ffd666')
  path.setAttribute('stroke-width', '1.5')
  path.dataset['place'] = ''
  return path
}
