import { halfDiameters } from '../measure.ts'
import { cross, dot, halfAxes, lengthOf, type Vector } from '../plane.ts'
import { scaleOf } from '../scale.ts'
import type { Calibration, Code, Geometry, ImagePoint, MeasuredGeometry, Quantity } from '../shapes.ts'
import { levelOfCode } from '../vertebrae.ts'

/** Two-dimensional coordinates of a document (PS3.3 C.18.6.1.2): [column, row] points. */
export interface Graphic {
  readonly type: 'POINT' | 'POLYLINE' | 'CIRCLE' | 'ELLIPSE'
  readonly points: readonly ImagePoint[]
}

/** A graphic and the measurement that was inferred from it. */
export interface TracedGraphic extends Graphic {
  readonly of: Quantity | undefined
}

/** Relative: what 32-bit floats of a large image cannot tell apart. */
const ALIKE = 1e-5

/** [x, y] of a pixel against each other: what is round. */
const shapeOf = (calibration: Calibration): Vector => scaleOf(calibration)?.shape ?? [1, 1]

const isSquare = ([x, y]: Vector): boolean => Math.abs(x - y) <= 1e-9 * x

/** The outline of what encloses pixels; undefined for any other geometry. */
export function regionGraphic(geometry: Geometry, calibration: Calibration): Graphic | undefined {
  switch (geometry.kind) {
    case 'rectangle':
      return { type: 'POLYLINE', points: [...geometry.corners, geometry.corners[0]] }
    case 'freehand': {
      const [first] = geometry.outline
      return { type: 'POLYLINE', points: first === undefined ? [] : [...geometry.outline, first] }
    }
    case 'circle':
    case 'ellipse': {
      const shape = shapeOf(calibration)
      if (geometry.kind === 'circle' && isSquare(shape)) {
        return { type: 'CIRCLE', points: [geometry.centre, geometry.edge] }
      }
      return ellipseGraphic(geometry.centre, halfDiameters(geometry, shape))
    }
    default:
      return undefined
  }
}

/** The ends of the major axis on the pixel matrix, then those of the minor one. */
function ellipseGraphic([x, y]: ImagePoint, [u, v]: readonly [Vector, Vector]): Graphic {
  const areAxes = Math.abs(dot(u, v)) <= 1e-9 * lengthOf(u) * lengthOf(v)
  const axes = areAxes ? [u, v] : halfAxes(u, v)
  const [major, minor] = [...axes].sort((a, b) => lengthOf(b) - lengthOf(a))
  const ends = (axis: Vector = [0, 0]): ImagePoint[] => [
    [x - axis[0], y - axis[1]],
    [x + axis[0], y + axis[1]],
  ]
  return { type: 'ELLIPSE', points: [...ends(major), ...ends(minor)] }
}

/** What a measurement of a geometry that encloses nothing is inferred from. */
export function sourceGraphics(geometry: MeasuredGeometry, quantity: Quantity | undefined): Graphic[] {
  const line = (points: readonly ImagePoint[]): Graphic => ({ type: 'POLYLINE', points })
  switch (geometry.kind) {
    case 'length':
      return [line(geometry.line)]
    case 'bidirectional':
      return [line(quantity === 'short-axis' ? geometry.short : geometry.long)]
    case 'angle':
      return [line(geometry.points)]
    case 'cobb':
      return geometry.lines.map(line)
    case 'probe':
      return [{ type: 'POINT', points: [geometry.point] }]
    case 'arrow':
      return [line([geometry.tail, geometry.tip])]
    case 'cardiothoracic':
      return (
        quantity === 'heart-width'
          ? [geometry.heart]
          : quantity === 'thorax-width'
            ? [geometry.thorax]
            : [geometry.heart, geometry.thorax]
      ).map(line)
    case 'vertebra':
      return [{ type: 'POINT', points: [geometry.point] }]
    default:
      return []
  }
}

/**
 * The geometry that graphics of one measurement group draw, or undefined when it is none of ours. `hasText`: they belong to
 * a text, not to a number. `site`: of what they are found.
 */
export function geometryOfGraphics(
  graphics: readonly TracedGraphic[],
  calibration: Calibration,
  hasText: boolean,
  site: Code | undefined,
): MeasuredGeometry | undefined {
  const [first] = graphics
  if (first === undefined) return undefined
  const heart = graphics.find(({ of }) => of === 'heart-width')
  const thorax = graphics.find(({ of }) => of === 'thorax-width')
  if (heart !== undefined && thorax !== undefined) {
    const [a, b] = [segment(heart.points), segment(thorax.points)]
    return a && b && { kind: 'cardiothoracic', heart: a, thorax: b }
  }
  const long = graphics.find(({ of }) => of === 'long-axis')
  const short = graphics.find(({ of }) => of === 'short-axis')
  if (long !== undefined && short !== undefined) {
    const [a, b] = [segment(long.points), segment(short.points)]
    return a && b && { kind: 'bidirectional', long: a, short: b }
  }
  if (graphics.some(({ of }) => of === 'cobb-angle')) return cobb(graphics)
  if (graphics.length > 1) return undefined
  switch (first.type) {
    case 'POINT': {
      const [point] = first.points
      // A number at a vertebra is measured there; a vertebra alone is named.
      const level = first.of === undefined ? site && levelOfCode(site) : undefined
      return point && (level === undefined ? { kind: 'probe', point } : { kind: 'vertebra', level, point })
    }
    case 'CIRCLE': {
      const [centre, edge] = first.points
      return centre && edge && { kind: 'circle', centre, edge }
    }
    case 'ELLIPSE':
      return ellipse(first.points, shapeOf(calibration))
    case 'POLYLINE':
      return polyline(first.points, hasText)
  }
}

function segment(points: readonly ImagePoint[]): [ImagePoint, ImagePoint] | undefined {
  const [from, to] = points
  return from !== undefined && to !== undefined && points.length === 2 ? [from, to] : undefined
}

/** Two lines; some write them as one of four points. */
function cobb(graphics: readonly Graphic[]): MeasuredGeometry | undefined {
  const points = graphics.flatMap((graphic) => graphic.points)
  const [upper, lower] = [segment(points.slice(0, 2)), segment(points.slice(2))]
  return upper && lower && { kind: 'cobb', lines: [upper, lower] }
}

function ellipse(points: readonly ImagePoint[], shape: Vector): MeasuredGeometry | undefined {
  const [a, b, c, d] = points
  if (a === undefined || b === undefined || c === undefined || d === undefined) return undefined
  const centre: ImagePoint = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]
  const half = (from: ImagePoint, to: ImagePoint): Vector => [
    ((to[0] - from[0]) / 2) * shape[0],
    ((to[1] - from[1]) / 2) * shape[1],
  ]
  const [first, second] = [half(a, b), half(c, d)]
  // Round in the patient, and not on the matrix: where pixels are square a circle is written as one.
  const isRound = Math.abs(lengthOf(first) - lengthOf(second)) <= ALIKE * lengthOf(first)
  return isRound && !isSquare(shape)
    ? { kind: 'circle', centre, edge: b }
    : { kind: 'ellipse', centre, first: b, second: d }
}

function polyline(points: readonly ImagePoint[], hasText: boolean): MeasuredGeometry | undefined {
  const line = segment(points)
  if (line !== undefined) {
    return hasText ? { kind: 'arrow', tail: line[0], tip: line[1] } : { kind: 'length', line }
  }
  const [first, second, third, fourth] = points
  const last = points.at(-1)
  if (first === undefined || second === undefined || third === undefined || last === undefined)
    return undefined
  const isClosed = first[0] === last[0] && first[1] === last[1]
  if (!isClosed) return points.length === 3 ? { kind: 'angle', points: [first, second, third] } : undefined
  const outline = points.slice(0, -1)
  if (outline.length < 3) return undefined
  return outline.length === 4 && fourth !== undefined && isParallelogram(first, second, third, fourth)
    ? { kind: 'rectangle', corners: [first, second, third, fourth] }
    : { kind: 'freehand', outline }
}

/** A rectangle of the patient, turned or not, is one on the matrix. */
function isParallelogram(a: ImagePoint, b: ImagePoint, c: ImagePoint, d: ImagePoint): boolean {
  const off: Vector = [a[0] + c[0] - b[0] - d[0], a[1] + c[1] - b[1] - d[1]]
  const [u, v]: [Vector, Vector] = [
    [b[0] - a[0], b[1] - a[1]],
    [d[0] - a[0], d[1] - a[1]],
  ]
  return cross(u, v) !== 0 && lengthOf(off) <= ALIKE * (lengthOf(u) + lengthOf(v) + Math.hypot(...a))
}
