import { layoutOf } from '../../../core/reading/reading-order.ts'
import { firstString } from '../../../core/dicom/dicom-json.ts'
import { Tag } from '../../../core/dicom/tag.ts'
import { framePlanesOf } from '../../../core/measurements/frame-planes.ts'
import { distanceFrom, type PlacedImage } from '../../../core/measurements/reference-line.ts'
import type { Vector3 } from '../../../core/measurements/space.ts'
import { spacing } from '../../imaging/frames/frame-metadata.ts'
import type { StackImage } from '../../imaging/stack-image.ts'

const known = new WeakMap<StackImage, PlacedImage | 'nowhere'>()

/** Where an image lies in the patient; undefined where its file does not say, or says no millimetres. */
export function placedImage(image: StackImage): PlacedImage | undefined {
  const before = known.get(image) ?? place(image) ?? 'nowhere'
  known.set(image, before)
  return before === 'nowhere' ? undefined : before
}

function place(image: StackImage): PlacedImage | undefined {
  const plane = framePlanesOf(image.metadata)[image.frameNumber - 1]
  const size = layoutOf(image.metadata)
  const { row, column, known: isKnown } = spacing(image)
  if (plane === undefined || size === undefined || !isKnown) return undefined
  if (firstString(image.metadata, Tag.FrameOfReferenceUID) === undefined) return undefined
  return { ...plane, columns: size.columns, rows: size.rows, spacing: [column, row] }
}

/** The image of a stack that is nearest to a place in a frame of reference; undefined: none can be compared. */
export function nearestImage(
  images: readonly StackImage[],
  frameOfReference: string,
  at: Vector3,
): number | undefined {
  let best: { index: number; distance: number } | undefined
  for (const [index, image] of images.entries()) {
    const placed = placedImage(image)
    if (placed?.frameOfReference !== frameOfReference) continue
    const distance = Math.abs(distanceFrom(placed, at))
    if (best === undefined || distance < best.distance) best = { index, distance }
  }
  return best?.index
}
