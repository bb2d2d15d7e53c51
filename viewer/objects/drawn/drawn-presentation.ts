import { layoutOf } from '../../../core/reading/reading-order.ts'
import {
  fromDisplay,
  isFor,
  readPresentationState,
  type AnnotationPoint,
  type AnnotationUnits,
  type GraphicAnnotation,
} from '../../../core/dicom/drawn/presentation-state.ts'
import { firstString, type DicomJson } from '../../../core/dicom/dicom-json.ts'
import { isInverted } from '../../../core/dicom/grayscale.ts'
import { pixelDescription } from '../../../core/dicom/pixel-description.ts'
import { Tag } from '../../../core/dicom/tag.ts'
import type { ImagePoint } from '../../../core/measurements/shapes.ts'
import type { Drawing } from '../../imaging/overlays/drawing-layer.ts'
import { outline } from '../../imaging/overlays/shutter-layer.ts'
import { drawnOn, type DrawnObject } from './drawn-object.ts'

const SVG = 'http://www.w3.org/2000/svg'
const YELLOW = [240, 228, 66] as const
const COLOUR = `rgb(${YELLOW.join(' ')})`
/** Half of a point's cross, pixels of the image. */
const POINT = 3

/** A presentation state: what somebody drew, and how they looked at it. */
export function drawnPresentation(instance: DicomJson): DrawnObject {
  const state = readPresentationState(instance)
  const uid = firstString(instance, Tag.SOPInstanceUID) ?? ''
  const key = `${uid} annotations`
  const [first] = state.images
  return {
    kind: 'presentation',
    parts: [
      {
        key,
        number: 1,
        name: [state.label, state.description].filter((part) => part !== '').join(' · '),
        colour: YELLOW,
      },
    ],
    series: state.series,
    by: state.creator,
    unread: state.unread,
    look: {
      rotation: state.rotation,
      isFlipped: state.isFlipped,
      // A state has one window for the images it names, mostly: that of the first is for all.
      window: state.windowOf({
        sopInstanceUid: first?.sopInstanceUid ?? '',
        frameNumber: first?.frameNumbers[0] ?? 1,
      }),
      areaOf(image) {
        const on = drawnOn(image)
        const area = state.areaOf(on)
        const isAll =
          area !== undefined &&
          Math.min(area.topLeft[0], area.bottomRight[0]) === 1 &&
          Math.min(area.topLeft[1], area.bottomRight[1]) === 1 &&
          Math.max(area.topLeft[0], area.bottomRight[0]) === on.columns &&
          Math.max(area.topLeft[1], area.bottomRight[1]) === on.rows
        return isAll ? undefined : area
      },
      turnsOver(image) {
        const layout = layoutOf(image.metadata)
        return (
          layout !== undefined &&
          state.isInverse !== isInverted(pixelDescription(layout, image.metadata, image.frameNumber))
        )
      },
    },
    drawingsOn(image, isShown) {
      const on = drawnOn(image)
      if (!isFor(state.images, on)) return Promise.resolve([])
      const lines = document.createElementNS(SVG, 'g')
      const texts: Drawing[] = []
      const placed = (point: AnnotationPoint, units: AnnotationUnits): ImagePoint => {
        if (units === 'pixel') return [point[0], point[1]]
        const [x, y] = fromDisplay(point, state)
        return [x * on.columns, y * on.rows]
      }
      for (const shape of state.shutter?.shapes ?? []) {
        const grey = Math.round((state.shutter?.level ?? 0) * 255)
        const flatness = on.spacing === undefined ? 1 : on.spacing[0] / on.spacing[1]
        const cover = pathOf(`M0 0H${on.columns}V${on.rows}H0Z ${outline(shape, flatness)}`)
        cover.setAttribute('fill', `rgb(${grey} ${grey} ${grey})`)
        cover.setAttribute('fill-rule', 'evenodd')
        lines.append(cover)
      }
      for (const annotation of isShown(key) ? state.annotations : []) {
        if (!isFor(annotation.images, on)) continue
        for (const graphic of annotation.graphics) {
          const path = pathOf(
            drawn(
              graphic,
              graphic.points.map((point) => placed(point, graphic.units)),
            ),
          )
          path.setAttribute('stroke', COLOUR)
          path.setAttribute('stroke-width', '1.5')
          path.setAttribute('vector-effect', 'non-scaling-stroke')
          path.setAttribute('fill', graphic.isFilled ? COLOUR : 'none')
          path.setAttribute('fill-opacity', '0.4')
          path.dataset['annotation'] = graphic.type
          lines.append(path)
        }
        for (const { text, units, at } of annotation.texts)
          texts.push({ kind: 'text', at: placed(at, units), text, colour: COLOUR })
      }
      return Promise.resolve([
        ...(lines.childElementCount === 0 ? [] : [{ kind: 'lines', lines } as const]),
        ...texts,
      ])
    },
  }
}

function pathOf(data: string): SVGPathElement {
  const path = document.createElementNS(SVG, 'path')
  path.setAttribute('d', data)
  return path
}

/** PS3.3 C.10.5.1.2: a circle is its centre and a point on it, an ellipse the ends of its axes. */
function drawn({ type }: GraphicAnnotation, points: readonly ImagePoint[]): string {
  const [a = [0, 0], b = a, c = a, d = a] = points
  switch (type) {
    case 'POINT':
      return `M${a[0] - POINT} ${a[1]}h${2 * POINT}m${-POINT} ${-POINT}v${2 * POINT}`
    case 'CIRCLE':
      return around(a, Math.hypot(b[0] - a[0], b[1] - a[1]), Math.hypot(b[0] - a[0], b[1] - a[1]), 0)
    case 'ELLIPSE': {
      const half = (from: ImagePoint, to: ImagePoint): number =>
        Math.hypot(to[0] - from[0], to[1] - from[1]) / 2
      return around(
        [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2],
        half(a, b),
        half(c, d),
        Math.atan2(b[1] - a[1], b[0] - a[0]),
      )
    }
    case 'INTERPOLATED':
      return smooth(points)
    case 'POLYLINE':
      return `M${points.map((point) => point.join(' ')).join('L')}`
  }
}

function around(centre: ImagePoint, long: number, short: number, angle: number): string {
  const [x, y] = [long * Math.cos(angle), long * Math.sin(angle)]
  const arc = `A${long} ${short} ${(angle * 180) / Math.PI} 0 0`
  const [left, right] = [`${centre[0] - x} ${centre[1] - y}`, `${centre[0] + x} ${centre[1] + y}`]
  return `M${left}${arc} ${right}${arc} ${left}`
}

/** Through all points without a corner (Catmull and Rom). */
function smooth(points: readonly ImagePoint[]): string {
  const at = (index: number): ImagePoint => points[Math.max(0, Math.min(points.length - 1, index))] ?? [0, 0]
  const parts = points.slice(1).map((to, index) => {
    const [before, from, after] = [at(index - 1), at(index), at(index + 2)]
    const one = [from[0] + (to[0] - before[0]) / 6, from[1] + (to[1] - before[1]) / 6]
    const two = [to[0] - (after[0] - from[0]) / 6, to[1] - (after[1] - from[1]) / 6]
    return `C${one.join(' ')} ${two.join(' ')} ${to.join(' ')}`
  })
  return `M${at(0).join(' ')}${parts.join('')}`
}
