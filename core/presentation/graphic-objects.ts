import type { Calibration, MeasuredGeometry, ImagePoint } from '../measurements/shapes.ts'
import { regionGraphic, sourceGraphics, type Graphic } from '../measurements/report/graphics.ts'

/** Of an arrow's length, and at most so many pixels of the image: the strokes of its head. */
const [HEAD_SHARE, HEAD_MOST] = [0.2, 8]
/** Between an arrow and a stroke of its head. */
const HEAD_ANGLE = Math.PI / 7

/** What a mark is drawn with on an image by others (PS3.3 C.10.5.1.2): [column, row] as in shapes.ts. */
export function markGraphics(geometry: MeasuredGeometry, calibration: Calibration): Graphic[] {
  if (geometry.kind === 'arrow') {
    const { tail, tip } = geometry
    return [
      { type: 'POLYLINE', points: [tail, tip] },
      { type: 'POLYLINE', points: arrowHead(tail, tip) },
    ]
  }
  if (geometry.kind === 'bidirectional') {
    return [geometry.long, geometry.short].map((points) => ({ type: 'POLYLINE', points }))
  }
  if (geometry.kind === 'cardiothoracic') {
    return [geometry.heart, geometry.thorax].map((points) => ({ type: 'POLYLINE', points }))
  }
  const region = regionGraphic(geometry, calibration)
  return region === undefined ? sourceGraphics(geometry, undefined) : [region]
}

/** Where its text stands: at an arrow's tail, at the first point of anything else. */
export function textPlace(geometry: MeasuredGeometry, calibration: Calibration): ImagePoint {
  if (geometry.kind === 'arrow') return geometry.tail
  const [first] = markGraphics(geometry, calibration)
  // Of a circle the first point is its middle, where what it is drawn around lies.
  return (geometry.kind === 'circle' ? geometry.edge : first?.points[0]) ?? [0, 0]
}

function arrowHead(tail: ImagePoint, tip: ImagePoint): ImagePoint[] {
  const [x, y] = [tail[0] - tip[0], tail[1] - tip[1]]
  const length = Math.hypot(x, y)
  const size = Math.min(length * HEAD_SHARE, HEAD_MOST)
  const stroke = (angle: number): ImagePoint => {
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
    const share = length === 0 ? 0 : size / length
    return [tip[0] + (x * cos - y * sin) * share, tip[1] + (x * sin + y * cos) * share]
  }
  return [stroke(HEAD_ANGLE), tip, stroke(-HEAD_ANGLE)]
}
