import { dot3, minus3, plus3, times3, cross3, length3, type Vector3 } from './space.ts'
import type { FramePlane } from './frame-planes.ts'
import type { ImagePoint } from './shapes.ts'

/** An image where it lies in the patient. */
export interface PlacedImage extends Pick<
  FramePlane,
  'frameOfReference' | 'position' | 'row' | 'column' | 'normal'
> {
  readonly columns: number
  readonly rows: number
  /** Between columns, and between rows. Millimetres. */
  readonly spacing: readonly [number, number]
}

/** A straight line on an image, in its pixels from the corner of the first. */
export type ImageLine = readonly [ImagePoint, ImagePoint]

/** Below this sine two planes meet nowhere near. */
const LEAST_ANGLE = 0.02

/**
 * Where the image `other` cuts through `image`: as far as it is seen on both; undefined where it does not. Images in
 * different frames of reference never meet, whatever their figures say.
 */
export function referenceLine(image: PlacedImage, other: PlacedImage): ImageLine | undefined {
  if (image.frameOfReference === '' || image.frameOfReference !== other.frameOfReference) return undefined
  const along = cross3(image.normal, other.normal)
  const length = length3(along)
  if (length < LEAST_ANGLE) return undefined
  const direction = times3(along, 1 / length)
  // A place on both planes: of this image's plane, moved within it to the other.
  const within = cross3(direction, image.normal)
  const away = dot3(minus3(other.position, image.position), other.normal)
  const start = plus3(image.position, times3(within, away / dot3(within, other.normal)))
  const range = overlap(rangeWithin(image, start, direction), rangeWithin(other, start, direction))
  if (range === undefined) return undefined
  const [from, to] = range
  return [
    imagePointOf(image, plus3(start, times3(direction, from))),
    imagePointOf(image, plus3(start, times3(direction, to))),
  ]
}

/** A place in the patient on an image, seen along its normal: in pixels from the corner of the first. */
export function imagePointOf({ position, row, column, spacing }: PlacedImage, place: Vector3): ImagePoint {
  const from = minus3(place, position)
  return [dot3(from, row) / spacing[0] + 0.5, dot3(from, column) / spacing[1] + 0.5]
}

/** Where a point of an image lies in the patient, millimetres. */
export const placeOf = ({ position, row, column, spacing }: PlacedImage, [x, y]: ImagePoint): Vector3 =>
  plus3(position, plus3(times3(row, (x - 0.5) * spacing[0]), times3(column, (y - 0.5) * spacing[1])))

/** How far a place is from the plane of an image, along its normal. Millimetres. */
export const distanceFrom = ({ position, normal }: PlacedImage, place: Vector3): number =>
  dot3(minus3(place, position), normal)

type Range = readonly [number, number]

/** For which steps along a direction a line is within an image. */
function rangeWithin(image: PlacedImage, start: Vector3, direction: Vector3): Range | undefined {
  const [x, y] = imagePointOf(image, start)
  const [dx, dy] = [
    dot3(direction, image.row) / image.spacing[0],
    dot3(direction, image.column) / image.spacing[1],
  ]
  return overlap(rangeBetween(x, dx, image.columns), rangeBetween(y, dy, image.rows))
}

function rangeBetween(at: number, step: number, end: number): Range | undefined {
  if (Math.abs(step) < 1e-9) return at >= 0 && at <= end ? [-Infinity, Infinity] : undefined
  const [a, b] = [-at / step, (end - at) / step]
  return a < b ? [a, b] : [b, a]
}

function overlap(a: Range | undefined, b: Range | undefined): Range | undefined {
  if (a === undefined || b === undefined) return undefined
  const range = [Math.max(a[0], b[0]), Math.min(a[1], b[1])] as const
  return range[1] > range[0] && Number.isFinite(range[0]) && Number.isFinite(range[1]) ? range : undefined
}
