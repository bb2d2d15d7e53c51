import type { DragAction, Mouse } from '../../../core/contract/reading-settings.ts'
import { dragged, pixelOf, type ViewCamera } from '../../../core/volume/view-camera.ts'
import type { VoiWindow } from '../../../core/dicom/grayscale.ts'
import { draggedWindow } from '../drag-window.ts'
import { USUAL_MOUSE } from '../pane-preferences.ts'
import type { PrimaryTool } from '../pane-tools.ts'
import { onPinch, type PanePoint } from '../pinch.ts'
import { onWheel } from '../wheel-steps.ts'
import type { VolumeLooks } from './volume-look.ts'

/** What a hand does to a volume. */
export interface VolumeHands {
  /** Of the first button, and of one finger: what would turn over images turns the volume. */
  setTool(tool: PrimaryTool): void
  /** What the other buttons do, and how a window is dragged. */
  setMouse(mouse: Mouse): void
  /** A hand is on it. */
  isMoving(): boolean
  close(): void
}

type Deed = 'turn' | 'window' | 'pan' | 'zoom'

/** As in other panes; a volume has no images to scroll, and is turned instead. */
const deedOf = (action: DragAction | PrimaryTool): Deed =>
  action === 'window' || action === 'pan' || action === 'zoom' ? action : 'turn'
/** There is nothing else in a volume that a wheel could go through. */
const WHEEL = { wheel: 'scroll', wheelControl: 'zoom', wheelShift: 'window' } as const
/** Pixels of a drag that magnify to e times the size. */
const ZOOM_PIXELS = 200
/** A notch of the wheel. */
const ZOOM_STEP = 1.1
/** After a wheel the picture is fine again. Milliseconds. */
const STILL_AFTER = 250

/** Lets mouse, wheel and fingers turn, move, magnify a volume, and set its window. `onStill`: the hand is off again. */
export function openVolumeHands(element: HTMLElement, looks: VolumeLooks, onStill: () => void): VolumeHands {
  let tool: Deed = 'turn'
  let mouse = USUAL_MOUSE
  let drag: ((to: PanePoint) => void) | undefined
  let isPinching = false
  let wheeling: ReturnType<typeof setTimeout> | undefined

  const pointOf = ({ clientX, clientY }: PointerEvent): PanePoint => {
    const { left, top } = element.getBoundingClientRect()
    return [clientX - left, clientY - top]
  }
  const size = (): readonly [number, number] => [element.clientWidth, element.clientHeight]
  const setCamera = (camera: ViewCamera): void => looks.change({ camera })
  const ownWindow = (): VoiWindow => ({ ...looks.window(), function: 'LINEAR' })

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
        const window = ownWindow()
        return ([x, y]) => {
          const down = mouse.windowUp === 'darker' ? y - from[1] : from[1] - y
          widen(window, (x - from[0]) * mouse.windowSpeed, down * mouse.windowSpeed)
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

  function widen(from: VoiWindow, right: number, down: number): void {
    const { center, width } = draggedWindow(from, right, down)
    looks.change({ window: { center, width } })
  }

  function ofButton(event: PointerEvent): Deed | undefined {
    if (event.button === 0) return event.shiftKey ? 'window' : tool
    const action = event.button === 1 ? mouse.middle : event.button === 2 ? mouse.right : 'none'
    return action === 'none' ? undefined : deedOf(action)
  }

  function stop(): void {
    if (drag === undefined) return
    drag = undefined
    onStill()
  }

  const onDown = (event: PointerEvent): void => {
    if (!event.isPrimary || isPinching) return
    const deed = ofButton(event)
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
  const wheel = onWheel(element, () => WHEEL, {
    step: (steps) => byWheel(ZOOM_STEP ** -steps, [size()[0] / 2, size()[1] / 2]),
    zoom: byWheel,
    widen: (pixels) => widen(ownWindow(), pixels, 0),
  })
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
      tool = deedOf(next)
    },
    setMouse: (next) => void (mouse = next),
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
