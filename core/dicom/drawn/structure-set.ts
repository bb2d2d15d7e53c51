import { firstNumber, firstString, items, numbers, type DicomJson } from '../dicom-json.ts'
import { Tag } from '../tag.ts'
import { ownColour, type Rgb } from './colour.ts'
import { sourceOf, type Source } from './segmentation.ts'

/** A point of the patient, millimetres. */
export type ContourPoint = readonly [x: number, y: number, z: number]

export interface Contour {
  readonly shape: 'point' | 'open' | 'closed'
  readonly points: readonly ContourPoint[]
  readonly sources: readonly Source[]
}

/** A region of interest: an organ, a target, a marker. */
export interface Structure {
  readonly number: number
  /** Empty where it has none. */
  readonly name: string
  readonly colour: Rgb
  readonly frameOfReference: string
  readonly contours: readonly Contour[]
}

/** The contours of a radiotherapy plan (PS3.3 C.8.8.5, C.8.8.6). */
export interface StructureSet {
  readonly label: string
  readonly structures: readonly Structure[]
  /** Series Instance UIDs of what they were drawn on. */
  readonly series: readonly string[]
}

/** Reads a structure set. A contour whose coordinates are no points is left out. */
export function readStructureSet(instance: DicomJson): StructureSet {
  const drawn = items(instance, Tag.ROIContourSequence)
  return {
    label: firstString(instance, Tag.StructureSetLabel) ?? '',
    structures: items(instance, Tag.StructureSetROISequence).map((roi, index) => {
      const number = firstNumber(roi, Tag.ROINumber) ?? index + 1
      const own = drawn.find((each) => firstNumber(each, Tag.ReferencedROINumber) === number) ?? {}
      return {
        number,
        name: firstString(roi, Tag.ROIName) ?? '',
        colour: colourOf(own) ?? ownColour(index),
        frameOfReference: firstString(roi, Tag.ReferencedFrameOfReferenceUID) ?? '',
        contours: items(own, Tag.ContourSequence).flatMap(contourOf),
      }
    }),
    series: [
      ...new Set(
        items(instance, Tag.ReferencedFrameOfReferenceSequence)
          .flatMap((frame) => items(frame, Tag.RTReferencedStudySequence))
          .flatMap((study) => items(study, Tag.RTReferencedSeriesSequence))
          .flatMap((series) => firstString(series, Tag.SeriesInstanceUID) ?? []),
      ),
    ],
  }
}

function colourOf(roi: DicomJson): Rgb | undefined {
  const [red, green, blue] = numbers(roi, Tag.ROIDisplayColor)
  return red === undefined || green === undefined || blue === undefined ? undefined : [red, green, blue]
}

function contourOf(contour: DicomJson): Contour[] {
  const flat = numbers(contour, Tag.ContourData)
  if (flat.length < 3 || flat.length % 3 !== 0) return []
  const points: ContourPoint[] = []
  for (let at = 0; at < flat.length; at += 3)
    points.push([flat[at] ?? 0, flat[at + 1] ?? 0, flat[at + 2] ?? 0])
  const type = firstString(contour, Tag.ContourGeometricType) ?? ''
  const shape = type === 'POINT' ? 'point' : type.startsWith('OPEN') ? 'open' : 'closed'
  return [{ shape, points, sources: items(contour, Tag.ContourImageSequence).map(sourceOf) }]
}
