import { firstNumber, firstString, items, numbers, type DicomJson } from '../dicom/dicom-json.ts'
import { Tag } from '../dicom/tag.ts'
import { cross3, plus3, times3, unit3, type Vector3 } from './space.ts'

/** Where the image of a frame lies in the patient. */
export interface FramePlane {
  readonly frameOfReference: string
  /** Of the centre of the first pixel, millimetres. */
  readonly position: Vector3
  /** Unit vectors: along a row, along a column, and row × column. */
  readonly row: Vector3
  readonly column: Vector3
  readonly normal: Vector3
  /** Slice Thickness, millimetres. */
  readonly thickness: number | undefined
}

/** Figures that are the same but for how they were written. */
const HEIGHT = 1e-3

/**
 * The planes of all frames of an instance in order, undefined where the file does not say. Of an enhanced image each frame
 * has its own, in its functional groups; of other multi-frame images only those of a dose grid and of a reconstructed
 * nuclear medicine volume do.
 *
 * Sources: PS3.3 C.7.6.2.1.1, C.7.6.16.2.3, C.7.6.16.2.4 (functional groups), C.8.8.3.2 (dose grids), C.8.4.11 and
 * C.8.4.15 (nuclear medicine).
 */
export function framePlanesOf(instance: DicomJson): (FramePlane | undefined)[] {
  const count = Math.max(1, firstNumber(instance, Tag.NumberOfFrames) ?? 1)
  const perFrame = items(instance, Tag.PerFrameFunctionalGroupsSequence)
  const shared = items(instance, Tag.SharedFunctionalGroupsSequence)[0]
  const frameOfReference = firstString(instance, Tag.FrameOfReferenceUID) ?? ''
  if (perFrame.length > 0 || shared !== undefined) {
    return Array.from({ length: count }, (_, index) =>
      planeOf(frameOfReference, (macro, tag) => {
        for (const groups of [perFrame[index], shared]) {
          const group = groups === undefined ? undefined : items(groups, macro)[0]
          if (group !== undefined) return numbers(group, tag)
        }
        return numbers(instance, tag)
      }),
    )
  }
  const detector = items(instance, Tag.DetectorInformationSequence)[0]
  const own = planeOf(frameOfReference, (_, tag) => {
    const values = numbers(instance, tag)
    return values.length === 0 && detector !== undefined ? numbers(detector, tag) : values
  })
  if (count === 1 || own === undefined) return Array.from({ length: count }, () => own)
  const offsets = detector === undefined ? doseOffsets(instance, own) : sliceOffsets(instance)
  return Array.from({ length: count }, (_, index) => {
    const offset = offsets[index]
    return offset === undefined
      ? undefined
      : { ...own, position: plus3(own.position, times3(own.normal, offset)) }
  })
}

/** Of the planes of a dose grid from its first, along the normal, millimetres; also those written as heights in the patient. */
function doseOffsets(instance: DicomJson, { position, normal }: FramePlane): number[] {
  const offsets = numbers(instance, Tag.GridFrameOffsetVector)
  const [first] = offsets
  if (first === 0) return offsets
  const isHeight = first !== undefined && Math.abs(first - position[2]) < HEIGHT && normal[2] > 1 - HEIGHT
  return isHeight ? offsets.map((offset) => offset - first) : []
}

/** Of the slices of a reconstructed volume from the first frame, along the normal, millimetres. */
function sliceOffsets(instance: DicomJson): number[] {
  const spacing = firstNumber(instance, Tag.SpacingBetweenSlices)
  if (spacing === undefined) return []
  const slices = numbers(instance, Tag.SliceVector)
  const [first = 1] = slices
  return slices.map((slice) => (slice - first) * spacing)
}

function planeOf(
  frameOfReference: string,
  valuesOf: (macro: string, tag: string) => number[],
): FramePlane | undefined {
  const [x, y, z] = valuesOf(Tag.PlanePositionSequence, Tag.ImagePositionPatient)
  const [rx, ry, rz, cx, cy, cz] = valuesOf(Tag.PlaneOrientationSequence, Tag.ImageOrientationPatient)
  if (x === undefined || y === undefined || z === undefined) return undefined
  if (rx === undefined || ry === undefined || rz === undefined) return undefined
  if (cx === undefined || cy === undefined || cz === undefined) return undefined
  const row = unit3([rx, ry, rz])
  const column = unit3([cx, cy, cz])
  const normal = row && column && unit3(cross3(row, column))
  if (row === undefined || column === undefined || normal === undefined) return undefined
  const [thickness] = valuesOf(Tag.PixelMeasuresSequence, Tag.SliceThickness)
  return { frameOfReference, position: [x, y, z], row, column, normal, thickness }
}
