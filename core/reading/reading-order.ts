import { firstNumber, firstString, type DicomJson } from '../dicom/dicom-json.ts'
import { describePixels, type PixelLayout } from '../dicom/describe-pixels.ts'
import { Tag } from '../dicom/tag.ts'
import { liesInSpace } from './frames-in-space.ts'

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

/**
 * What is shown first of a series, whose instances are in reading order: the middle of a stack of slices says most, also of
 * slices that are frames of one instance; where there are sequences in time, the first image. From 0.
 */
export function openingIndex(ordered: readonly DicomJson[]): number {
  const frames = frameCountOf(ordered[0] ?? {})
  if (frames > 1) return liesInSpace(ordered[0] ?? {}) ? Math.floor(frames / 2) : 0
  if (ordered.some((each) => frameCountOf(each) > 1 && !liesInSpace(each))) return 0
  return Math.floor(ordered.reduce((sum, each) => sum + frameCountOf(each), 0) / 2)
}

/** The frame that is shown first of a series; undefined: it has none. */
export function openingFrame(
  instances: readonly DicomJson[],
): { readonly sopInstanceUid: string; readonly frameNumber: number } | undefined {
  const ordered = inReadingOrder(instances)
  let left = openingIndex(ordered)
  for (const each of ordered) {
    const frames = frameCountOf(each)
    if (left < frames)
      return { sopInstanceUid: firstString(each, Tag.SOPInstanceUID) ?? '', frameNumber: left + 1 }
    left -= frames
  }
  return undefined
}
