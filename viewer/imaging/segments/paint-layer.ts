import { Enums } from '@cornerstonejs/core'
import { intensityOf } from '../../../core/measurements/intensity-of.ts'
import { drawBrush, type Touched } from '../../../core/measurements/segments/brush.ts'
import { decodeRuns, encodeRuns } from '../../../core/measurements/segments/runs.ts'
import { isOfGrid } from '../../../core/measurements/segments/segment.ts'
import type { ImagePoint } from '../../../core/measurements/shapes.ts'
import { isOnSlice, type PaintedFrame, type Painting } from '../../segments/painting.ts'
import type { FrameImage } from '../frames/frame-image.ts'
import { spacing } from '../frames/frame-metadata.ts'
import { imagePlane } from '../marks/image-plane.ts'
import { stepPoint } from '../marks/step-point.ts'
import { imageMatrix } from '../overlays/image-matrix.ts'
import type { EnginePane } from '../shared-engine.ts'
import type { StackImage } from '../stack-image.ts'
import { createBrushOutline } from './brush-outline.ts'
import { paintedFrame } from './painted-frame.ts'
import { createSegmentPicture, type DrawnSegment, type SegmentPicture } from './segment-picture.ts'

/** The segments over what a pane shows, and the brush that paints them: at once, and without a rendering of the page. */
export interface PaintLayer {
  /** The frame that is drawn now. */
  shows(image: StackImage | undefined, drawn: FrameImage | undefined): void
  /** Whether pointers paint. */
  setOn(on: boolean): void
  /** A stroke that is under way is as if it had never begun. */
  cancel(): void
  readonly keys: KeyBrush
  close(): void
}

/** The brush as keys move it. */
export interface KeyBrush {
  /** In the middle of the pane, or where it was. Returns whether there is an image to paint on. */
  start(): boolean
  /** As one sees it, in pixels of the image; paints on the way while the brush is down. */
  move(right: number, down: number): void
  /** Paints where the brush is. */
  dab(): void
  /** Down: what moves paints. Again: up. */
  toggleDown(): void
  stop(): void
}

interface Stroke {
  readonly frame: PaintedFrame
  readonly drawn: DrawnSegment
  readonly before: Uint8Array<ArrayBuffer>
  last: ImagePoint
  assisted: boolean
}

export function openPaintLayer({ viewport }: EnginePane, painting: Painting): PaintLayer {
  const { element } = viewport
  const sheet = document.createElement('div')
  sheet.dataset['segments'] = ''
  sheet.style.cssText = 'position: absolute; inset: 0; overflow: hidden; pointer-events: none'
  const outline = createBrushOutline(viewport)
  sheet.append(outline.element)
  viewport.canvas.after(sheet)
  let shown: StackImage | undefined
  let frameImage: FrameImage | undefined
  let frame: PaintedFrame | undefined
  let picture: SegmentPicture | undefined
  let segments: DrawnSegment[] = []
  let stroke: Stroke | undefined
  let isOn = false
  /** Nothing of another image is painted while one is on its way. */
  let isReady = false
  let hover: ImagePoint | undefined
  /** By keys; undefined: they do not paint. */
  let key: { at: ImagePoint; isDown: boolean } | undefined

  const whole = ({ rows, columns }: PaintedFrame): Touched => ({
    left: 0,
    top: 0,
    right: columns,
    bottom: rows,
  })

  /** All of the frame, as the store has it. */
  function redraw(): void {
    const own = frame
    if (own === undefined) return clear()
    const drawn = painting.store.list().flatMap((segment): DrawnSegment[] => {
      const slice = isOfGrid(segment, own) ? segment.slices.find((each) => isOnSlice(each, own)) : undefined
      return slice === undefined ? [] : [{ segment, mask: decodeRuns(slice.runs, own.rows * own.columns) }]
    })
    segments = drawn
    if (drawn.length === 0 && picture === undefined) return
    pictureOf(own).draw(segments, whole(own))
    sheet.dataset['painted'] = String(drawn.length)
    place()
  }

  function pictureOf({ columns, rows }: PaintedFrame): SegmentPicture {
    if (picture?.canvas.width === columns && picture.canvas.height === rows) return picture
    picture?.canvas.remove()
    picture = createSegmentPicture(columns, rows)
    sheet.prepend(picture.canvas)
    return picture
  }

  function clear(): void {
    segments = []
    picture?.canvas.remove()
    picture = undefined
    outline.show(undefined, [0, 0], false)
  }

  function place(): void {
    const matrix = imageMatrix(viewport)
    if (matrix !== undefined && picture !== undefined)
      picture.canvas.style.transform = `matrix(${matrix.join(',')})`
    showBrush()
  }

  function aspectOf(): number {
    const { row, column } = shown === undefined ? { row: 1, column: 1 } : spacing(shown)
    return row / column
  }

  function showBrush(): void {
    const { radius, erases } = painting.brush()
    const at = key?.at ?? (isOn ? hover : undefined)
    outline.show(frame === undefined ? undefined : at, [radius, radius / aspectOf()], erases)
  }

  const onImage = (event: PointerEvent): ImagePoint | undefined => {
    const { left, top } = element.getBoundingClientRect()
    return imagePlane(viewport)?.toImage(viewport.canvasToWorld([event.clientX - left, event.clientY - top]))
  }

  function begin(at: ImagePoint): boolean {
    if (frame === undefined || !isReady) return false
    const segment = painting.targetOn(frame)
    const known = segments.find((each) => each.segment.trackingUid === segment.trackingUid)
    const drawn = known ?? { segment, mask: new Uint8Array(frame.rows * frame.columns) }
    if (known === undefined) segments.push(drawn)
    stroke = { frame, drawn, before: drawn.mask.slice(), last: at, assisted: false }
    return true
  }

  function drawTo(at: ImagePoint, erases: boolean): void {
    if (stroke === undefined) return
    const { mode, radius, from, to } = painting.brush()
    const accepts = mode === 'threshold' ? within(from, to) : () => true
    stroke.assisted ||= mode === 'threshold' && !erases
    const { columns, rows } = stroke.frame
    const touched = drawBrush(
      { columns, rows, pixels: stroke.drawn.mask },
      { radius, aspect: aspectOf(), erases, accepts },
      stroke.last,
      at,
    )
    stroke.last = at
    pictureOf(stroke.frame).draw(segments, touched)
    place()
  }

  /** In the unit that is shown; what is padding, or in colour, is in no range. */
  function within(from: number, to: number): (at: number) => boolean {
    // Of a preview nothing is known to be in a range.
    const measured = frameImage?.beginning === undefined ? frameImage?.measured : undefined
    if (measured === undefined || shown === undefined) return () => false
    const { scale } = intensityOf(shown.metadata)
    const { from: low, to: high } = measured.padding ?? { from: Infinity, to: -Infinity }
    return (at) => {
      const value = measured.values[at] ?? NaN
      return value * scale >= from && value * scale <= to && !(value >= low && value <= high)
    }
  }

  function end(): void {
    const done = stroke
    stroke = undefined
    if (done === undefined) return
    const { sopInstanceUid, frameNumber } = done.frame
    const runs = encodeRuns(done.drawn.mask)
    // A click that painted nothing is no step, and makes no segment.
    if (runs === encodeRuns(done.before)) return redraw()
    painting.paint(done.drawn.segment, [{ sopInstanceUid, frameNumber, runs }], done.assisted)
  }

  function cancel(): void {
    if (stroke === undefined) return
    stroke = undefined
    redraw()
  }

  const isPainting = (event: PointerEvent): boolean =>
    isOn && event.isPrimary && (event.pointerType !== 'mouse' || event.button === 0)

  /** With Shift the brush takes away what it would add. */
  const erasesWith = (event: PointerEvent): boolean => painting.brush().erases !== event.shiftKey

  function onDown(event: PointerEvent): void {
    const at = isPainting(event) ? onImage(event) : undefined
    if (at === undefined || !begin(at)) return
    element.setPointerCapture(event.pointerId)
    hover = at
    drawTo(at, erasesWith(event))
  }

  function onMove(event: PointerEvent): void {
    if (!isOn || !event.isPrimary) return
    hover = onImage(event)
    if (hover !== undefined && stroke !== undefined) drawTo(hover, erasesWith(event))
    else showBrush()
  }

  function onLeave(): void {
    hover = undefined
    showBrush()
  }

  function onWheel(event: WheelEvent): void {
    if (!isOn || !event.shiftKey || event.ctrlKey) return
    event.preventDefault()
    event.stopImmediatePropagation()
    // With Shift a wheel turns sideways on some systems.
    painting.resize(-Math.sign(event.deltaY === 0 ? event.deltaX : event.deltaY))
  }

  const listeners = {
    pointerdown: onDown,
    pointermove: onMove,
    pointerup: end,
    pointercancel: cancel,
    pointerleave: onLeave,
  } as const
  for (const [name, listener] of Object.entries(listeners))
    element.addEventListener(name, listener as EventListener)
  element.addEventListener('wheel', onWheel, { capture: true, passive: false })
  element.addEventListener(Enums.Events.IMAGE_RENDERED, place)
  const stops = [painting.store.subscribe(redraw), painting.subscribe(showBrush)]

  const keys: KeyBrush = {
    start() {
      const { clientWidth, clientHeight } = element
      const middle = imagePlane(viewport)?.toImage(
        viewport.canvasToWorld([clientWidth / 2, clientHeight / 2]),
      )
      if (middle === undefined || frame === undefined) return false
      key ??= { at: middle, isDown: false }
      showBrush()
      return true
    },
    move(right, down) {
      const next = key && stepPoint(viewport, key.at, right, down)
      if (key === undefined || next === undefined) return
      if (key.isDown && begin(key.at)) {
        drawTo(next, painting.brush().erases)
        end()
      }
      key.at = next
      showBrush()
    },
    dab() {
      if (key === undefined || !begin(key.at)) return
      drawTo(key.at, painting.brush().erases)
      end()
    },
    toggleDown() {
      if (key === undefined) return
      key.isDown = !key.isDown
      if (key.isDown) keys.dab()
    },
    stop() {
      key = undefined
      showBrush()
    },
  }

  return {
    keys,
    cancel,
    shows(image, drawn) {
      isReady = image !== undefined
      if (image === undefined) return
      frameImage = drawn
      if (image === shown) return
      end()
      shown = image
      frame = paintedFrame(image)
      redraw()
    },
    setOn(on) {
      isOn = on
      element.style.cursor = on ? 'crosshair' : ''
      if (!on) end()
      showBrush()
    },
    close() {
      end()
      for (const stop of stops) stop()
      for (const [name, listener] of Object.entries(listeners))
        element.removeEventListener(name, listener as EventListener)
      element.removeEventListener('wheel', onWheel, { capture: true })
      element.removeEventListener(Enums.Events.IMAGE_RENDERED, place)
      sheet.remove()
    },
  }
}
