import { dragged, pixelOf, type ViewCamera } from '../../../core/volume/view-camera.ts'
import { draggedWindow } from '../drag-window.ts'
import type { PrimaryTool } from '../pane-tools.ts'
import { onPinch, type PanePoint } from '../pinch.ts'
import { onWheelSteps } from '../wheel-steps.ts'
import type { VolumeLooks } from './volume-look.ts'

/** What a hand does to a volume. */
export interface VolumeHands {
  /** Of the first button, and of one finger: what would turn over images turns the volume. */
  setTool(tool: PrimaryTool): void
  /** A hand is on it. */
  isMoving(): boolean
  close(): void
}

type Deed = 'turn' | 'window' | 'pan' | 'zoom'

/** As in other panes: the second button zooms, the middle one moves. */
const DEED_OF_BUTTON: Readonly<Record<number, Deed>> = { 1: 'pan', 2: 'zoom' }
/** Pixels of a drag that magnify to e times the size. */
const ZOOM_PIXELS = 200
/** A notch of the wheel. */
const ZOOM_STEP = 1.1
/** After a wheel the picture is fine again. Milliseconds. */
const STILL_AFTER = 250

/** Lets mouse, wheel and fingers turn, move, magnify a volume, and set its window. `onStill`: the hand is off again. */
export function openVolumeHands(element: HTMLElement, looks: VolumeLooks, onStill: () => void): VolumeHands {
  let tool: Deed = 'turn'
  let drag: ((to: PanePoint) => void) | undefined
  let isPinching = false
  let wheeling: ReturnType<typeof setTimeout> | undefined

  const pointOf = ({ clientX, clientY }: PointerEvent): PanePoint => {
    const { left, top } = element.getBoundingClientRect()
    return [clientX - left, clientY - top]
  }
  const size = (): readonly [number, number] => [element.clientWidth, element.clientHeight]
  const setCamera = (camera: ViewCamera): void => looks.change({ camera })

  function begin(deed: Deed, from: PanePoint): (to: PanePoint) => void {
    const { camera } = looks.now()
    const [width, height] = size()
    switch (deed) {
      case 'turn': {
        let last = from
        const middle = ([x, y]: PanePoint): PanePoint => [x - width / 2, y - height / 2]
        return (to) => {
          setCamera(dragged(looks.now().camera, middle(last), middle(to), Math.min(width, height) / 2))
          last = to
        }
      }
      case 'window': {
        const window = { ...looks.window(), function: 'LINEAR' as const }
        return ([x, y]) => {
          const { center, width: wide } = draggedWindow(window, x - from[0], y - from[1])
          looks.change({ window: { center, width: wide } })
        }
      }
      case 'pan': {
        const pixel = pixelOf(camera, width, height)
        return ([x, y]) =>
          setCamera({
            ...camera,
            pan: [camera.pan[0] - (x - from[0]) * pixel, camera.pan[1] - (y - from[1]) * pixel],
          })
      }
      case 'zoom':
        return ([, y]) =>
          setCamera(magnified(camera, Math.exp((y - from[1]) / ZOOM_PIXELS), from, from, ...size()))
    }
  }

  function stop(): void {
    if (drag === undefined) return
    drag = undefined
    onStill()
  }

  const onDown = (event: PointerEvent): void => {
    if (!event.isPrimary || isPinching) return
    const deed = event.button === 0 ? (event.shiftKey ? 'window' : tool) : DEED_OF_BUTTON[event.button]
    if (deed === undefined) return
    // Of the middle button a browser makes something else.
    event.preventDefault()
    element.setPointerCapture(event.pointerId)
    drag = begin(deed, pointOf(event))
  }
  const onMove = (event: PointerEvent): void => {
    if (event.isPrimary) drag?.(pointOf(event))
  }
  const onUp = (event: PointerEvent): void => {
    if (event.isPrimary) stop()
  }
  const wheel = onWheelSteps(
    element,
    (steps) => byWheel(ZOOM_STEP ** -steps, [size()[0] / 2, size()[1] / 2]),
    byWheel,
  )
  function byWheel(factor: number, at: PanePoint): void {
    clearTimeout(wheeling)
    wheeling = setTimeout(() => {
      wheeling = undefined
      onStill()
    }, STILL_AFTER)
    setCamera(magnified(looks.now().camera, factor, at, at, ...size()))
  }
  const pinch = onPinch(element, {
    begin() {
      isPinching = true
      stop()
    },
    move: (factor, from, to) => setCamera(magnified(looks.now().camera, factor, from, to, ...size())),
  })
  const onTouchEnd = ({ touches }: TouchEvent): void => {
    if (!isPinching || touches.length > 0) return
    isPinching = false
    onStill()
  }

  element.addEventListener('pointerdown', onDown)
  element.addEventListener('pointermove', onMove)
  element.addEventListener('pointerup', onUp)
  element.addEventListener('pointercancel', onUp)
  for (const name of ['touchend', 'touchcancel'] as const) window.addEventListener(name, onTouchEnd)
  return {
    setTool(next) {
      tool = next === 'window' || next === 'pan' || next === 'zoom' ? next : 'turn'
    },
    isMoving: () => drag !== undefined || isPinching || wheeling !== undefined,
    close() {
      clearTimeout(wheeling)
      wheel.stop()
      pinch.stop()
      element.removeEventListener('pointerdown', onDown)
      element.removeEventListener('pointermove', onMove)
      element.removeEventListener('pointerup', onUp)
      element.removeEventListener('pointercancel', onUp)
      for (const name of ['touchend', 'touchcancel'] as const) window.removeEventListener(name, onTouchEnd)
    },
  }
}

/** Along the shorter side of a pane, at the largest and at the smallest. Millimetres. */
const [LEAST_SPAN, MOST_SPAN] = [2, 20_000]

/** Larger by a factor, so that what was at one point of the picture comes to another. Points and size in the same pixels. */
export function magnified(
  camera: ViewCamera,
  factor: number,
  from: PanePoint,
  to: PanePoint,
  width: number,
  height: number,
): ViewCamera {
  const span = Math.max(LEAST_SPAN, Math.min(MOST_SPAN, camera.span / factor))
  const before = pixelOf(camera, width, height)
  const after = pixelOf({ ...camera, span }, width, height)
  const pan = ([width, height] as const).map(
    (side, axis) =>
      (camera.pan[axis] ?? 0) +
      ((from[axis] ?? 0) - side / 2) * before -
      ((to[axis] ?? 0) - side / 2) * after,
  )
  return { ...camera, span, pan: [pan[0] ?? 0, pan[1] ?? 0] }
}
