import { Enums } from '@cornerstonejs/core'
import type { Affine } from '../../../core/measurements/drawn-over.ts'
import type { ImagePoint } from '../../../core/measurements/shapes.ts'
import type { EnginePane } from '../shared-engine.ts'
import type { StackImage } from '../stack-image.ts'
import { imageMatrix } from './image-matrix.ts'

/** Something to draw over an image. */
export type Drawing =
  /** Pixels, and how they lie on those of the image; smooth: with colours between theirs where they are magnified. */
  | {
      readonly kind: 'raster'
      readonly canvas: HTMLCanvasElement
      readonly matrix: Affine
      readonly isSmooth?: boolean
    }
  /** Lines, in pixels of the image; strokes are to be `non-scaling-stroke`. */
  | { readonly kind: 'lines'; readonly lines: SVGElement }
  /** Words at a pixel of the image: upright and legible, however the image is turned. */
  | { readonly kind: 'text'; readonly at: ImagePoint; readonly text: string; readonly colour: string }

/**
 * What other objects draw over a frame: segmentations, contours, annotations. A failure of one is for it to say.
 *
 * @param isAwaited each frame is waited for; else one that is asked for later makes those before it void
 */
export type DrawingSource = (image: StackImage, isAwaited?: boolean) => Promise<readonly Drawing[]>

/** What is laid over the image in colour lies under what is drawn on it. */
export type DrawingPlace = 'wash' | 'drawn'

export interface DrawingLayer {
  /** The frame that is drawn now. */
  shows(image: StackImage | undefined): void
  /** Another source, or none; the frame at hand is drawn over anew. */
  setSource(source: DrawingSource | undefined, place?: DrawingPlace): void
  /** The same source for another layer: an element lies in one place only. */
  copied(): DrawingSource | undefined
  /** What the source draws over the frame has come. */
  settled(): Promise<void>
  close(): void
}

const SVG = 'http://www.w3.org/2000/svg'

export function openDrawingLayer(pane: EnginePane): DrawingLayer {
  const drawn = openSheet(pane)
  // Each comes next to the image: what is opened later lies lower.
  const wash = openSheet(pane)
  const both = [wash, drawn]
  return {
    shows: (image) => both.forEach((sheet) => sheet.shows(image)),
    setSource: (source, place = 'drawn') => (place === 'wash' ? wash : drawn).setSource(source),
    copied() {
      const sources = both.map((sheet) => sheet.source()).filter((source) => source !== undefined)
      if (sources.length === 0) return undefined
      return async (image) =>
        (await Promise.all(sources.map((source) => source(image, true)))).flat().map(copyOf)
    },
    settled: () => Promise.all(both.map((sheet) => sheet.settled())).then(() => undefined),
    close: () => both.forEach((sheet) => sheet.close()),
  }
}

interface Sheet extends Pick<DrawingLayer, 'shows' | 'settled' | 'close'> {
  setSource(source: DrawingSource | undefined): void
  source(): DrawingSource | undefined
}

function openSheet({ viewport }: EnginePane): Sheet {
  const { element } = viewport
  const sheet = document.createElement('div')
  sheet.dataset['drawings'] = ''
  sheet.style.cssText = 'position: absolute; inset: 0; overflow: hidden; pointer-events: none'
  viewport.canvas.after(sheet)
  let source: DrawingSource | undefined
  let shown: StackImage | undefined
  let drawings: readonly Drawing[] = []
  let turn = 0
  let filled = Promise.resolve()

  async function fill(): Promise<void> {
    const own = ++turn
    const next = source === undefined || shown === undefined ? [] : await source(shown).catch(() => [])
    // Another image, or another source, is at hand by now.
    if (own !== turn) return
    drawings = next
    sheet.replaceChildren(...drawings.map(elementOf))
    place()
  }

  /** Rasters are stretched as they are; lines keep their width, so theirs is a group inside a drawing of the pane's size. */
  function place(): void {
    const image = imageMatrix(viewport)
    if (image === undefined || drawings.length === 0) return
    const [a, b, c, d, e, f] = image
    drawings.forEach((drawing, index) => {
      if (drawing.kind === 'raster')
        drawing.canvas.style.transform = `matrix(${chained(image, drawing.matrix).join(',')})`
      else if (drawing.kind === 'text') {
        const [column, row] = drawing.at
        const [left, top] = [a * column + c * row + e, b * column + d * row + f]
        ;(sheet.children[index] as HTMLElement).style.transform = `translate(${left}px, ${top}px)`
      } else drawing.lines.setAttribute('transform', `matrix(${image.join(' ')})`)
    })
  }

  element.addEventListener(Enums.Events.IMAGE_RENDERED, place)
  return {
    shows(image) {
      // Between two images the last is still on the screen, and what is over it is not to flash.
      if (image === undefined || image === shown) return
      shown = image
      drawings = []
      sheet.replaceChildren()
      filled = fill()
    },
    setSource(next) {
      source = next
      filled = fill()
    },
    source: () => source,
    settled: () => filled,
    close() {
      turn++
      element.removeEventListener(Enums.Events.IMAGE_RENDERED, place)
      sheet.remove()
    },
  }
}

function elementOf(drawing: Drawing): Element {
  if (drawing.kind === 'raster') {
    drawing.canvas.style.cssText = 'position: absolute; left: 0; top: 0; transform-origin: 0 0'
    if (drawing.isSmooth !== true) drawing.canvas.style.imageRendering = 'pixelated'
    return drawing.canvas
  }
  if (drawing.kind === 'text') {
    const words = document.createElement('span')
    words.style.cssText =
      'position: absolute; left: 0; top: 0; white-space: pre; font: 600 13px system-ui, sans-serif; text-shadow: 0 0 3px #000'
    words.style.color = drawing.colour
    words.textContent = drawing.text.replace(/\r\n?/g, '\n')
    return words
  }
  const whole = document.createElementNS(SVG, 'svg')
  whole.style.cssText = 'position: absolute; inset: 0; width: 100%; height: 100%'
  whole.append(drawing.lines)
  return whole
}

function copyOf(drawing: Drawing): Drawing {
  if (drawing.kind === 'text') return drawing
  if (drawing.kind === 'lines') return { ...drawing, lines: drawing.lines.cloneNode(true) as SVGElement }
  const canvas = document.createElement('canvas')
  canvas.width = drawing.canvas.width
  canvas.height = drawing.canvas.height
  canvas.getContext('2d')?.drawImage(drawing.canvas, 0, 0)
  return { ...drawing, canvas }
}

/** First `inner`, then `outer`. */
export const chained = (outer: Affine, inner: Affine): Affine => [
  outer[0] * inner[0] + outer[2] * inner[1],
  outer[1] * inner[0] + outer[3] * inner[1],
  outer[0] * inner[2] + outer[2] * inner[3],
  outer[1] * inner[2] + outer[3] * inner[3],
  outer[0] * inner[4] + outer[2] * inner[5] + outer[4],
  outer[1] * inner[4] + outer[3] * inner[5] + outer[5],
]
