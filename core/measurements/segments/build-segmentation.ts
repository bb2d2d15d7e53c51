import { labOfRgb } from '../../dicom/drawn/colour.ts'
import type { DicomJson, DicomJsonElement } from '../../dicom/dicom-json.ts'
import { Tag } from '../../dicom/tag.ts'
import { newUid } from '../../dicom/uid.ts'
import { IMPLEMENTATION_CLASS_UID } from '../../dicom/write-part10.ts'
import { invalid } from '../../errors.ts'
import type { FramePlane } from '../frame-planes.ts'
import { codeItem, one, sequence } from '../report/content-item.ts'
import { madeAt, madeHead, personName, type MadeInput } from '../report/document-head.ts'
import type { Code } from '../shapes.ts'
import { forEachRun } from './runs.ts'
import { SEGMENT_CODES, type PaintedSlice, type Segment } from './segment.ts'

export const SEGMENTATION = '1.2.840.10008.5.1.4.1.1.66.4'

/** A frame that is painted on. */
export interface SourceFrame {
  readonly sopInstanceUid: string
  readonly sopClassUid: string
  readonly frameNumber: number
  /** Of its instance. */
  readonly numberOfFrames: number
  readonly plane: FramePlane | undefined
  /** Between rows and between columns, millimetres in the patient. */
  readonly spacing: readonly [row: number, column: number] | undefined
}

export interface SegmentationInput extends MadeInput {
  readonly seriesOfImages: string
  readonly frameOfReference: { readonly uid: string; readonly indicator: string } | undefined
  /** What is lost of the images for ever: 00282110, 00282112 and 00282114, as far as they are there. */
  readonly compression: DicomJson
  /** All of one grid (see `isOfGrid`). */
  readonly segments: readonly Segment[]
  /** Errors: 'invalid' code 'image-unknown' for what is not of the series. */
  sourceOf(slice: PaintedSlice): SourceFrame
}

/** A segmentation without its pixels, and those: one bit each, the frames end to end (PS3.5 8.1.1). */
export interface BuiltSegmentation {
  readonly dataset: DicomJson
  readonly pixels: Uint8Array
}

const DERIVED_BY: Code = { value: '113076', scheme: 'DCM', meaning: 'Segmentation' }
const SOURCE: Code = {
  value: '121322',
  scheme: 'DCM',
  meaning: 'Source image for image processing operation',
}
/** How what is not by a free hand came about. */
const ALGORITHM = 'Threshold brush, shape-based interpolation'
const STACK = '1'

interface Frame {
  readonly segmentNumber: number
  readonly slice: PaintedSlice
  readonly source: SourceFrame
  /** 1-based, among all places that are painted. */
  readonly place: number
}

/**
 * A binary segmentation (PS3.3 A.51, C.8.20): a frame for each segment and image it is painted on, where that image lies, and
 * naming it. Of images that do not say where they lie, frames have no place and are told apart by their order.
 */
export function buildSegmentation(input: SegmentationInput): BuiltSegmentation {
  const { segments } = input
  const [first] = segments
  const frames = framesOf(input)
  if (first === undefined || frames.length === 0) throw invalid('nothing-painted', 'Nothing is painted.')
  const { rows, columns } = first
  const isPlaced = frames.every(
    ({ source: { plane, spacing } }) => plane !== undefined && spacing !== undefined,
  )
  const [date, time] = madeAt(input)
  const dimensions = newUid()
  return {
    dataset: {
      ...madeHead(input, {
        sopClassUid: SEGMENTATION,
        modality: 'SEG',
        description: input.language === 'en' ? 'Segmentation' : '分割',
      }),
      [Tag.ContentDate]: one('DA', date),
      [Tag.ContentTime]: one('TM', time),
      [Tag.DeviceSerialNumber]: one('LO', IMPLEMENTATION_CLASS_UID),
      ...(isPlaced && input.frameOfReference !== undefined
        ? {
            [Tag.FrameOfReferenceUID]: one('UI', input.frameOfReference.uid),
            [Tag.PositionReferenceIndicator]:
              input.frameOfReference.indicator === ''
                ? { vr: 'LO' }
                : one('LO', input.frameOfReference.indicator),
          }
        : {}),
      // Must be there, if empty, where no frame says how it lies (type 2C).
      ...(isPlaced ? {} : { [Tag.PatientOrientation]: { vr: 'CS' } }),
      [Tag.ImageType]: { vr: 'CS', Value: ['DERIVED', 'PRIMARY'] },
      [Tag.SamplesPerPixel]: one('US', 1),
      [Tag.PhotometricInterpretation]: one('CS', 'MONOCHROME2'),
      [Tag.Rows]: one('US', rows),
      [Tag.Columns]: one('US', columns),
      [Tag.BitsAllocated]: one('US', 1),
      [Tag.BitsStored]: one('US', 1),
      [Tag.HighBit]: one('US', 0),
      [Tag.PixelRepresentation]: one('US', 0),
      ...input.compression,
      [Tag.ContentLabel]: one('CS', 'SEGMENTATION'),
      [Tag.ContentDescription]: { vr: 'LO' },
      [Tag.ContentCreatorName]: { vr: 'PN', Value: [personName(input.observer)] },
      [Tag.SegmentationType]: one('CS', 'BINARY'),
      [Tag.SegmentsOverlap]: one('CS', overlap(segments) ? 'YES' : 'NO'),
      [Tag.SegmentSequence]: sequence(segments.map(segmentItem)),
      [Tag.NumberOfFrames]: one('IS', frames.length),
      [Tag.DimensionOrganizationSequence]: sequence([
        { [Tag.DimensionOrganizationUID]: one('UI', dimensions) },
      ]),
      [Tag.DimensionIndexSequence]: sequence(
        [
          [Tag.ReferencedSegmentNumber, Tag.SegmentIdentificationSequence],
          isPlaced
            ? [Tag.ImagePositionPatient, Tag.PlanePositionSequence]
            : [Tag.InStackPositionNumber, Tag.FrameContentSequence],
        ].map(([pointer = '', group = '']) => ({
          [Tag.DimensionOrganizationUID]: one('UI', dimensions),
          [Tag.DimensionIndexPointer]: one('AT', pointer),
          [Tag.FunctionalGroupPointer]: one('AT', group),
        })),
      ),
      [Tag.ReferencedSeriesSequence]: sequence([referencedSeries(input.seriesOfImages, frames)]),
      [Tag.SharedFunctionalGroupsSequence]: sequence([isPlaced ? pixelMeasures(frames) : {}]),
      [Tag.PerFrameFunctionalGroupsSequence]: sequence(frames.map((frame) => frameGroups(frame, isPlaced))),
    },
    pixels: packed(frames, rows * columns),
  }
}

/** By segment, then by place: from one end of the stack to the other, by the positions across the planes. */
function framesOf({ segments, sourceOf }: SegmentationInput): Frame[] {
  const painted = segments.flatMap(({ slices }, index) =>
    slices.map((slice) => ({ segmentNumber: index + 1, slice, source: sourceOf(slice) })),
  )
  const normal = painted[0]?.source.plane?.normal ?? [0, 0, 1]
  const along = ({ plane }: SourceFrame): number =>
    plane === undefined ? 0 : plane.position.reduce((sum, each, axis) => sum + each * (normal[axis] ?? 0), 0)
  const keyOf = ({ sopInstanceUid, frameNumber }: SourceFrame): string => `${sopInstanceUid} ${frameNumber}`
  const sources = new Map(painted.map(({ source }) => [keyOf(source), source]))
  const order = [...sources.values()].sort((a, b) => along(a) - along(b) || a.frameNumber - b.frameNumber)
  const places = new Map(order.map((source, index) => [keyOf(source), index + 1]))
  return painted
    .map((each) => ({ ...each, place: places.get(keyOf(each.source)) ?? 0 }))
    .sort((a, b) => a.segmentNumber - b.segmentNumber || a.place - b.place)
}

function segmentItem(segment: Segment, index: number): DicomJson {
  const { category, type } = SEGMENT_CODES[segment.kind]
  const label = segment.label === '' ? `${type.meaning} ${index + 1}` : segment.label
  return {
    [Tag.SegmentNumber]: one('US', index + 1),
    [Tag.SegmentLabel]: one('LO', label),
    [Tag.SegmentAlgorithmType]: one('CS', segment.assisted ? 'SEMIAUTOMATIC' : 'MANUAL'),
    ...(segment.assisted ? { [Tag.SegmentAlgorithmName]: one('LO', ALGORITHM) } : {}),
    [Tag.SegmentedPropertyCategoryCodeSequence]: sequence([codeItem(category)]),
    [Tag.SegmentedPropertyTypeCodeSequence]: sequence([codeItem(type)]),
    [Tag.RecommendedDisplayCIELabValue]: { vr: 'US', Value: labOfRgb(segment.colour) },
    [Tag.TrackingID]: one('UT', label),
    [Tag.TrackingUID]: one('UI', segment.trackingUid),
  }
}

/** Whether two segments have a pixel in common. */
function overlap(segments: readonly Segment[]): boolean {
  const seen = new Map<string, Uint8Array>()
  for (const { rows, columns, slices } of segments)
    for (const { sopInstanceUid, frameNumber, runs } of slices) {
      const key = `${sopInstanceUid} ${frameNumber}`
      const taken = seen.get(key) ?? new Uint8Array(rows * columns)
      seen.set(key, taken)
      let isTaken = false
      forEachRun(runs, taken.length, (from, to) => {
        isTaken ||= taken.subarray(from, to).includes(1)
        taken.fill(1, from, to)
      })
      if (isTaken) return true
    }
  return false
}

function referencedSeries(seriesInstanceUid: string, frames: readonly Frame[]): DicomJson {
  const classes = new Map(frames.map(({ source }) => [source.sopInstanceUid, source.sopClassUid]))
  return {
    [Tag.SeriesInstanceUID]: one('UI', seriesInstanceUid),
    [Tag.ReferencedInstanceSequence]: sequence(
      [...classes].map(([sopInstanceUid, sopClassUid]) => ({
        [Tag.ReferencedSOPClassUID]: one('UI', sopClassUid),
        [Tag.ReferencedSOPInstanceUID]: one('UI', sopInstanceUid),
      })),
    ),
  }
}

/** Of all frames (PS3.3 C.7.6.16.2.1); a thickness where the images have one. */
function pixelMeasures(frames: readonly Frame[]): DicomJson {
  const source = frames[0]?.source
  const thickness = source?.plane?.thickness
  return {
    [Tag.PixelMeasuresSequence]: sequence([
      {
        [Tag.PixelSpacing]: decimals(source?.spacing ?? []),
        ...(thickness === undefined ? {} : { [Tag.SliceThickness]: decimals([thickness]) }),
      },
    ]),
  }
}

function frameGroups({ segmentNumber, source, place }: Frame, isPlaced: boolean): DicomJson {
  const { plane } = source
  return {
    [Tag.DerivationImageSequence]: sequence([
      {
        [Tag.DerivationCodeSequence]: sequence([codeItem(DERIVED_BY)]),
        [Tag.SourceImageSequence]: sequence([
          {
            [Tag.ReferencedSOPClassUID]: one('UI', source.sopClassUid),
            [Tag.ReferencedSOPInstanceUID]: one('UI', source.sopInstanceUid),
            ...(source.numberOfFrames > 1
              ? { [Tag.ReferencedFrameNumber]: one('IS', source.frameNumber) }
              : {}),
            [Tag.SpatialLocationsPreserved]: one('CS', 'YES'),
            [Tag.PurposeOfReferenceCodeSequence]: sequence([codeItem(SOURCE)]),
          },
        ]),
      },
    ]),
    [Tag.FrameContentSequence]: sequence([
      {
        ...(isPlaced
          ? {}
          : { [Tag.StackID]: one('SH', STACK), [Tag.InStackPositionNumber]: one('UL', place) }),
        [Tag.DimensionIndexValues]: { vr: 'UL', Value: [segmentNumber, place] },
      },
    ]),
    ...(isPlaced && plane !== undefined
      ? {
          [Tag.PlanePositionSequence]: sequence([{ [Tag.ImagePositionPatient]: decimals(plane.position) }]),
          [Tag.PlaneOrientationSequence]: sequence([
            { [Tag.ImageOrientationPatient]: decimals([...plane.row, ...plane.column]) },
          ]),
        }
      : {}),
    [Tag.SegmentIdentificationSequence]: sequence([
      { [Tag.ReferencedSegmentNumber]: one('US', segmentNumber) },
    ]),
  }
}

/** As many digits as DS has room for (PS3.5 6.2: 16 characters). */
const decimals = (values: readonly number[]): DicomJsonElement => ({
  vr: 'DS',
  Value: values.map((value) => decimal(value)),
})

function decimal(value: number): number {
  for (let digits = 15; digits > 5; digits--) {
    const rounded = Number(value.toPrecision(digits))
    if (String(rounded).length <= 16) return rounded
  }
  return Number(value.toPrecision(5))
}

/** Frames follow each other without a gap, whole bytes or not; the first pixel is the lowest bit. */
function packed(frames: readonly Frame[], pixels: number): Uint8Array {
  const bits = new Uint8Array(Math.ceil((frames.length * pixels) / 8))
  frames.forEach(({ slice }, index) => {
    const start = index * pixels
    forEachRun(slice.runs, pixels, (from, to) => {
      for (let at = start + from; at < start + to; at++)
        bits[at >> 3] = (bits[at >> 3] ?? 0) | (1 << (at & 7))
    })
  })
  return bits
}

/** The attributes that say what compression took from the images (PS3.3 C.7.6.1.1.5); '00' where none was. */
export function compressionOfSources(instances: readonly DicomJson[]): DicomJson {
  const lossy = instances.find((instance) => instance[Tag.LossyImageCompression]?.Value?.[0] === '01')
  if (lossy === undefined) return { [Tag.LossyImageCompression]: one('CS', '00') }
  const copied = [Tag.LossyImageCompressionRatio, Tag.LossyImageCompressionMethod]
  return {
    [Tag.LossyImageCompression]: one('CS', '01'),
    ...Object.fromEntries(copied.flatMap((tag) => (lossy[tag] === undefined ? [] : [[tag, lossy[tag]]]))),
  }
}
