import { firstNumber, numbers, strings, type DicomJson } from './dicom-json.ts'
import { Tag } from './tag.ts'

/** Columns and rows from the corner of the image, [x, y]: the first pixel is from [0, 0] to [1, 1]. */
type Point = readonly [x: number, y: number]

/** What a shutter leaves open. */
export type ShutterShape =
  | { readonly kind: 'rectangle'; readonly from: Point; readonly to: Point }
  /** The radius in columns. */
  | { readonly kind: 'circle'; readonly centre: Point; readonly radius: number }
  | { readonly kind: 'polygon'; readonly points: readonly Point[] }

export interface DisplayShutter {
  /** What lies outside any of them is covered. */
  readonly shapes: readonly ShutterShape[]
  /** What covers it, 0 black to 1 white. */
  readonly level: number
}

/** P-values of a shutter are of 16 bits (PS3.3 C.7.6.11). */
const WHITE = 0xffff

/** The shutter of an image, undefined when it has none; shapes that are described wrongly are left out. Source: PS3.3 C.7.6.11. */
export function displayShutterOf(instance: DicomJson): DisplayShutter | undefined {
  const shapes = strings(instance, Tag.ShutterShape).flatMap((term) => SHAPES[term]?.(instance) ?? [])
  if (shapes.length === 0) return undefined
  const level = Math.max(0, Math.min(1, (firstNumber(instance, Tag.ShutterPresentationValue) ?? 0) / WHITE))
  return { shapes, level }
}

const SHAPES: Readonly<Record<string, (instance: DicomJson) => ShutterShape | undefined>> = {
  RECTANGULAR(instance) {
    const [left, right, upper, lower] = [
      Tag.ShutterLeftVerticalEdge,
      Tag.ShutterRightVerticalEdge,
      Tag.ShutterUpperHorizontalEdge,
      Tag.ShutterLowerHorizontalEdge,
    ].map((tag) => firstNumber(instance, tag))
    if (left === undefined || right === undefined || upper === undefined || lower === undefined)
      return undefined
    // The pixels at the edges, counted from 1, are seen.
    return right < left || lower < upper
      ? undefined
      : { kind: 'rectangle', from: [left - 1, upper - 1], to: [right, lower] }
  },
  CIRCULAR(instance) {
    const [row, column] = numbers(instance, Tag.CenterOfCircularShutter)
    const radius = firstNumber(instance, Tag.RadiusOfCircularShutter)
    if (row === undefined || column === undefined || radius === undefined || !(radius > 0)) return undefined
    return { kind: 'circle', centre: centreOf(row, column), radius }
  },
  POLYGONAL(instance) {
    const values = numbers(instance, Tag.VerticesOfPolygonalShutter)
    const points: Point[] = []
    for (let index = 0; index + 1 < values.length; index += 2)
      points.push(centreOf(values[index] ?? 0, values[index + 1] ?? 0))
    return points.length < 3 ? undefined : { kind: 'polygon', points }
  },
}

/** The middle of a pixel; rows and columns are counted from 1. */
const centreOf = (row: number, column: number): Point => [column - 0.5, row - 0.5]
