import { firstString, numbers, type DicomJson } from '../../core/dicom/dicom-json.ts'
import { Tag } from '../../core/dicom/tag.ts'

/** How two stacks are scrolled together. */
export type Link = 'position' | 'offset'

/** A slice in space, millimetres in the patient's coordinates (PS3.3 C.7.6.2). */
export interface SlicePlane {
  readonly frameOfReference: string
  /** Of the first pixel. */
  readonly position: readonly [number, number, number]
  /** Unit vector, row × column direction. */
  readonly normal: readonly [number, number, number]
}

const FRAME_OF_REFERENCE_UID = '00200052'
/** Cosine between normals of stacks that count as parallel: 8 degrees. */
const PARALLEL = 0.99

/** The plane of a frame, or undefined where its file does not say. `attributes`: functional groups merged in. */
export function slicePlane(attributes: DicomJson): SlicePlane | undefined {
  const frameOfReference = firstString(attributes, FRAME_OF_REFERENCE_UID)
  const [x, y, z] = numbers(attributes, Tag.ImagePositionPatient)
  const [rx, ry, rz, cx, cy, cz] = numbers(attributes, Tag.ImageOrientationPatient)
  if (frameOfReference === undefined || x === undefined || y === undefined || z === undefined)
    return undefined
  if (rx === undefined || ry === undefined || rz === undefined) return undefined
  if (cx === undefined || cy === undefined || cz === undefined) return undefined
  const normal = [ry * cz - rz * cy, rz * cx - rx * cz, rx * cy - ry * cx] as const
  const length = Math.hypot(...normal)
  if (!(length > 0.5)) return undefined
  return {
    frameOfReference,
    position: [x, y, z],
    normal: [normal[0] / length, normal[1] / length, normal[2] / length],
  }
}

/**
 * The slice of another stack that goes with a plane: the nearest along the normal. Undefined where positions cannot be
 * compared: another frame of reference, or stacks that are not parallel.
 */
export function nearestSlice(
  plane: SlicePlane | undefined,
  others: readonly (SlicePlane | undefined)[],
): number | undefined {
  if (plane === undefined) return undefined
  let best: { index: number; distance: number } | undefined
  for (const [index, other] of others.entries()) {
    if (other === undefined || other.frameOfReference !== plane.frameOfReference) continue
    if (Math.abs(dot(other.normal, plane.normal)) < PARALLEL) continue
    const distance = Math.abs(
      dot(
        [
          other.position[0] - plane.position[0],
          other.position[1] - plane.position[1],
          other.position[2] - plane.position[2],
        ],
        plane.normal,
      ),
    )
    if (best === undefined || distance < best.distance) best = { index, distance }
  }
  return best?.index
}

/** As many steps as the other stack went, from where both were when they were linked; kept within the stack. */
export const offsetSlice = (
  from: { readonly index: number; readonly linkedAt: number },
  to: { readonly linkedAt: number; readonly count: number },
): number => Math.max(0, Math.min(to.count - 1, to.linkedAt + from.index - from.linkedAt))

const dot = (a: readonly [number, number, number], b: readonly [number, number, number]): number =>
  a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
