import { firstNumber, firstString, items, numbers, type DicomJson } from '../dicom/dicom-json.ts'
import { Tag } from '../dicom/tag.ts'
import type { Calibration, ImagePoint, RegionAxis } from './shapes.ts'

/** Modalities whose images are projections: what lies nearer to the tube looks larger. */
const PROJECTIONS = new Set(['CR', 'DX', 'DG', 'MG', 'IO', 'PX', 'RF', 'RG', 'XA', 'XC'])

/**
 * How it is known what a pixel of this frame measures. `points`: what is to be measured; they choose the ultrasound region,
 * and no length is known across two of them. `frameNumber` is 1-based.
 *
 * Sources: PS3.3 10.7.1.1 (what Pixel Spacing says of a projection), 10.7.1.3 (its order), C.8.5.5 (ultrasound regions).
 */
export function calibrationOf(
  instance: DicomJson,
  frameNumber: number,
  points: readonly ImagePoint[],
): Calibration {
  const regions = items(instance, Tag.SequenceOfUltrasoundRegions)
  if (regions.length > 0) return regionOf(regions, points) ?? nothingKnown(instance)
  const measures = pixelMeasures(instance, frameNumber)
  const spacing = pair(measures, Tag.PixelSpacing) ?? pair(instance, Tag.PixelSpacing)
  const atDetector = pair(instance, Tag.ImagerPixelSpacing) ?? pair(instance, Tag.NominalScannedPixelSpacing)
  if (atDetector === undefined && !isProjection(instance)) {
    return spacing === undefined ? nothingKnown(instance) : { kind: 'patient', spacing }
  }
  const type = firstString(instance, Tag.PixelSpacingCalibrationType)
  // Equal values, or nothing to compare with, and no word of calibration: nobody can say whether it was corrected.
  const isCalibrated = type !== undefined || (atDetector !== undefined && !same(spacing, atDetector))
  if (spacing !== undefined && isCalibrated) {
    return { kind: 'calibrated', spacing, by: CALIBRATED_BY[type ?? ''] ?? 'unknown' }
  }
  const uncorrected = atDetector ?? spacing
  if (uncorrected === undefined) return nothingKnown(instance)
  const factor = firstNumber(instance, Tag.EstimatedRadiographicMagnificationFactor)
  return factor !== undefined && factor >= 1
    ? { kind: 'magnification', spacing: uncorrected, factor }
    : { kind: 'detector', spacing: uncorrected, accepted: false }
}

/** How many ultrasound regions an instance has, and how many of those measure millimetres along both axes. */
export function regionCounts(instance: DicomJson): { readonly all: number; readonly inMillimetres: number } {
  const regions = items(instance, Tag.SequenceOfUltrasoundRegions)
  const isPlane = (region: DicomJson): boolean =>
    axisOf(region, Tag.PhysicalUnitsXDirection, Tag.PhysicalDeltaX)?.unit === 'mm' &&
    axisOf(region, Tag.PhysicalUnitsYDirection, Tag.PhysicalDeltaY)?.unit === 'mm'
  return { all: regions.length, inMillimetres: regions.filter(isPlane).length }
}

const CALIBRATED_BY: Readonly<Record<string, 'geometry' | 'fiducial'>> = {
  GEOMETRY: 'geometry',
  FIDUCIAL: 'fiducial',
}

function isProjection(instance: DicomJson): boolean {
  return PROJECTIONS.has(firstString(instance, Tag.Modality) ?? '')
}

function nothingKnown(instance: DicomJson): Calibration {
  const [y, x] = numbers(instance, Tag.PixelAspectRatio)
  const known = x !== undefined && y !== undefined && x > 0 && y > 0
  return { kind: 'none', aspect: [1, known ? y / x : 1] }
}

/** The Pixel Measures of a frame of an enhanced image: its own, or those all frames share. */
function pixelMeasures(instance: DicomJson, frameNumber: number): DicomJson {
  const own = items(instance, Tag.PerFrameFunctionalGroupsSequence)[frameNumber - 1]
  const shared = items(instance, Tag.SharedFunctionalGroupsSequence)[0]
  for (const groups of [own, shared]) {
    const [measures] = groups === undefined ? [] : items(groups, Tag.PixelMeasuresSequence)
    if (measures !== undefined) return measures
  }
  return {}
}

/** A spacing of PS3.3 10.7.1.3, which names rows first, as [x, y]. */
function pair(json: DicomJson, tag: string): [number, number] | undefined {
  const [y, x] = numbers(json, tag)
  return x !== undefined && y !== undefined && x > 0 && y > 0 ? [x, y] : undefined
}

function same(a: readonly number[] | undefined, b: readonly number[]): boolean {
  return a !== undefined && a.every((value, index) => Math.abs(value - (b[index] ?? 0)) <= 1e-6 * value)
}

/** The smallest region that holds all points: regions of measurements lie inside those of the picture. */
function regionOf(regions: readonly DicomJson[], points: readonly ImagePoint[]): Calibration | undefined {
  const holding = regions
    .map((region) => ({ region, bounds: boundsOf(region) }))
    .filter(({ bounds }) => points.every((point) => isInside(bounds, point)))
    .sort((a, b) => areaOf(a.bounds) - areaOf(b.bounds))
  const region = holding[0]?.region
  if (region === undefined) return undefined
  const x = axisOf(region, Tag.PhysicalUnitsXDirection, Tag.PhysicalDeltaX)
  const y = axisOf(region, Tag.PhysicalUnitsYDirection, Tag.PhysicalDeltaY)
  return x === undefined || y === undefined ? undefined : { kind: 'ultrasound-region', x, y }
}

type Bounds = readonly [left: number, top: number, right: number, bottom: number]

/** The region's last pixels are part of it. */
function boundsOf(region: DicomJson): Bounds {
  const at = (tag: string): number => firstNumber(region, tag) ?? 0
  return [
    at(Tag.RegionLocationMinX0),
    at(Tag.RegionLocationMinY0),
    at(Tag.RegionLocationMaxX1) + 1,
    at(Tag.RegionLocationMaxY1) + 1,
  ]
}

const isInside = ([left, top, right, bottom]: Bounds, [x, y]: ImagePoint): boolean =>
  x >= left && x <= right && y >= top && y <= bottom

const areaOf = ([left, top, right, bottom]: Bounds): number => (right - left) * (bottom - top)

/** PS3.3 C.8.5.5.1.15: 3 is cm, 4 seconds, 5 hertz, 7 cm/s. */
const UNITS: Readonly<Record<number, readonly [RegionAxis['unit'], number]>> = {
  3: ['mm', 10],
  4: ['s', 1],
  5: ['Hz', 1],
  7: ['mm/s', 10],
}

function axisOf(region: DicomJson, unitsTag: string, deltaTag: string): RegionAxis | undefined {
  // Upwards is negative on Doppler traces: a length has no direction.
  const step = Math.abs(firstNumber(region, deltaTag) ?? 0)
  if (step === 0) return undefined
  const [unit, times] = UNITS[firstNumber(region, unitsTag) ?? 0] ?? ['other', 1]
  return { unit, step: step * times }
}
