import { paintSvg, type SvgPlace } from './paint-svg.ts'

export interface LayerWishes {
  /** What was drawn by hand, what other objects draw, and overlay planes. */
  readonly marks: boolean
  /** Lines and words are as many times as large as on the screen. */
  readonly factor: number
}

/**
 * What a pane shows as a picture: the pixels of its canvas as they are, and over them the shutter, drawings and marks as they
 * lie on the screen. Errors: what the browser says of a drawing it cannot paint.
 */
export async function paintPane(surface: HTMLElement, wishes: LayerWishes): Promise<HTMLCanvasElement> {
  const own = surface.querySelector('canvas')
  const layers = own?.parentElement
  const picture = document.createElement('canvas')
  const context = picture.getContext('2d')
  if (own === null || layers === undefined || layers === null || context === null) return picture
  picture.width = own.width
  picture.height = own.height
  context.drawImage(own, 0, 0)
  const width = own.clientWidth || own.width
  const place: SvgPlace = {
    width,
    height: own.clientHeight || own.height,
    density: own.width / width,
    factor: wishes.factor,
  }
  for (const layer of layers.children) {
    const isShutter = layer instanceof HTMLElement && layer.dataset['shutter'] !== undefined
    if (layer === own || (!wishes.marks && !isShutter) || getComputedStyle(layer).display === 'none') continue
    if (layer instanceof SVGSVGElement) await paintSvg(context, layer, place)
    else for (const part of layer.children) await paintPart(context, part, place)
  }
  context.setTransform(1, 0, 0, 1, 0, 0)
  return picture
}

async function paintPart(context: CanvasRenderingContext2D, part: Element, place: SvgPlace): Promise<void> {
  if (part instanceof SVGSVGElement) return paintSvg(context, part, place)
  if (!(part instanceof HTMLElement)) return
  const looks = getComputedStyle(part)
  const [x = 0, y = 0] = looks.transformOrigin.split(' ').map(Number.parseFloat)
  context.setTransform(
    new DOMMatrix()
      .scale(place.density)
      .translate(Number.parseFloat(looks.left) || 0, Number.parseFloat(looks.top) || 0)
      .translate(x, y)
      .multiply(new DOMMatrix(looks.transform === 'none' ? '' : looks.transform))
      .translate(-x, -y),
  )
  if (part instanceof HTMLCanvasElement) {
    context.imageSmoothingEnabled = looks.imageRendering !== 'pixelated'
    context.globalAlpha = Number(looks.opacity)
    context.drawImage(part, 0, 0, Number.parseFloat(looks.width), Number.parseFloat(looks.height))
    context.globalAlpha = 1
  } else paintWords(context, part, looks, place.factor)
}

/** Words that lie on a pixel of the image, line by line from there. */
function paintWords(
  context: CanvasRenderingContext2D,
  words: HTMLElement,
  looks: CSSStyleDeclaration,
  factor: number,
): void {
  const size = Number.parseFloat(looks.fontSize) * factor
  context.font = `${looks.fontWeight} ${size}px ${looks.fontFamily}`
  context.textBaseline = 'top'
  context.fillStyle = looks.color
  context.strokeStyle = 'rgb(0 0 0 / 80%)'
  context.lineWidth = size / 5
  context.lineJoin = 'round'
  for (const [index, line] of (words.textContent ?? '').split('\n').entries()) {
    context.strokeText(line, 0, index * size * 1.2)
    context.fillText(line, 0, index * size * 1.2)
  }
}
