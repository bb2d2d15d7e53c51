import { isSource, type Segmentation, type SegmentFrame } from '../dicom/drawn/segmentation.ts'
import type { Contour, Structure } from '../dicom/drawn/structure-set.ts'
import type { FramePlane } from './frame-planes.ts'
import type { ImagePoint } from './shapes.ts'
import { dot3, minus3, plus3, times3, type Vector3 } from './space.ts'

/** A frame of an image as what was drawn over it is found for it. */
export interface DrawnOn {
  readonly sopInstanceUid: string
  readonly frameNumber: number
  readonly plane: FramePlane | undefined
  /** Between columns and between rows, millimetres; undefined: unknown. */
  readonly spacing: readonly [column: number, row: number] | undefined
  readonly rows: number
  readonly columns: number
}

/** Planes whose normals are apart less are parallel; of the cosine. */
const PARALLEL = 1e-3
/** Of coordinates that were rounded on their way. Millimetres. */
const ROUNDED = 0.01
/** How far a plane reaches that does not say how thick it is. Millimetres. */
const THICKNESS = 1

/** `column' = a·column + c·row + e`, `row' = b·column + d·row + f`, as a canvas writes it. */
export type Affine = readonly [a: number, b: number, c: number, d: number, e: number, f: number]

/**
 * The frames of a segmentation that lie on an image: those that name it as their source, else those in its plane.
 *
 * @param planes of the segmentation's frames, in order
 */
export function segmentFramesOn(
  segmentation: Segmentation,
  planes: readonly (FramePlane | undefined)[],
  image: DrawnOn,
): SegmentFrame[] {
  const named = segmentation.frames.filter((frame) => {
    if (!frame.sources.some((source) => isSource(source, image))) return false
    // A frame may name all images of a stack that it was made from.
    const plane = planes[frame.frameNumber - 1]
    return plane === undefined || image.plane === undefined || isWithin(plane, image.plane, plane.thickness)
  })
  if (named.length > 0) return named
  return segmentation.frames.filter((frame) => {
    const plane = planes[frame.frameNumber - 1]
    return plane !== undefined && image.plane !== undefined && isWithin(plane, image.plane, plane.thickness)
  })
}

function isWithin(plane: FramePlane, image: FramePlane, thickness = THICKNESS): boolean {
  if (plane.frameOfReference !== image.frameOfReference) return false
  if (Math.abs(dot3(plane.normal, image.normal)) < 1 - PARALLEL) return false
  return distanceTo(image, plane.position) < Math.max(thickness / 2, ROUNDED)
}

const distanceTo = (plane: FramePlane, point: Vector3): number =>
  Math.abs(dot3(minus3(point, plane.position), plane.normal))

/**
 * From the pixels of one frame to those of another in the same plane, both from the corner of the first pixel; stretched
 * over it where nothing is known of their places.
 */
export function fromFrameTo(frame: DrawnOn, image: DrawnOn): Affine {
  const stretched: Affine = [image.columns / frame.columns, 0, 0, image.rows / frame.rows, 0, 0]
  if (frame.plane === undefined || frame.spacing === undefined) return stretched
  if (image.plane === undefined || image.spacing === undefined) return stretched
  const { plane, spacing } = frame
  const at = (column: number, row: number): ImagePoint =>
    toImage(
      plus3(
        plane.position,
        plus3(times3(plane.row, (column - 0.5) * spacing[0]), times3(plane.column, (row - 0.5) * spacing[1])),
      ),
      image.plane as FramePlane,
      image.spacing as readonly [number, number],
    )
  const [origin, right, below] = [at(0, 0), at(1, 0), at(0, 1)]
  return [
    right[0] - origin[0],
    right[1] - origin[1],
    below[0] - origin[0],
    below[1] - origin[1],
    origin[0],
    origin[1],
  ]
}

/** Where a point of the patient lies on an image, from the corner of its first pixel. */
function toImage(point: Vector3, plane: FramePlane, [column, row]: readonly [number, number]): ImagePoint {
  const from = minus3(point, plane.position)
  return [dot3(from, plane.row) / column + 0.5, dot3(from, plane.column) / row + 0.5]
}

/**
 * The contours of a structure on an image, in its pixels: those that name it, else those in its plane. Nothing where it is
 * not known where the image lies.
 */
export function contoursOn(
  structure: Structure,
  image: DrawnOn,
): { readonly shape: Contour['shape']; readonly points: readonly ImagePoint[] }[] {
  const { plane, spacing } = image
  if (plane === undefined || spacing === undefined) return []
  const inPlane = (contour: Contour, reach: number): boolean =>
    contour.points.every((point) => distanceTo(plane, point) <= reach)
  const reach = Math.max((plane.thickness ?? THICKNESS) / 2, ROUNDED)
  const found = structure.contours.filter((contour) =>
    contour.sources.length > 0
      ? contour.sources.some((source) => isSource(source, image)) && inPlane(contour, 2 * reach)
      : isSameFrame(structure, plane) && inPlane(contour, reach),
  )
  // Named images that are not this one may be another reconstruction of the same place.
  const drawn =
    found.length > 0
      ? found
      : structure.contours.filter(
          (contour) => isSameFrame(structure, plane) && inPlane(contour, Math.min(reach, 0.5)),
        )
  return drawn.map(({ shape, points }) => ({
    shape,
    points: points.map((point) => toImage(point, plane, spacing)),
  }))
}

const isSameFrame = (structure: Structure, plane: FramePlane): boolean =>
  structure.frameOfReference === '' || structure.frameOfReference === plane.frameOfReference
