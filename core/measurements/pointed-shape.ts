import { cardiothoracic } from './cardiothoracic.ts'
import type { DrawnGeometry, DrawnKind, ImagePoint } from './shapes.ts'

/** How many points make a shape; an outline is closed by setting its first or last point again. */
export const POINTS_OF: Readonly<Record<Exclude<DrawnKind, 'freehand'>, number>> = {
  probe: 1,
  length: 2,
  /** The tip, then where its text is. */
  arrow: 2,
  /** Centre, and a point of its edge. */
  circle: 2,
  /** Opposite corners of what encloses it. */
  ellipse: 2,
  /** Opposite corners. */
  rectangle: 2,
  /** The vertex is the second. */
  angle: 3,
  cobb: 4,
  /** The ends of the long axis, then of the short one. */
  bidirectional: 4,
  /** The ends of the width of the heart, then of the thorax. */
  cardiothoracic: 4,
  vertebra: 1,
  'known-length': 2,
}

const LEAST_OUTLINE = 3

/** What of a shape no point says: it is asked for, or known from before. */
export interface Unsaid {
  readonly vertebra: Pick<Extract<DrawnGeometry, { kind: 'vertebra' }>, 'level' | 'place'>
  readonly 'known-length': Omit<Extract<DrawnGeometry, { kind: 'known-length' }>, 'kind' | 'line'>
}

/** Of what was just drawn: to be replaced before it is kept. */
export const NOTHING_SAID: Unsaid = {
  vertebra: { level: 'L5' },
  'known-length': { millimetres: 1, reach: 'image', matrix: [1, 1] },
}

/**
 * The shape that points make which were set one by one, by keys for instance; undefined: more are to come.
 *
 * @param points [column, row], as in shapes.ts; all that were set, in their order
 * @param unsaid what no point says
 */
export function pointedShape(
  kind: DrawnKind,
  points: readonly ImagePoint[],
  unsaid: Unsaid = NOTHING_SAID,
): DrawnGeometry | undefined {
  if (kind === 'freehand') {
    const outline = points.slice(0, -1)
    const last = points.at(-1)
    const closes = last !== undefined && [outline[0], outline.at(-1)].some((point) => isSame(point, last))
    return closes && outline.length >= LEAST_OUTLINE ? { kind, outline } : undefined
  }
  const [a, b, c, d] = points
  if (a === undefined || points.length < POINTS_OF[kind]) return undefined
  if (kind === 'probe') return { kind, point: a }
  if (kind === 'vertebra') return { kind, point: a, ...unsaid.vertebra }
  if (b === undefined || isSame(a, b)) return undefined
  if (kind === 'arrow') return { kind, tail: b, tip: a }
  if (kind === 'length') return { kind, line: [a, b] }
  if (kind === 'known-length') return { kind, line: [a, b], ...unsaid['known-length'] }
  if (kind === 'circle') return { kind, centre: a, edge: b }
  if (kind === 'ellipse') {
    const centre: ImagePoint = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]
    return { kind, centre, first: [centre[0], a[1]], second: [b[0], centre[1]] }
  }
  if (kind === 'rectangle') return { kind, corners: [a, [b[0], a[1]], b, [a[0], b[1]]] }
  if (c === undefined) return undefined
  if (kind === 'angle') return { kind, points: [a, b, c] }
  if (d === undefined) return undefined
  if (kind === 'cardiothoracic') return cardiothoracic([a, b], [c, d])
  return kind === 'cobb'
    ? {
        kind,
        lines: [
          [a, b],
          [c, d],
        ],
      }
    : { kind, long: [a, b], short: [c, d] }
}

/** Closer than any hand means. Pixels. */
const TINY = 1e-6

const isSame = (a: ImagePoint | undefined, b: ImagePoint): boolean =>
  a !== undefined && Math.hypot(a[0] - b[0], a[1] - b[1]) < TINY
