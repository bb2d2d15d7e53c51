import { cross3, dot3, minus3, plus3, times3, unit3, type Vector3 } from '../measurements/space.ts'
import { stepToVoxel, toVoxel, voxelToPatient, type VolumeGrid } from './volume-grid.ts'

/**
 * From where a volume is seen, without perspective: what is farther away is no smaller, so that left and right, in front and
 * behind stay where they are. Unit vectors at right angles, in the patient's coordinates; `right` × `down` = `into`.
 */
export interface ViewDirections {
  /** What lies to the right of the picture. */
  readonly right: Vector3
  readonly down: Vector3
  /** Away from who looks. */
  readonly into: Vector3
}

export interface ViewCamera extends ViewDirections {
  /** About which it turns. */
  readonly pivot: Vector3
  /** From the pivot to the middle of the picture, along the picture's right and down. Millimetres. */
  readonly pan: readonly [right: number, down: number]
  /** Along the picture's shorter side. Millimetres. */
  readonly span: number
}

/** From the front, the back, the patient's left, their right, above and below. */
export type StandardView = 'A' | 'P' | 'L' | 'R' | 'S' | 'I'

const looking = (right: Vector3, down: Vector3): ViewDirections => ({
  right,
  down,
  into: cross3(right, down),
})

/** Upright; from above and from below with the front at the top, as axial slices are hung. */
export const STANDARD_VIEWS: Readonly<Record<StandardView, ViewDirections>> = {
  A: looking([1, 0, 0], [0, 0, -1]),
  P: looking([-1, 0, 0], [0, 0, -1]),
  L: looking([0, 1, 0], [0, 0, -1]),
  R: looking([0, -1, 0], [0, 0, -1]),
  S: looking([-1, 0, 0], [0, 1, 0]),
  I: looking([1, 0, 0], [0, 1, 0]),
}

/** Of a picture's shorter side that the volume leaves free. */
const MARGIN = 1.04

/** The whole volume, from one of the standard views. */
export function cameraOn(grid: VolumeGrid, view: StandardView = 'A'): ViewCamera {
  const [columns, rows, slices] = grid.size
  const pivot = voxelToPatient(grid, [(columns - 1) / 2, (rows - 1) / 2, (slices - 1) / 2])
  const directions = STANDARD_VIEWS[view]
  return { ...directions, pivot, pan: [0, 0], span: spanOf(grid, directions) }
}

/** So many millimetres along the shorter side that the volume fits, seen from there. */
export function spanOf({ size, steps }: VolumeGrid, { right, down }: ViewDirections): number {
  const extents = [right, down].map((direction) =>
    steps.reduce((sum, step, axis) => sum + Math.abs(dot3(step, direction)) * (size[axis] ?? 0), 0),
  )
  return Math.max(...extents) * MARGIN
}

/** Turned about the pivot, as if the volume turned by so much about a direction of the picture. Degrees, right-handed. */
export function turnedCamera(camera: ViewCamera, [right, down, into]: Vector3, degrees: number): ViewCamera {
  const about = unit3(
    plus3(times3(camera.right, right), plus3(times3(camera.down, down), times3(camera.into, into))),
  )
  if (about === undefined) return camera
  // Who looks goes the other way.
  const angle = (-degrees * Math.PI) / 180
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)]
  const turn = (vector: Vector3): Vector3 =>
    plus3(
      plus3(times3(vector, cosine), times3(cross3(about, vector), sine)),
      times3(about, dot3(about, vector) * (1 - cosine)),
    )
  return { ...camera, ...squared(turn(camera.right), turn(camera.down)) }
}

/** At right angles again, whatever rounding a thousand turns leave. */
function squared(right: Vector3, down: Vector3): ViewDirections {
  const across = unit3(right) ?? right
  const upright = unit3(minus3(down, times3(across, dot3(down, across)))) ?? down
  return looking(across, upright)
}

/**
 * A hand that turns a ball as large as the picture, from one point to another. Points are from the middle of the picture, to
 * the right and down; within `radius`, of the same units, the ball is taken hold of, beyond it by its rim.
 *
 * Source: G. Bell's trackball, as in K. Henriksen et al., Virtual Trackballs Revisited, IEEE TVCG 10(2), 2004.
 */
export function dragged(
  camera: ViewCamera,
  from: readonly [number, number],
  to: readonly [number, number],
  radius: number,
): ViewCamera {
  const [start, end] = [onBall(from, radius), onBall(to, radius)]
  const about = cross3(start, end)
  const angle = Math.atan2(Math.hypot(...about), dot3(start, end))
  return turnedCamera(camera, about, (angle * 180) / Math.PI)
}

/** The ball towards who looks, passing into a hyperbola where it falls away. */
function onBall([x, y]: readonly [number, number], radius: number): Vector3 {
  const square = (x * x + y * y) / (radius * radius)
  const depth = square < 0.5 ? Math.sqrt(1 - square) : 0.5 / Math.sqrt(square)
  return unit3([x / radius, y / radius, -depth]) ?? [0, 0, -1]
}

/** Millimetres a pixel of a picture of that size. */
export const pixelOf = ({ span }: ViewCamera, width: number, height: number): number =>
  span / Math.max(1, Math.min(width, height))

/** Where a place in the patient is drawn: pixels from the upper left corner. */
export function projected(
  camera: ViewCamera,
  point: Vector3,
  width: number,
  height: number,
): readonly [x: number, y: number] {
  const away = minus3(point, camera.pivot)
  const pixel = pixelOf(camera, width, height)
  return [
    width / 2 + (dot3(away, camera.right) - camera.pan[0]) / pixel,
    height / 2 + (dot3(away, camera.down) - camera.pan[1]) / pixel,
  ]
}

/** The rays of a picture through a grid, in voxels, the centre of the first at 0. */
export interface ViewRays {
  /** Of the upper left pixel's centre, at the depth of the pivot. */
  readonly origin: Vector3
  /** To the next pixel of a row, to the next row. */
  readonly right: Vector3
  readonly down: Vector3
  /** A millimetre away from who looks. */
  readonly into: Vector3
}

export function raysOf(grid: VolumeGrid, camera: ViewCamera, width: number, height: number): ViewRays {
  const pixel = pixelOf(camera, width, height)
  const corner = plus3(
    camera.pivot,
    plus3(
      times3(camera.right, camera.pan[0] - ((width - 1) / 2) * pixel),
      times3(camera.down, camera.pan[1] - ((height - 1) / 2) * pixel),
    ),
  )
  return {
    origin: toVoxel(grid, corner),
    right: stepToVoxel(grid, times3(camera.right, pixel)),
    down: stepToVoxel(grid, times3(camera.down, pixel)),
    into: stepToVoxel(grid, camera.into),
  }
}

/**
 * What makes a slope in voxels one in the patient: a slope's part along axis i goes along the i-th of these. A slope is
 * steepest across a surface, whatever the voxels are.
 */
export function slopeAxes({ steps: [a, b, c] }: VolumeGrid): readonly [Vector3, Vector3, Vector3] {
  const volume = dot3(a, cross3(b, c))
  return [
    times3(cross3(b, c), 1 / volume),
    times3(cross3(c, a), 1 / volume),
    times3(cross3(a, b), 1 / volume),
  ]
}
