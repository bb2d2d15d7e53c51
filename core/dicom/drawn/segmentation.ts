import { firstNumber, firstString, items, numbers, type DicomJson } from '../dicom-json.ts'
import { Tag } from '../tag.ts'
import { ownColour, rgbOfLab, type Rgb } from './colour.ts'

/** An image, or frames of it, that something was drawn on. */
export interface Source {
  readonly sopInstanceUid: string
  /** 1-based; empty: all. */
  readonly frameNumbers: readonly number[]
}

export interface Segment {
  readonly number: number
  /** Empty where it has none. */
  readonly label: string
  readonly colour: Rgb
}

export interface SegmentFrame {
  /** 1-based. */
  readonly frameNumber: number
  /** Undefined in a label map, whose values are the numbers of segments. */
  readonly segment: number | undefined
  readonly sources: readonly Source[]
}

/** What a segmentation says besides its pixels (PS3.3 C.8.20). */
export interface Segmentation {
  readonly kind: 'binary' | 'fractional' | 'labels'
  /** The value of a whole pixel; 1 unless fractional. */
  readonly whole: number
  readonly segments: readonly Segment[]
  readonly frames: readonly SegmentFrame[]
  /** Series Instance UIDs of what it was drawn on. */
  readonly series: readonly string[]
}

/** Reads a segmentation, of any type of PS3.3 A.51. What is missing is made up by the order of things, never refused. */
export function readSegmentation(instance: DicomJson): Segmentation {
  const type = firstString(instance, Tag.SegmentationType)
  const shared = items(instance, Tag.SharedFunctionalGroupsSequence)[0] ?? {}
  const perFrame = items(instance, Tag.PerFrameFunctionalGroupsSequence)
  const count = Math.max(1, firstNumber(instance, Tag.NumberOfFrames) ?? 1)
  const kind = type === 'LABELMAP' ? 'labels' : type === 'FRACTIONAL' ? 'fractional' : 'binary'
  const groupOf = (index: number, macro: string): DicomJson | undefined =>
    items(perFrame[index] ?? {}, macro)[0] ?? items(shared, macro)[0]
  return {
    kind,
    whole: kind === 'fractional' ? (firstNumber(instance, Tag.MaximumFractionalValue) ?? 255) : 1,
    segments: segmentsOf(instance, kind),
    frames: Array.from({ length: count }, (_, index) => ({
      frameNumber: index + 1,
      segment:
        kind === 'labels'
          ? undefined
          : (firstNumber(
              groupOf(index, Tag.SegmentIdentificationSequence) ?? {},
              Tag.ReferencedSegmentNumber,
            ) ?? 1),
      sources: [
        ...items(perFrame[index] ?? {}, Tag.DerivationImageSequence),
        ...items(shared, Tag.DerivationImageSequence),
      ].flatMap((derivation) => items(derivation, Tag.SourceImageSequence).map(sourceOf)),
    })),
    series: [
      ...new Set(
        items(instance, Tag.ReferencedSeriesSequence).flatMap(
          (series) => firstString(series, Tag.SeriesInstanceUID) ?? [],
        ),
      ),
    ],
  }
}

function segmentsOf(instance: DicomJson, kind: Segmentation['kind']): Segment[] {
  return items(instance, Tag.SegmentSequence).flatMap((segment, index) => {
    const number = firstNumber(segment, Tag.SegmentNumber) ?? index + 1
    // Of a label map, zero is what is no segment.
    if (kind === 'labels' && number === 0) return []
    return [
      {
        number,
        label: firstString(segment, Tag.SegmentLabel) ?? '',
        colour: rgbOfLab(numbers(segment, Tag.RecommendedDisplayCIELabValue)) ?? ownColour(index),
      },
    ]
  })
}

export const sourceOf = (reference: DicomJson): Source => ({
  sopInstanceUid: firstString(reference, Tag.ReferencedSOPInstanceUID) ?? '',
  frameNumbers: numbers(reference, Tag.ReferencedFrameNumber),
})

export const isSource = (
  source: Source,
  image: { readonly sopInstanceUid: string; readonly frameNumber: number },
): boolean =>
  source.sopInstanceUid === image.sopInstanceUid &&
  (source.frameNumbers.length === 0 || source.frameNumbers.includes(image.frameNumber))
