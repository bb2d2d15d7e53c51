const SVG = 'http://www.w3.org/2000/svg'

/** What of a style may come from a sheet or from above: a picture has neither. */
const INLINED = [
  'display',
  'dominant-baseline',
  'fill',
  'fill-opacity',
  'fill-rule',
  'font-family',
  'font-size',
  'font-style',
  'font-weight',
  'letter-spacing',
  'opacity',
  'paint-order',
  'stroke',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'stroke-opacity',
  'stroke-width',
  'text-anchor',
  'vector-effect',
  'visibility',
] as const

/** Where a drawing is painted. */
export interface SvgPlace {
  /** CSS pixels. */
  readonly width: number
  readonly height: number
  /** Pixels of the picture a CSS pixel. */
  readonly density: number
  /** Lines are as many times as wide as on the screen. */
  readonly factor: number
}

/** Paints a drawing of the page on a picture, looking as it does on the page. Errors: what the browser says of an SVG it cannot draw. */
export async function paintSvg(
  context: CanvasRenderingContext2D,
  drawing: SVGSVGElement,
  place: SvgPlace,
): Promise<void> {
  if (drawing.childElementCount === 0) return
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svgText(drawing, place))}`
  await image.decode()
  context.setTransform(1, 0, 0, 1, 0, 0)
  context.drawImage(image, 0, 0)
}

function svgText(drawing: SVGSVGElement, { width, height, density, factor }: SvgPlace): string {
  const whole = document.createElementNS(SVG, 'svg')
  whole.setAttribute('width', String(width * density))
  whole.setAttribute('height', String(height * density))
  whole.setAttribute('viewBox', `0 0 ${width} ${height}`)
  const group = document.createElementNS(SVG, 'g')
  // A drawing that is laid on the image by its style is so by that style alone: its corner is the pane's.
  const { transform } = getComputedStyle(drawing)
  if (transform !== 'none') group.setAttribute('transform', transform.replaceAll(',', ' '))
  for (const child of drawing.children) {
    const copy = child.cloneNode(true) as Element
    inline(child, copy, density, factor)
    group.append(copy)
  }
  whole.append(group)
  return new XMLSerializer().serializeToString(whole)
}

function inline(from: Element, to: Element, density: number, factor: number): void {
  const looks = getComputedStyle(from)
  const { style } = to as SVGElement
  for (const name of INLINED) style.setProperty(name, looks.getPropertyValue(name))
  const isFixed = looks.getPropertyValue('vector-effect') === 'non-scaling-stroke'
  // Such a line is as wide as it says in pixels of the picture.
  if (isFixed)
    style.setProperty('stroke-width', String(Number.parseFloat(looks.strokeWidth) * density * factor))
  for (let index = 0; index < from.children.length; index++) {
    const [child, copy] = [from.children[index], to.children[index]]
    if (child !== undefined && copy !== undefined) inline(child, copy, density, factor)
  }
}
