import { layoutOf } from '../../../core/reading/reading-order.ts'
import type { DicomJson } from '../../../core/dicom/dicom-json.ts'
import { startImaging, type Drawing } from '../../../viewer/imaging/start-imaging.ts'
import { openViewport, type ImagingViewport, type ViewportState } from '../../../viewer/imaging/viewport.ts'
import { createMarkStore } from '../../../viewer/marks/mark-store.ts'
import { createSavedMarks } from '../../../viewer/marks/saved-marks.ts'

/** What a person sees of a frame. */
export interface Seen {
  readonly width: number
  readonly height: number
  /** RGB, base64; what is not drawn on is black. */
  readonly rgb: string
  readonly window: ViewportState['window']
  readonly choice: ViewportState['choice']
  readonly status: ViewportState['status']
}

/** What is done to a stack before it is looked at. */
export interface Hand {
  readonly window?: { readonly center: number; readonly width: number } | 'auto'
  readonly invert?: boolean
}

/** Shows one of the frames in a pane of its size, one screen pixel an image pixel. */
async function see(
  drawing: Drawing,
  frames: readonly { readonly url: string; readonly metadata: DicomJson }[],
  index: number,
  { window: chosen, invert = false }: Hand,
): Promise<Seen> {
  await startImaging(drawing)
  const { rows = 1, columns = 1 } = layoutOf(frames[index]?.metadata ?? {}) ?? {}
  const element = document.createElement('div')
  element.style.cssText = `width: ${columns}px; height: ${rows}px; background: black`
  document.body.replaceChildren(element)
  let state: ViewportState | undefined
  const pane = openViewport(element, (now) => (state = now), {
    store: createSavedMarks(createMarkStore()),
    linesOf: () => [],
    onText: () => undefined,
    onRefused: () => undefined,
  })
  const rendered = (): Promise<void> =>
    new Promise((resolve) => {
      const done = (): void => resolve()
      element.addEventListener('CORNERSTONE_IMAGE_RENDERED', done, { once: true })
      setTimeout(done, 3000)
    })
  const images = frames.map((frame) => ({ ...frame, frameNumber: 1, numberOfFrames: 1 }))
  await pane.showStack(images, 0)
  if (chosen !== undefined) pane.setWindow(chosen === 'auto' ? undefined : chosen)
  if (invert) pane.invert()
  pane.goTo(index)
  while (state?.index !== index || state.status === 'loading')
    await new Promise((resolve) => requestAnimationFrame(resolve))
  const drawn = rendered()
  pane.oneToOne()
  await drawn
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
  const canvas = element.querySelector('canvas')
  const context = canvas?.getContext('2d')
  if (canvas === null || context == null) throw new Error('there is no canvas')
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height)
  let rgb = ''
  for (let at = 0; at < data.length; at += 4) {
    const alpha = (data[at + 3] ?? 0) / 255
    for (let each = at; each < at + 3; each++)
      rgb += String.fromCharCode(Math.round((data[each] ?? 0) * alpha))
  }
  const seen = { width: canvas.width, height: canvas.height, rgb: btoa(rgb) }
  const { window, choice, status } = state
  pane.close()
  return { ...seen, window, choice, status }
}

let held: { pane: ImagingViewport; state: () => ViewportState | undefined } | undefined

/** Shows the frames in a pane of this size and leaves it open, one screen pixel an image pixel along a row. */
async function hold(
  drawing: Drawing,
  frames: readonly { readonly url: string; readonly metadata: DicomJson }[],
  size: { readonly width: number; readonly height: number },
): Promise<void> {
  await startImaging(drawing)
  held?.pane.close()
  const element = document.createElement('div')
  element.style.cssText = `position: fixed; left: 0; top: 0; width: ${size.width}px; height: ${size.height}px; background: black`
  document.body.replaceChildren(element)
  let state: ViewportState | undefined
  const pane = openViewport(element, (now) => (state = now), {
    store: createSavedMarks(createMarkStore()),
    linesOf: () => [],
    onText: () => undefined,
    onRefused: () => undefined,
  })
  held = { pane, state: () => state }
  await pane.showStack(
    frames.map((frame) => ({ ...frame, frameNumber: 1, numberOfFrames: 1 })),
    0,
  )
  pane.oneToOne()
}

/** What is done to the open pane, and its state once that is drawn. */
async function handle(change: (pane: ImagingViewport) => void): Promise<ViewportState | undefined> {
  if (held !== undefined) change(held.pane)
  for (let drawn = 0; drawn < 10; drawn++) await new Promise((resolve) => requestAnimationFrame(resolve))
  return held?.state()
}

const HANDS = {
  rest: () => undefined,
  half: (pane: ImagingViewport) => pane.zoomBy(0.5),
  rotate: (pane: ImagingViewport) => pane.rotate(90),
  lift: (pane: ImagingViewport) => pane.liftShutter(true),
  hide: (pane: ImagingViewport) => pane.showOverlays(false),
  next: (pane: ImagingViewport) => pane.step(1),
}
export type HandName = keyof typeof HANDS

Object.assign(globalThis, { see, hold, handle: (name: HandName) => handle(HANDS[name]) })
