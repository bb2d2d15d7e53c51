import { Enums } from '@cornerstonejs/core'
import type { FrameImage } from '../frames/frame-image.ts'
import { imagePlane } from '../marks/image-plane.ts'
import type { EnginePane } from '../shared-engine.ts'
import type { StackImage } from '../stack-image.ts'
import { drawnPlane, planesOf, type FilledPlane } from './overlay-drawing.ts'

/** `missing`: they could not be had. */
export type OverlayState = 'none' | 'shown' | 'hidden' | 'missing'

/** The overlay planes over what a pane shows. The standard leaves their look to us: a colour that no grey image has. */
export interface OverlayLayer {
  /** The frame that is drawn now. */
  shows(image: StackImage | undefined, drawn: FrameImage | undefined): void
  setVisible(visible: boolean): void
  readonly state: OverlayState
  /** The planes of the frame have come, or cannot be had. */
  settled(): Promise<void>
  close(): void
}

/** A scale that is all but 1 is 1: numbers of the library's own arithmetic. */
const ALL_BUT = 1e-6

/** @param onChange told when it is known whether the planes of a frame can be had */
export function openOverlayLayer({ viewport }: EnginePane, onChange: () => void): OverlayLayer {
  const { element } = viewport
  /** Over the image, under the marks: the library's own drawing comes after it. */
  const sheet = document.createElement('div')
  sheet.dataset['planes'] = ''
  sheet.style.cssText = 'position: absolute; inset: 0; overflow: hidden; pointer-events: none'
  viewport.canvas.after(sheet)
  let shown: StackImage | undefined
  let state: Exclude<OverlayState, 'hidden'> = 'none'
  let planes: readonly FilledPlane[] = []
  let drawnStep = 0
  let filled = Promise.resolve()

  async function fill(image: StackImage, filling: readonly Promise<FilledPlane>[]): Promise<void> {
    // The image is worth showing without them, and the pane says what is missing.
    const all = await Promise.all(filling).catch(() => undefined)
    if (image !== shown) return
    if (all === undefined) state = 'missing'
    else planes = all
    place()
    onChange()
  }

  /** Puts the drawings where the image is, drawn for its size on the screen. */
  function place(): void {
    const plane = imagePlane(viewport)
    if (plane === undefined || shown === undefined || planes.length === 0) return
    const at = (point: [number, number]) => viewport.worldToCanvas(plane.toWorld(point))
    const [[x, y], [right, rightDown], [below, down]] = [at([0, 0]), at([1, 0]), at([0, 1])]
    const [a, b, c, d] = [right - x, rightDown - y, below - x, down - y]
    draw(shown, Math.min(Math.hypot(a, b), Math.hypot(c, d)) * window.devicePixelRatio)
    for (const canvas of sheet.children as HTMLCollectionOf<HTMLElement>)
      canvas.style.transform = `matrix(${[a, b, c, d, x, y].join(',')})`
  }

  /** @param scale screen pixels an image pixel */
  function draw(image: StackImage, scale: number): void {
    const step = Math.max(1, Math.ceil(1 / scale - ALL_BUT))
    if (step === drawnStep) return
    drawnStep = step
    const drawn = planes.map((plane) => drawnPlane(plane, image, step))
    sheet.replaceChildren(...drawn.filter((canvas) => canvas !== undefined))
  }

  element.addEventListener(Enums.Events.IMAGE_RENDERED, place)
  return {
    get state() {
      return state === 'shown' && sheet.style.display === 'none' ? 'hidden' : state
    },
    shows(image, drawn) {
      if (image === shown) return
      shown = image
      // Those of the image before are not this one's.
      sheet.replaceChildren()
      planes = []
      drawnStep = 0
      const filling = image === undefined ? [] : planesOf(image, drawn)
      state = filling.length === 0 ? 'none' : 'shown'
      filled = image !== undefined && filling.length > 0 ? fill(image, filling) : Promise.resolve()
    },
    setVisible(visible) {
      sheet.style.display = visible ? 'block' : 'none'
      onChange()
    },
    settled: () => filled,
    close() {
      shown = undefined
      element.removeEventListener(Enums.Events.IMAGE_RENDERED, place)
      sheet.remove()
    },
  }
}
