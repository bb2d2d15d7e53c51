import { layoutOf } from '../../../core/reading/reading-order.ts'
import { Enums } from '@cornerstonejs/core'
import { displayShutterOf, type ShutterShape } from '../../../core/dicom/display-shutter.ts'
import { spacing } from '../frames/frame-metadata.ts'
import { imagePlane } from '../marks/image-plane.ts'
import type { EnginePane } from '../shared-engine.ts'
import { presentationOf, type StackImage } from '../stack-image.ts'

export type ShutterState = 'none' | 'shut' | 'lifted'

/** The shutter of a file over what a pane shows: it hides what nobody is to look at, as the bright frame of an X-ray. */
export interface ShutterLayer {
  /** The frame that is drawn now. */
  shows(image: StackImage | undefined): void
  lift(lifted: boolean): void
  readonly state: ShutterState
  close(): void
}

const SVG = 'http://www.w3.org/2000/svg'

export function openShutterLayer({ viewport }: EnginePane, onChange: () => void): ShutterLayer {
  const { element } = viewport
  /** Next to the image: overlays and marks lie above. */
  const sheet = document.createElement('div')
  sheet.dataset['shutter'] = ''
  sheet.style.cssText = 'position: absolute; inset: 0; overflow: hidden; pointer-events: none'
  viewport.canvas.after(sheet)
  let shown: StackImage | undefined
  let lifted = false

  function place(): void {
    const drawing = sheet.firstElementChild as SVGElement | null
    const plane = imagePlane(viewport)
    if (plane === undefined || drawing === null) return
    const at = (point: [number, number]) => viewport.worldToCanvas(plane.toWorld(point))
    const [[x, y], [right, rightDown], [below, down]] = [at([0, 0]), at([1, 0]), at([0, 1])]
    drawing.style.transform = `matrix(${[right - x, rightDown - y, below - x, down - y, x, y].join(',')})`
  }

  element.addEventListener(Enums.Events.IMAGE_RENDERED, place)
  return {
    get state() {
      if (sheet.firstElementChild === null) return 'none'
      return lifted ? 'lifted' : 'shut'
    },
    shows(image) {
      // Between two images the last is still on the screen, and is not to flash.
      if (image === undefined || image === shown) return
      shown = image
      const drawing = drawn(image)
      sheet.replaceChildren(...(drawing === undefined ? [] : [drawing]))
      place()
    },
    lift(next) {
      lifted = next
      sheet.style.display = lifted ? 'none' : 'block'
      onChange()
    },
    close() {
      element.removeEventListener(Enums.Events.IMAGE_RENDERED, place)
      sheet.remove()
    },
  }
}

/** What the shutter covers, in image pixels from the image's corner: the image but for each shape, one over the other. */
function drawn(image: StackImage): SVGElement | undefined {
  const size = layoutOf(image.metadata)
  const shutter = displayShutterOf(presentationOf(image))
  if (size === undefined || shutter === undefined) return undefined
  const { rows, columns } = size
  const pixel = spacing(image)
  const drawing = document.createElementNS(SVG, 'svg')
  drawing.setAttribute('width', String(columns))
  drawing.setAttribute('height', String(rows))
  drawing.style.cssText = 'position: absolute; left: 0; top: 0; transform-origin: 0 0'
  const grey = Math.round(shutter.level * 255)
  for (const shape of shutter.shapes) {
    const path = document.createElementNS(SVG, 'path')
    path.setAttribute('d', `M0 0H${columns}V${rows}H0Z ${outline(shape, pixel.column / pixel.row)}`)
    path.setAttribute('fill', `rgb(${grey} ${grey} ${grey})`)
    path.setAttribute('fill-rule', 'evenodd')
    path.setAttribute('shape-rendering', 'crispEdges')
    drawing.append(path)
  }
  return drawing
}

/** @param flatness of a column's width to a row's height: a circle is round in the patient */
export function outline(shape: ShutterShape, flatness: number): string {
  switch (shape.kind) {
    case 'rectangle':
      return `M${shape.from.join(' ')}H${shape.to[0]}V${shape.to[1]}H${shape.from[0]}Z`
    case 'circle': {
      const { centre, radius } = shape
      const half = `${radius} ${radius * flatness} 0 0 0`
      const [left, right] = [centre[0] - radius, centre[0] + radius]
      return `M${left} ${centre[1]}A${half} ${right} ${centre[1]}A${half} ${left} ${centre[1]}Z`
    }
    case 'polygon':
      return `M${shape.points.map((point) => point.join(' ')).join('L')}Z`
  }
}
