import { dot3, times3, type Vector3 } from '../measurements/space.ts'
import { voxelToPatient, type VolumeGrid } from './volume-grid.ts'

/** What of a volume is seen: from a share of each side of the grid to another, 0 to 1. */
export interface CropBox {
  readonly from: Vector3
  readonly to: Vector3
}

export const WHOLE: CropBox = { from: [0, 0, 0], to: [1, 1, 1] }

/** One of the six faces: of which axis of the grid, and at which end. */
export interface CropFace {
  readonly axis: 0 | 1 | 2
  readonly end: 'from' | 'to'
}

export const CROP_FACES: readonly CropFace[] = ([0, 1, 2] as const).flatMap((axis) =>
  (['from', 'to'] as const).map((end) => ({ axis, end })),
)

/** Between two faces there is always something. Of the side. */
const THINNEST = 0.02

export const isWhole = ({ from, to }: CropBox): boolean =>
  from.every((share) => share === 0) && to.every((share) => share === 1)

/** With one face elsewhere, kept within the volume and before the face opposite. */
export function cropped(box: CropBox, { axis, end }: CropFace, share: number): CropBox {
  const kept =
    end === 'from'
      ? Math.max(0, Math.min(box.to[axis] - THINNEST, share))
      : Math.min(1, Math.max(box.from[axis] + THINNEST, share))
  const moved = [...box[end]] as [number, number, number]
  moved[axis] = kept
  return { ...box, [end]: moved }
}

/** In voxels, the centre of the first at 0; the outer faces are those of the outermost voxels. */
export function boxInVoxels(
  { from, to }: CropBox,
  size: VolumeGrid['size'],
): { low: Vector3; high: Vector3 } {
  const at = (share: Vector3): Vector3 => [
    share[0] * size[0] - 0.5,
    share[1] * size[1] - 0.5,
    share[2] * size[2] - 0.5,
  ]
  return { low: at(from), high: at(to) }
}

/** The middle of a face in the patient, and the direction in which it looks: a side of the grid long. Millimetres. */
export function faceOf(
  grid: VolumeGrid,
  box: CropBox,
  { axis, end }: CropFace,
): { readonly at: Vector3; readonly side: Vector3 } {
  const { low, high } = boxInVoxels(box, grid.size)
  const middle = low.map((value, each) => (value + (high[each] ?? 0)) / 2) as [number, number, number]
  middle[axis] = (end === 'from' ? low : high)[axis]
  return { at: voxelToPatient(grid, middle), side: times3(grid.steps[axis], grid.size[axis]) }
}

/** The corners of the box in the patient; bit 0 of an index is the end along columns, 1 along rows, 2 along slices. */
export function cornersOf(grid: VolumeGrid, box: CropBox): Vector3[] {
  const { low, high } = boxInVoxels(box, grid.size)
  return [0, 1, 2, 3, 4, 5, 6, 7].map((corner) =>
    voxelToPatient(grid, [
      (corner & 1 ? high : low)[0],
      (corner & 2 ? high : low)[1],
      (corner & 4 ? high : low)[2],
    ]),
  )
}

/** The edges of a box, by its corners. */
export const BOX_EDGES: readonly (readonly [number, number])[] = [0, 1, 2, 3, 4, 5, 6, 7].flatMap((corner) =>
  [1, 2, 4].filter((bit) => (corner & bit) === 0).map((bit) => [corner, corner | bit] as const),
)

/** How far along its side a face goes when it is dragged across the picture, as a share; 0 where the side is seen end on. */
export function shareOfDrag(
  side: Vector3,
  { right, down }: { readonly right: Vector3; readonly down: Vector3 },
  drag: readonly [right: number, down: number],
): number {
  const [x, y] = [dot3(side, right), dot3(side, down)]
  const square = x * x + y * y
  const whole = dot3(side, side)
  return square < whole * 1e-3 ? 0 : (drag[0] * x + drag[1] * y) / square
}
