import { firstString, items, numbers, type DicomJson } from '../dicom/dicom-json.ts'
import { Tag } from '../dicom/tag.ts'

/** Their frames are slices by what they are: tomosynthesis of the breast (PS3.3 A.55), whatever its writer says of places. */
const SLICES_BY_CLASS = new Set(['1.2.840.10008.5.1.4.1.1.13.1.3'])
const PER_FRAME = '52009230'
const PLANE_POSITION = '00209113'

/**
 * Whether the frames of an instance lie beside each other in space, as slices do, and are no sequence in time: by its class, or
 * because its first frame lies elsewhere than its last (PS3.3 C.7.6.16.2.3).
 */
export function liesInSpace(metadata: DicomJson): boolean {
  if (SLICES_BY_CLASS.has(firstString(metadata, Tag.SOPClassUID) ?? '')) return true
  const frames = items(metadata, PER_FRAME)
  const [first, last] = [frames[0], frames.at(-1)].map((frame) => {
    const [place] = items(frame ?? {}, PLANE_POSITION)
    return place === undefined ? undefined : numbers(place, Tag.ImagePositionPatient)
  })
  if (first?.length !== 3 || last?.length !== 3) return false
  return first.some((value, axis) => value !== last[axis])
}
