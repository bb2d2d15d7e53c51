import { pixelOf, spanOf, turnedCamera, type ViewCamera } from '../../../core/volume/view-camera.ts'
import { letters } from '../orientation.ts'
import { AS_IT_LIES } from '../presentation.ts'
import type { StackImage } from '../stack-image.ts'
import type { ImagingViewport, ViewportState } from '../viewport.ts'
import { openVolumeHands } from './volume-hands.ts'
import type { VolumeLooks } from './volume-look.ts'
import type { PictureAnswer } from './volume-messages.ts'

/** Told of each picture that is on screen. */
type OnPainted = (picture: Pick<PictureAnswer, 'isFine' | 'paintedBy' | 'shrink'>) => void

/**
 * A pane that shows a volume, driven as one that shows a stack of one image. What needs an image's pixels (marks, overlays,
 * lines of other planes) it has not: the room says so where it is asked for.
 */
export function openVolumeViewport(
  element: HTMLDivElement,
  onState: (state: ViewportState) => void,
  looks: VolumeLooks,
  onPainted: OnPainted = () => undefined,
): ImagingViewport {
  const { volume } = looks
  const canvas = document.createElement('canvas')
  canvas.style.cssText = 'position: absolute; inset: 0; width: 100%; height: 100%'
  const layers = document.createElement('div')
  layers.style.cssText = 'position: absolute; inset: 0'
  layers.append(canvas)
  element.append(layers)
  const context = canvas.getContext('2d')
  let image: StackImage | undefined
  let isShown = false
  let serial = 0
  let due = 0
  /** Called when the picture is as fine as it gets. */
  const waiting: (() => void)[] = []
  let isFine = false

  const view = volume.openView((answer) => {
    const { picture } = answer
    if (context !== null) {
      context.imageSmoothingQuality = 'high'
      context.drawImage(picture, 0, 0, canvas.width, canvas.height)
    }
    picture.close()
    isShown = true
    isFine = answer.isFine && answer.serial === serial
    canvas.dataset['painted'] = isFine ? 'fine' : 'coarse'
    canvas.dataset['paintedBy'] = answer.paintedBy
    if (isFine) for (const resolve of waiting.splice(0)) resolve()
    onPainted(answer)
    onState(stateNow())
  })

  function stateNow(): ViewportState {
    const { camera, turnedOver, window } = looks.now()
    const { right, down } = camera
    return {
      index: 0,
      count: image === undefined ? 0 : 1,
      image,
      window: { ...looks.window(), function: 'LINEAR' },
      scale: spanOf(volume.grid, camera) / camera.span,
      choice: { window: window && { ...window, function: 'LINEAR' }, turnedOver },
      letters: {
        right: letters(right),
        left: letters(opposite(right)),
        bottom: letters(down),
        top: letters(opposite(down)),
      },
      overlays: 'none',
      shutter: 'none',
      loadedCount: 1,
      exactCount: 1,
      preview: undefined,
      storedAs: isShown && volume.storedAs() !== '' ? volume.storedAs() : undefined,
      profile: 'none',
      status: isShown ? 'ready' : 'loading',
    }
  }

  function paint(): void {
    due = 0
    const width = Math.round(element.clientWidth * window.devicePixelRatio)
    const height = Math.round(element.clientHeight * window.devicePixelRatio)
    if (image === undefined || width === 0 || height === 0) return
    if (canvas.width !== width || canvas.height !== height) resize(width, height)
    isFine = false
    canvas.dataset['painted'] = 'waiting'
    view.show({ serial: ++serial, scene: looks.scene(), width, height, isMoving: hands.isMoving() })
    onState(stateNow())
  }

  /** What was there stays, stretched, until there is another. */
  function resize(width: number, height: number): void {
    const before = isShown && canvas.width > 0 ? canvas.cloneNode() : undefined
    if (before instanceof HTMLCanvasElement) before.getContext('2d')?.drawImage(canvas, 0, 0)
    canvas.width = width
    canvas.height = height
    if (before instanceof HTMLCanvasElement) context?.drawImage(before, 0, 0, width, height)
  }

  const ask = (): void => {
    due ||= requestAnimationFrame(paint)
  }
  const hands = openVolumeHands(element, looks, ask)
  const unsubscribe = looks.subscribe(ask)
  const observer = new ResizeObserver(ask)
  observer.observe(element)
  const setCamera = (change: (camera: ViewCamera) => ViewCamera): void =>
    looks.change({ camera: change(looks.now().camera) })

  return {
    showStack(images, start) {
      image = images[start]
      ask()
      return Promise.resolve()
    },
    goTo: () => undefined,
    step: () => undefined,
    wanted: () => 0,
    arrived: () => 'exact',
    follow: () => undefined,
    needExact: () => true,
    setTool: hands.setTool,
    prefer: ({ mouse }) => hands.setMouse(mouse),
    setWindow: (window) => looks.change({ window: window && { center: window.center, width: window.width } }),
    invert: () => looks.change({ turnedOver: !looks.now().turnedOver }),
    choose: ({ window, turnedOver }) => {
      const now = looks.now()
      const isSame = window?.center === now.window?.center && window?.width === now.window?.width
      if (!isSame || turnedOver !== now.turnedOver) looks.change({ window, turnedOver })
    },
    rotate: (degrees) => setCamera((camera) => turnedCamera(camera, [0, 0, 1], degrees)),
    // Left and right of a patient never change places.
    flip: () => undefined,
    fit: () => setCamera((camera) => ({ ...camera, pan: [0, 0], span: spanOf(volume.grid, camera) })),
    oneToOne: () =>
      setCamera((camera) => ({ ...camera, span: pixelsOf(element) * voxelOf(volume.grid.steps[0]) })),
    zoomBy: (factor) => setCamera((camera) => ({ ...camera, span: camera.span / factor })),
    reset: looks.reset,
    showOverlays: () => undefined,
    liftShutter: () => undefined,
    drawOver: () => undefined,
    showLines: () => undefined,
    marks: {
      cursor: {
        start: () => false,
        move: () => undefined,
        set: () => undefined,
        forget: () => undefined,
        stop: () => undefined,
        close: () => undefined,
      },
      selected: () => [],
      nudge: () => undefined,
      cancel: () => undefined,
      discard: () => undefined,
      refresh: () => undefined,
    },
    paint: undefined,
    present: () => undefined,
    presented: () => AS_IT_LIES,
    scale: () => 1 / pixelOf(looks.now().camera, element.clientWidth, element.clientHeight),
    viewed: () => undefined,
    showArea: () => undefined,
    // No pane that is linked looks where a volume does.
    middle: () => undefined,
    showMiddle: () => undefined,
    fittedScale: () => undefined,
    surface: element,
    settled: () => (isFine ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
    twin: (other, tell) => openVolumeViewport(other, tell, looks),
    close() {
      cancelAnimationFrame(due)
      unsubscribe()
      observer.disconnect()
      hands.close()
      view.close()
      layers.remove()
      for (const resolve of waiting.splice(0)) resolve()
    },
  }
}

const opposite = ([x, y, z]: readonly [number, number, number]): readonly [number, number, number] => [
  -x,
  -y,
  -z,
]

const pixelsOf = ({ clientWidth, clientHeight }: HTMLElement): number =>
  Math.min(clientWidth, clientHeight) * window.devicePixelRatio

const voxelOf = (step: readonly [number, number, number]): number => Math.hypot(...step)
