import { colourAt, COLOURS } from '../../core/volume/colour-map.ts'
import { washed, type Wash } from '../../core/volume/colour-wash.ts'
import { isoLines } from '../../core/volume/iso-lines.ts'
import type { MeasuredFrame } from '../imaging/frames/measure.ts'
import type { Drawing } from '../imaging/overlays/drawing-layer.ts'
import { isodosesOf, washOf, type FusionLook, type OverlayRange } from './fusion-look.ts'

const SVG = 'http://www.w3.org/2000/svg'

/** What lies over an image: its colours, and lines of equal dose. @param plane values on the pixels of the image */
export function paintFusion(
  plane: MeasuredFrame,
  columns: number,
  look: FusionLook,
  range: OverlayRange,
): Drawing[] {
  const wash = washOf(look, range)
  const rows = plane.values.length / columns
  const canvas = document.createElement('canvas')
  canvas.width = columns
  canvas.height = rows
  canvas.dataset['fused'] = ''
  canvas.getContext('2d')?.putImageData(new ImageData(washed(plane, range.scale, wash), columns, rows), 0, 0)
  const drawings: Drawing[] = [{ kind: 'raster', canvas, matrix: [1, 0, 0, 1, 0, 0], isSmooth: true }]
  const levels = isodosesOf(look, range)
  if (levels.length === 0) return drawings
  const lines = document.createElementNS(SVG, 'g')
  for (const { percent, level } of levels) {
    const pieces = isoLines(plane, columns, level / range.scale)
    if (pieces.length === 0) continue
    const path = document.createElementNS(SVG, 'path')
    path.setAttribute('d', pieces.map(([from, to]) => `M${written(from)}L${written(to)}`).join(''))
    path.setAttribute('fill', 'none')
    path.setAttribute('stroke', levelColour(wash, level))
    path.setAttribute('stroke-width', '1.5')
    path.setAttribute('stroke-linecap', 'round')
    path.setAttribute('vector-effect', 'non-scaling-stroke')
    path.dataset['isodose'] = String(percent)
    lines.append(path)
  }
  return [...drawings, { kind: 'lines', lines }]
}

const written = ([x, y]: readonly [number, number]): string => `${x.toFixed(2)} ${y.toFixed(2)}`

/** A colour of CSS: that of a level in the window. */
export function levelColour({ map, lower, upper }: Wash, level: number): string {
  const share = (level - lower) / Math.max(upper - lower, Number.MIN_VALUE)
  const entry = Math.max(0, Math.min(COLOURS - 1, Math.floor(share * COLOURS)))
  return `rgb(${colourAt(map, entry).join(' ')})`
}
