import { cardiothoracic } from '../../../core/measurements/cardiothoracic.ts'
import { NOTHING_SAID, type Unsaid } from '../../../core/measurements/pointed-shape.ts'
import type { DrawnGeometry, DrawnKind, Geometry, ImagePoint } from '../../../core/measurements/shapes.ts'

/** What is drawn by a tool of its own. */
export type MarkKind = DrawnKind

/** The most vertices that are kept of a line drawn freely. */
const MOST_VERTICES = 1024

/**
 * The geometry that the handles of one of the library's annotations mean, in the order in which its tools keep them.
 * Undefined while there are too few of them.
 *
 * @param unsaid what no handle says
 */
export function geometryOf(
  kind: MarkKind,
  handles: readonly ImagePoint[],
  unsaid: Unsaid = NOTHING_SAID,
): DrawnGeometry | undefined {
  const [a, b, c, d] = handles
  switch (kind) {
    case 'probe':
      return a && { kind, point: a }
    case 'length':
      return a && b && { kind, line: [a, b] }
    case 'arrow':
      return a && b && { kind, tail: b, tip: a }
    case 'circle':
      return a && b && { kind, centre: a, edge: b }
    case 'angle':
      return a && b && c && { kind, points: [a, b, c] }
    case 'cobb':
      return (
        a &&
        b &&
        c &&
        d && {
          kind,
          lines: [
            [a, b],
            [c, d],
          ],
        }
      )
    case 'cardiothoracic':
      return a && b && c && d && cardiothoracic([a, b], [c, d])
    case 'vertebra':
      return a && { kind, point: a, ...unsaid.vertebra }
    case 'known-length':
      return a && b && { kind, line: [a, b], ...unsaid['known-length'] }
    case 'bidirectional':
      return a && b && c && d && { kind, long: [a, b], short: [c, d] }
    case 'ellipse':
      // Bottom, top, left, right.
      return a && b && c && d && { kind, centre: middle(a, b), first: b, second: d }
    case 'rectangle':
      // Row by row, as one reads.
      return a && b && c && d && { kind, corners: [a, b, d, c] }
    case 'freehand':
      return handles.length < 3 ? undefined : { kind, outline: thinned(handles) }
  }
}

/** The handles of a geometry: what `geometryOf` reads. */
export function handlesOf(geometry: Geometry): ImagePoint[] {
  switch (geometry.kind) {
    case 'probe':
    case 'vertebra':
      return [geometry.point]
    case 'cardiothoracic':
      return [...geometry.heart, ...geometry.thorax]
    case 'known-length':
    case 'length':
      return [...geometry.line]
    case 'circle':
      return [geometry.centre, geometry.edge]
    case 'angle':
      return [...geometry.points]
    case 'cobb':
      return geometry.lines.flat()
    case 'bidirectional':
      return [...geometry.long, ...geometry.short]
    case 'ellipse': {
      const { centre, first, second } = geometry
      return [opposite(first, centre), first, opposite(second, centre), second]
    }
    case 'rectangle': {
      const [a, b, c, d] = geometry.corners
      return [a, b, d, c]
    }
    case 'freehand':
      return [...geometry.outline]
    case 'arrow':
      return [geometry.tip, geometry.tail]
    case 'key':
    case 'detector-millimetres':
      return []
  }
}

const middle = (a: ImagePoint, b: ImagePoint): ImagePoint => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]
const opposite = (point: ImagePoint, centre: ImagePoint): ImagePoint => [
  2 * centre[0] - point[0],
  2 * centre[1] - point[1],
]

function thinned(outline: readonly ImagePoint[]): ImagePoint[] {
  const step = Math.ceil(outline.length / MOST_VERTICES)
  return outline.filter((_, index) => index % step === 0)
}
