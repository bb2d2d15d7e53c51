import { cross3, dot3, length3, plus3, times3, unit3, type Vector3 } from '../measurements/space.ts'
import type { SamplingPlane } from './reslice.ts'
import { stepToVoxel, toVoxel, voxelToPatient, type VolumeGrid } from './volume-grid.ts'

/** The three planes that one looks at together. */
export type PlaneName = 'axial' | 'coronal' | 'sagittal'
export const PLANE_NAMES: readonly PlaneName[] = ['axial', 'coronal', 'sagittal']

/** How a plane lies: unit vectors along its rows, along its columns, and from a plane to the next; at right angles. */
export interface PlaneDirections {
  readonly row: Vector3
  readonly column: Vector3
  readonly normal: Vector3
}

/**
 * As they are hung: axial seen from the feet, coronal from the front, sagittal from the left; in the patient's coordinates,
 * which go to the left, to the back, and to the head (PS3.3 C.7.6.2.1.1).
 */
export const UPRIGHT: Readonly<Record<PlaneName, PlaneDirections>> = {
  axial: { row: [1, 0, 0], column: [0, 1, 0], normal: [0, 0, 1] },
  coronal: { row: [1, 0, 0], column: [0, 0, -1], normal: [0, 1, 0] },
  sagittal: { row: [0, 1, 0], column: [0, 0, -1], normal: [1, 0, 0] },
}

/** Parallel planes through a volume, millimetres in the patient's coordinates. */
export interface PlaneStack extends PlaneDirections {
  readonly columns: number
  readonly rows: number
  readonly count: number
  /** Of the first pixel of the first plane: its centre. */
  readonly origin: Vector3
  /** From a plane to the next, millimetres. */
  readonly spacing: number
  /** Of the square pixels. */
  readonly pixel: number
}

/** Planes and pixels are never closer than a part of what was scanned: a plane has at most so many pixels along a side. */
const MOST_PIXELS = 2048
const MOST_PLANES = 4096
/** A direction that lies along a step of the grid but for so much, does. Of the cosine. */
const ALONG = 1 - 1e-5

/**
 * Planes through the whole volume. Where they lie along the grid, planes and pixels are those of the grid; else as close as
 * its closest.
 */
export function planeStackOf(grid: VolumeGrid, { row, column, normal }: PlaneDirections): PlaneStack {
  const closest = Math.min(...grid.steps.map(length3))
  const across = [row, column]
    .map((direction) => stepAlong(grid, direction))
    .filter((step) => step !== undefined)
  const [width, height, depth] = [row, column, normal].map((direction) => extentOf(grid, direction))
  const pixel = Math.max(
    across.length === 2 ? Math.min(...across) : closest,
    Math.max(span(width), span(height)) / (MOST_PIXELS - 1),
  )
  const spacing = Math.max(stepAlong(grid, normal) ?? closest, span(depth) / (MOST_PLANES - 1))
  const corner = [
    [row, width],
    [column, height],
    [normal, depth],
  ] as const
  return {
    columns: stepsIn(span(width), pixel) + 1,
    rows: stepsIn(span(height), pixel) + 1,
    count: stepsIn(span(depth), spacing) + 1,
    origin: corner.reduce<Vector3>(
      (sum, [direction, range]) => plus3(sum, times3(direction, range?.from ?? 0)),
      [0, 0, 0],
    ),
    row,
    column,
    normal,
    spacing,
    pixel,
  }
}

/** The step of the grid that lies along a direction, millimetres; undefined: none does. */
function stepAlong({ steps }: VolumeGrid, direction: Vector3): number | undefined {
  const step = steps.find((each) => Math.abs(dot3(unit3(each) ?? [0, 0, 0], direction)) > ALONG)
  return step && length3(step)
}

interface Range {
  readonly from: number
  readonly to: number
}

const span = (range: Range | undefined): number => (range === undefined ? 0 : range.to - range.from)

/** A rest that rounding leaves is no step more. */
const stepsIn = (length: number, step: number): number => Math.floor(length / step + 1e-3)

/** Of the centres of the outermost voxels, along a direction. */
function extentOf(grid: VolumeGrid, direction: Vector3): Range {
  const [columns, rows, slices] = grid.size
  const corners = [0, 1, 2, 3, 4, 5, 6, 7].map((corner) =>
    dot3(
      voxelToPatient(grid, [
        corner & 1 ? columns - 1 : 0,
        corner & 2 ? rows - 1 : 0,
        corner & 4 ? slices - 1 : 0,
      ]),
      direction,
    ),
  )
  return { from: Math.min(...corners), to: Math.max(...corners) }
}

/** The centre of the first pixel of a plane, millimetres. */
export const planeOrigin = ({ origin, normal, spacing }: PlaneStack, index: number): Vector3 =>
  plus3(origin, times3(normal, index * spacing))

/** How a plane of a stack is sampled from the grid. `sample`: between the samples across a slab, millimetres. */
export function samplingOf(
  grid: VolumeGrid,
  stack: PlaneStack,
  index: number,
  sample: number = stack.spacing,
): SamplingPlane {
  const step = (direction: Vector3, by: number): Vector3 => stepToVoxel(grid, times3(direction, by))
  return {
    columns: stack.columns,
    rows: stack.rows,
    origin: toVoxel(grid, planeOrigin(stack, index)),
    right: step(stack.row, stack.pixel),
    down: step(stack.column, stack.pixel),
    through: step(stack.normal, sample),
  }
}

/** The plane of a stack that is nearest to a place in the patient, and within the stack. */
export function planeAt({ origin, normal, spacing, count }: PlaneStack, point: Vector3): number {
  const away = dot3(point, normal) - dot3(origin, normal)
  return Math.max(0, Math.min(count - 1, Math.round(away / spacing)))
}

/** Turned about an axis, a unit vector, by degrees, right-handed. */
export function turned(directions: PlaneDirections, about: Vector3, degrees: number): PlaneDirections {
  const angle = (degrees * Math.PI) / 180
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)]
  const turn = (vector: Vector3): Vector3 => {
    const along = times3(about, dot3(about, vector) * (1 - cosine))
    const beside = plus3(times3(vector, cosine), times3(cross3(about, vector), sine))
    return unit3(plus3(beside, along)) ?? vector
  }
  return { row: turn(directions.row), column: turn(directions.column), normal: turn(directions.normal) }
}
