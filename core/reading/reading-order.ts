import { firstNumber, firstString, type DicomJson } from '../dicom/dicom-json.ts'
import { describePixels, type PixelLayout } from '../dicom/describe-pixels.ts'
import { Tag } from '../dicom/tag.ts'

const PIXEL_TAGS = [Tag.PixelData, Tag.FloatPixelData, Tag.DoubleFloatPixelData]

/** How an instance's samples are laid out; undefined when it has none, or does not say. */
export function layoutOf(metadata: DicomJson): PixelLayout | undefined {
  const tag = PIXEL_TAGS.find((each) => metadata[each] !== undefined)
  return tag === undefined ? undefined : describePixels(metadata, tag)
}

export const frameCountOf = (metadata: DicomJson): number =>
  Math.max(1, firstNumber(metadata, Tag.NumberOfFrames) ?? 1)

/** The instances of a series that have pixels, as they are read: by instance number. */
export const inReadingOrder = (instances: readonly DicomJson[]): DicomJson[] =>
  instances
    .filter((each) => firstString(each, Tag.SOPInstanceUID) !== undefined && layoutOf(each) !== undefined)
    .sort((a, b) => (firstNumber(a, Tag.InstanceNumber) ?? 0) - (firstNumber(b, Tag.InstanceNumber) ?? 0))

/** The middle of a stack of slices says most; a cine begins at its beginning. From 0. */
export const openingIndex = (count: number, isCine: boolean): number => (isCine ? 0 : Math.floor(count / 2))

/** The frame that is shown first of a series; undefined: it has none. */
export function openingFrame(
  instances: readonly DicomJson[],
): { readonly sopInstanceUid: string; readonly frameNumber: number } | undefined {
  const ordered = inReadingOrder(instances)
  const [first] = ordered
  if (first === undefined) return undefined
  const count = ordered.reduce((sum, each) => sum + frameCountOf(each), 0)
  let left = openingIndex(count, frameCountOf(first) > 1)
  for (const each of ordered) {
    const frames = frameCountOf(each)
    if (left < frames)
      return { sopInstanceUid: firstString(each, Tag.SOPInstanceUID) ?? '', frameNumber: left + 1 }
    left -= frames
  }
  return undefined
}
