import type { FramePlane } from '../measurements/frame-planes.ts'
import { cross3, dot3, minus3, plus3, times3, type Vector3 } from '../measurements/space.ts'
import type { StackGeometry } from '../measurements/stack-geometry.ts'
import { placesOf, type Place } from '../measurements/stack-places.ts'

/**
 * Where the voxels of a stack lie in the patient. Centre of voxel (i, j, k), millimetres: origin + i·columns + j·rows +
 * k·slices. The three steps need not be perpendicular: a tilted gantry shifts each slice against the one before.
 */
export interface VolumeGrid {
  readonly frameOfReference: string
  readonly origin: Vector3
  /** From a column to the next, from a row to the next, from a slice to the next. */
  readonly steps: readonly [columns: Vector3, rows: Vector3, slices: Vector3]
  /** Columns, rows, slices. */
  readonly size: readonly [number, number, number]
  /** For each slice of the grid, of which images of the stack it is made. */
  readonly sources: readonly SliceSource[]
  /** Slices for which there is no image: between their neighbours. */
  readonly filled: number
  /** Images that stand where another does, and are left out. */
  readonly leftOut: number
}

/** A slice of the grid: the image at `one` of the stack, and `share` (0 to 1) of the one at `other`. */
export interface SliceSource {
  readonly one: number
  readonly other: number
  readonly share: number
}

/** Why no planes can be computed through a stack. */
export type NoVolume =
  | 'no-positions'
  | 'several-frames'
  | 'several-directions'
  | 'one-place'
  | 'too-few'
  | 'crooked'
  | 'unlike-images'

/** Fewer slices than these are no volume. */
const LEAST_SLICES = 3
/** A slice so far from its place, of the step, is at its place: what rounded positions make. */
const AT_PLACE = 0.05
/** The grid has at most so many slices for one of the stack. */
const MOST_PER_SLICE = 4

interface StackSize {
  readonly rows: number
  readonly columns: number
  /** Between rows, and between columns. Millimetres. */
  readonly spacing: { readonly row: number; readonly column: number }
}

/**
 * The grid of a stack, or why there is none. Images that are missing, or unevenly spaced, are filled in between their
 * neighbours; of several at one place the one at `turn` is taken, counted from 0.
 *
 * @param planes of each image of the stack
 * @param sizes of each image of the stack
 * Source: PS3.3 C.7.6.2.1.1 (equation C.7.6.2.1-1)
 */
export function volumeGridOf(
  planes: readonly (FramePlane | undefined)[],
  sizes: readonly StackSize[],
  geometry: StackGeometry,
  turn = 0,
): VolumeGrid | NoVolume {
  const refusal = refusalOf(geometry)
  if (refusal !== undefined) return refusal
  const placed = planes.filter((plane) => plane !== undefined)
  const [first] = placed
  const [size] = sizes
  if (first === undefined || size === undefined || placed.length < planes.length) return 'no-positions'
  if (sizes.some((each) => !isAlike(each, size))) return 'unlike-images'
  const places = placesOf(placed, first.normal)
  const [start, end] = [places[0], places.at(-1)]
  if (start === undefined || end === undefined || places.length < LEAST_SLICES) return 'too-few'

  const extent = end.along - start.along
  const narrowest = Math.min(
    ...places.slice(1).map(({ along }, index) => along - (places[index]?.along ?? 0)),
  )
  const unit = 'spacing' in geometry ? geometry.spacing : narrowest
  const most = (places.length - 1) * MOST_PER_SLICE
  const gaps = Math.max(1, Math.min(most, Math.round(extent / unit)))
  const slices = times3(minus3(end.position, start.position), 1 / gaps)
  const columns = times3(first.row, size.spacing.column)
  const rows = times3(first.column, size.spacing.row)
  const sources = Array.from({ length: gaps + 1 }, (_, slice) =>
    sourceOf(places, start.along + (slice * extent) / gaps, (extent / gaps) * AT_PLACE, turn),
  )
  return {
    frameOfReference: first.frameOfReference,
    origin: start.position,
    steps: [columns, rows, slices],
    size: [size.columns, size.rows, gaps + 1],
    sources,
    filled: sources.filter(({ share }) => share > 0).length,
    leftOut: geometry.kind === 'repeated' ? 0 : planes.length - places.length,
  }
}

function refusalOf(geometry: StackGeometry): NoVolume | undefined {
  switch (geometry.kind) {
    case 'not-spatial':
      return geometry.because === 'several-frames' ? 'several-frames' : 'no-positions'
    case 'single':
      return 'too-few'
    case 'mixed-orientations':
      return 'several-directions'
    case 'one-place':
      return 'one-place'
    case 'irregular':
      return geometry.sideways > 0 ? 'crooked' : undefined
    default:
      return undefined
  }
}

const isAlike = (a: StackSize, b: StackSize): boolean =>
  a.rows === b.rows &&
  a.columns === b.columns &&
  Math.abs(a.spacing.row / b.spacing.row - 1) < 1e-3 &&
  Math.abs(a.spacing.column / b.spacing.column - 1) < 1e-3

function sourceOf(places: readonly Place[], along: number, tolerance: number, turn: number): SliceSource {
  const at = (place: Place | undefined): number => place?.indices[turn] ?? place?.indices[0] ?? 0
  const next = places.findIndex((place) => place.along >= along - tolerance)
  const after = places[next < 0 ? places.length - 1 : next]
  if (after === undefined || after.along - along <= tolerance) {
    const one = at(after ?? places.at(-1))
    return { one, other: one, share: 0 }
  }
  const before = places[Math.max(0, next - 1)] ?? after
  const share = (along - before.along) / (after.along - before.along)
  return { one: at(before), other: at(after), share }
}

/** A place in the patient as one of the grid: in voxels, the centre of the first at 0. */
export function toVoxel(grid: Pick<VolumeGrid, 'origin' | 'steps'>, point: Vector3): Vector3 {
  return stepToVoxel(grid, minus3(point, grid.origin))
}

/** A step in the patient, millimetres, as one of the grid, in voxels. */
export function stepToVoxel({ steps }: Pick<VolumeGrid, 'steps'>, step: Vector3): Vector3 {
  const [a, b, c] = steps
  // By the reciprocal of three steps that need not be perpendicular.
  const volume = dot3(a, cross3(b, c))
  return [
    dot3(step, cross3(b, c)) / volume,
    dot3(step, cross3(c, a)) / volume,
    dot3(step, cross3(a, b)) / volume,
  ]
}

/** The centre of a voxel in the patient, millimetres. */
export const voxelToPatient = (
  { origin, steps }: Pick<VolumeGrid, 'origin' | 'steps'>,
  [i, j, k]: Vector3,
): Vector3 => plus3(origin, plus3(times3(steps[0], i), plus3(times3(steps[1], j), times3(steps[2], k))))
