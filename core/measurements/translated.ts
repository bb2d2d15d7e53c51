import { plus, type Vector } from './plane.ts'
import type { DrawnGeometry, ImagePoint, Segment } from './shapes.ts'

/** The same shape at another place: so many [columns, rows] further. What else it says stays. */
export function translated(geometry: DrawnGeometry, by: Vector): DrawnGeometry {
  const at = (point: ImagePoint): ImagePoint => plus(point, by)
  const line = ([from, to]: Segment): Segment => [at(from), at(to)]
  switch (geometry.kind) {
    case 'length':
    case 'known-length':
      return { ...geometry, line: line(geometry.line) }
    case 'bidirectional':
      return { ...geometry, long: line(geometry.long), short: line(geometry.short) }
    case 'angle': {
      const [a, b, c] = geometry.points
      return { ...geometry, points: [at(a), at(b), at(c)] }
    }
    case 'cobb': {
      const [upper, lower] = geometry.lines
      return { ...geometry, lines: [line(upper), line(lower)] }
    }
    case 'cardiothoracic':
      return { ...geometry, heart: line(geometry.heart), thorax: line(geometry.thorax) }
    case 'ellipse': {
      const { centre, first, second } = geometry
      return { ...geometry, centre: at(centre), first: at(first), second: at(second) }
    }
    case 'circle':
      return { ...geometry, centre: at(geometry.centre), edge: at(geometry.edge) }
    case 'rectangle': {
      const [a, b, c, d] = geometry.corners
      return { ...geometry, corners: [at(a), at(b), at(c), at(d)] }
    }
    case 'freehand':
      return { ...geometry, outline: geometry.outline.map(at) }
    case 'probe':
    case 'vertebra':
      return { ...geometry, point: at(geometry.point) }
    case 'arrow':
      return { ...geometry, tail: at(geometry.tail), tip: at(geometry.tip) }
  }
}
