import { layoutOf } from '../../core/reading/reading-order.ts'
import { spacing } from '../imaging/frames/frame-metadata.ts'
import { storedWindows, type StackImage } from '../imaging/stack-image.ts'
import type { LookChoice } from '../imaging/stack-look.ts'
import type { ViewportState } from '../imaging/viewport.ts'
import type { PaneSubject } from './subject.ts'

/** How large pictures are: as many pixels as the image has, or as the pane has on the screen. */
export type PictureSize = 'own' | 'screen'

/** Where images are shown one by one, to be painted. */
export interface Stage {
  readonly surface: HTMLElement
  /**
   * Resolves with what is on the stage, once the image and all that lies over it is drawn. Errors: ImageNotShown; the
   * signal's reason.
   */
  show(index: number, signal: AbortSignal): Promise<ViewportState>
  /** Marks and words, of their size on the screen. */
  readonly factor: number
  close(): void
}

export class ImageNotShown extends Error {
  readonly index: number
  constructor(index: number) {
    super(`image ${index + 1} cannot be shown`)
    this.name = 'ImageNotShown'
    this.index = index
  }
}

/** Of a picture that is looked at on a screen. */
const COMFORTABLE = 900
/** Of a picture with words, pixels of its longer side. */
const LEAST_WRITTEN = 512
const [SMALLEST, LARGEST] = [0.7, 6]

export interface StageWords {
  /** Words are written on the pictures: an image that has no room for them is enlarged by a whole factor. */
  readonly areWritten: boolean
  /** Pixels of a picture's longer side for which words of the screen's size are right. */
  readonly comfortable?: number
}

/** A stage of the size; the pane itself for what is on the screen, which goes back to its image in the end. */
export async function openStage(subject: PaneSubject, size: PictureSize, words: StageWords): Promise<Stage> {
  return size === 'screen' ? onScreen(subject) : hidden(subject, words)
}

function onScreen({ viewport, state }: PaneSubject): Stage {
  const before = state()?.index ?? 0
  return {
    surface: viewport.surface,
    factor: 1,
    show(index, signal) {
      if (state()?.index !== index) viewport.goTo(index)
      return arrived(viewport, state, index, signal)
    },
    close() {
      if (state()?.index !== before) viewport.goTo(before)
    },
  }
}

/** A pane beside the page, as large as the image: what is read stays as it is. */
async function hidden(
  subject: PaneSubject,
  { areWritten, comfortable = COMFORTABLE }: StageWords,
): Promise<Stage> {
  const { viewport, images, showOverlays, liftShutter } = subject
  const turned = viewport.presented()
  const isAcross = turned.rotation % 180 !== 0
  const surface = document.createElement('div')
  surface.inert = true
  surface.style.cssText = 'position: fixed; left: -100000px; top: 0; pointer-events: none'
  document.body.append(surface)
  const start = subject.state()?.index ?? 0
  const resize = (index: number): readonly [number, number] => {
    const pixels = pixelsOf(images[index], isAcross)
    const times = areWritten ? Math.max(1, Math.ceil(LEAST_WRITTEN / Math.max(...pixels))) : 1
    const [width, height] = [pixels[0] * times, pixels[1] * times]
    const density = window.devicePixelRatio
    surface.style.width = `${width / density}px`
    surface.style.height = `${height / density}px`
    return [width, height]
  }
  const first = resize(start)
  const factor = Math.max(SMALLEST, Math.min(LARGEST, Math.max(...first) / comfortable))
  let state: ViewportState | undefined
  const own = viewport.twin(surface, (next) => void (state = next), factor / window.devicePixelRatio)
  own.showOverlays(showOverlays)
  own.liftShutter(liftShutter)
  await own.showStack(images, start)
  own.choose(choiceOf(subject))
  own.present({ ...turned, fit: 'fit', align: 'centre', share: 1 })
  return {
    surface,
    factor: factor / window.devicePixelRatio,
    async show(index, signal) {
      resize(index)
      own.goTo(index)
      return arrived(own, () => state, index, signal)
    },
    close() {
      own.close()
      surface.remove()
    },
  }
}

/** As the pane shows them; where its window was worked out of one image, that is the window of all. */
function choiceOf({ state, images }: PaneSubject): LookChoice {
  const { choice, window, index = 0 } = state() ?? {}
  const image = images[index]
  if (choice === undefined) return { window: undefined, turnedOver: false }
  const hasOwn = image === undefined || storedWindows(image).length > 0
  if (choice.window !== undefined || hasOwn || window === undefined) return choice
  return { ...choice, window }
}

/** Pixels of an image's picture, across and down: pixels that are no squares are drawn as long as they are. */
function pixelsOf(image: StackImage | undefined, isAcross: boolean): readonly [number, number] {
  const { rows, columns } = (image && layoutOf(image.metadata)) ?? { rows: 1, columns: 1 }
  const { row, column } = image === undefined ? { row: 1, column: 1 } : spacing(image)
  const smaller = Math.min(row, column)
  const size = [Math.round((columns * column) / smaller), Math.round((rows * row) / smaller)] as const
  return isAcross ? [size[1], size[0]] : size
}

async function arrived(
  viewport: Pick<PaneSubject['viewport'], 'settled' | 'surface'>,
  state: () => ViewportState | undefined,
  index: number,
  signal: AbortSignal,
): Promise<ViewportState> {
  for (;;) {
    signal.throwIfAborted()
    const shown = state()
    if (shown?.index === index && shown.status === 'failed') throw new ImageNotShown(index)
    if (isDrawn(shown, index) && isSized(viewport.surface)) {
      await viewport.settled()
      // The engine draws in the next frame what it was told in this one; marks come in the one after.
      for (let frame = 0; frame < 3; frame++) await nextFrame()
      const drawn = state()
      if (isDrawn(drawn, index)) return drawn
    } else await nextFrame()
  }
}

/** How it is stored is known of an image only while it is drawn; a preview becomes exact by itself, and is no picture. */
const isDrawn = (state: ViewportState | undefined, index: number): state is ViewportState =>
  state?.index === index && state.storedAs !== undefined && state.preview === undefined

/** The engine gives its canvas the pane's size some time after the pane has it. */
function isSized(surface: HTMLElement): boolean {
  const canvas = surface.querySelector('canvas')
  const wide = surface.getBoundingClientRect().width * window.devicePixelRatio
  return canvas !== null && Math.abs(canvas.width - wide) < 1.5
}

const nextFrame = (): Promise<void> => new Promise((resolve) => requestAnimationFrame(() => resolve()))
