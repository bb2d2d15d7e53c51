import { z } from 'zod'
import { VERTEBRAL_LEVELS } from './vertebrae.ts'

/**
 * What a reader marks on an image, shared by the viewer and the archive.
 *
 * Coordinates are [column, row] of the image, sub-pixel, with the origin at the top left corner of the top left pixel: the
 * centre of the first pixel is [0.5, 0.5], the bottom right corner of the image [Columns, Rows]. Source: PS3.3 C.18.6.
 */

/** Far outside of any image, and still exact in the 32-bit floats that DICOM keeps points in. */
const FARTHEST = 1 << 20

const coordinate = z.number().min(-FARTHEST).max(FARTHEST)
export const ImagePoint = z.tuple([coordinate, coordinate])
export type ImagePoint = z.infer<typeof ImagePoint>

const Segment = z.tuple([ImagePoint, ImagePoint])
export type Segment = z.infer<typeof Segment>

/** The most vertices of an outline: beyond it a segmentation is what is wanted. */
const MOST_VERTICES = 4096

/** For what an image is key: the titles of CID 7010 that stand alone, by their code of DICOM. */
export const KEY_TITLES = [
  '113000',
  '113002',
  '113003',
  '113004',
  '113005',
  '113006',
  '113007',
  '113008',
  '113009',
] as const
export const KeyTitle = z.enum(KEY_TITLES)
export type KeyTitle = z.infer<typeof KeyTitle>

const uid = z
  .string()
  .max(64)
  .regex(/^\d+(\.\d+)*$/)

const positive = z.number().positive().max(1e9)

/** Of which images a reader says what a pixel measures: this one, or all of its series that are of the same geometry. */
const REACH = {
  reach: z.enum(['image', 'series']),
  /** [columns, rows] of the image: what is of another size is of another geometry. */
  matrix: z.tuple([positive, positive]),
}

export const Geometry = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('length'), line: Segment }),
  z.object({ kind: z.literal('bidirectional'), long: Segment, short: Segment }),
  /** The vertex is the point in the middle. */
  z.object({ kind: z.literal('angle'), points: z.tuple([ImagePoint, ImagePoint, ImagePoint]) }),
  z.object({ kind: z.literal('cobb'), lines: z.tuple([Segment, Segment]) }),
  /** Centre, and the ends of two half diameters that are conjugate: the axes, wherever pixels are square. */
  z.object({ kind: z.literal('ellipse'), centre: ImagePoint, first: ImagePoint, second: ImagePoint }),
  /** The corners in order; it may be turned. */
  z.object({
    kind: z.literal('rectangle'),
    corners: z.tuple([ImagePoint, ImagePoint, ImagePoint, ImagePoint]),
  }),
  /** A circle of the patient, not of the pixel matrix: where pixels are not square it is an ellipse on the matrix. */
  z.object({ kind: z.literal('circle'), centre: ImagePoint, edge: ImagePoint }),
  /** A closed outline; the first point is not repeated. */
  z.object({ kind: z.literal('freehand'), outline: z.array(ImagePoint).min(3).max(MOST_VERTICES) }),
  z.object({ kind: z.literal('probe'), point: ImagePoint }),
  /** From where the text is to what it says something about. */
  z.object({ kind: z.literal('arrow'), tail: ImagePoint, tip: ImagePoint }),
  /** The greatest width of the heart, and the greatest inner one of the thorax. */
  z.object({ kind: z.literal('cardiothoracic'), heart: Segment, thorax: Segment }),
  z.object({
    kind: z.literal('vertebra'),
    level: z.enum(VERTEBRAL_LEVELS),
    point: ImagePoint,
    /** Where that is in the patient, millimetres; absent: the image does not say. */
    place: z
      .object({ frameOfReference: uid, position: z.tuple([z.number(), z.number(), z.number()]) })
      .optional(),
  }),
  /** A calibration: so long is what this line is drawn on. */
  z.object({ kind: z.literal('known-length'), line: Segment, millimetres: positive, ...REACH }),
  /** A calibration: the reader takes millimetres at the detector, knowing that the patient was magnified. */
  z.object({ kind: z.literal('detector-millimetres'), ...REACH }),
  /** The image as a whole: a key image. */
  z.object({ kind: z.literal('key'), title: KeyTitle }),
])
export type Geometry = z.infer<typeof Geometry>
export type GeometryKind = Geometry['kind']
/** What has a place on the image, not all of it. */
export type DrawnGeometry = Exclude<Geometry, { kind: 'key' | 'detector-millimetres' }>
export type DrawnKind = DrawnGeometry['kind']
/** What says something of the patient: what is drawn, without what calibrates. */
export type MeasuredGeometry = Exclude<DrawnGeometry, { kind: 'known-length' }>

export const isMeasured = (geometry: Geometry): geometry is MeasuredGeometry =>
  geometry.kind !== 'key' && !isCalibrating(geometry)

/** What a reader says of the pixels, not of the patient. */
export type CalibratingGeometry = Extract<Geometry, { kind: 'known-length' | 'detector-millimetres' }>

export const isCalibrating = (geometry: Geometry): geometry is CalibratingGeometry =>
  geometry.kind === 'known-length' || geometry.kind === 'detector-millimetres'

/** Of neighbouring pixels of a row, then of neighbouring rows: [x, y]. */
const Pair = z.tuple([positive, positive])

/** What one pixel step means along an axis of an ultrasound region. */
export const RegionAxis = z.object({
  unit: z.enum(['mm', 's', 'Hz', 'mm/s', 'other']),
  /** Per pixel, in `unit`. */
  step: positive,
})
export type RegionAxis = z.infer<typeof RegionAxis>

/** How it is known what a pixel measures. Spacings are [x, y] in millimetres: mind that DICOM's Pixel Spacing is [y, x]. */
export const Calibration = z.discriminatedUnion('kind', [
  /** In the patient: Pixel Spacing of a slice. */
  z.object({ kind: z.literal('patient'), spacing: Pair }),
  /** In the patient, of a projection: Pixel Spacing that was calibrated by its geometry, or by an object of known size. */
  z.object({
    kind: z.literal('calibrated'),
    spacing: Pair,
    by: z.enum(['geometry', 'fiducial', 'unknown']),
  }),
  /** Of a projection: at the detector, divided by the magnification that the image states. */
  z.object({ kind: z.literal('magnification'), spacing: Pair, factor: positive }),
  /** Of a projection: at the detector, magnified by nobody knows how much. No millimetres unless the reader accepted that. */
  z.object({ kind: z.literal('detector'), spacing: Pair, accepted: z.boolean() }),
  z.object({ kind: z.literal('ultrasound-region'), x: RegionAxis, y: RegionAxis }),
  /** By a line of known length that the reader drew. */
  z.object({ kind: z.literal('known-length'), spacing: Pair, millimetres: positive }),
  /** Nothing is known but, perhaps, how high a pixel is against its width: [1, y/x]. */
  z.object({ kind: z.literal('none'), aspect: Pair }),
])
export type Calibration = z.infer<typeof Calibration>

export const QUANTITIES = [
  'length',
  'long-axis',
  'short-axis',
  'angle',
  'cobb-angle',
  'area',
  'perimeter',
  'diameter',
  'duration',
  'depth',
  'speed',
  'frequency',
  'heart-width',
  'thorax-width',
  'cardiothoracic-ratio',
  'value',
  'mean',
  'standard-deviation',
  'minimum',
  'maximum',
] as const
export const Quantity = z.enum(QUANTITIES)
export type Quantity = z.infer<typeof Quantity>

/** What the values of pixels mean after the modality's own transformation. */
export const INTENSITIES = ['attenuation', 'suv-bw', 'activity', 'mr-signal', 'dose', 'other'] as const
export const Intensity = z.enum(INTENSITIES)
export type Intensity = z.infer<typeof Intensity>

export const MeasuredValue = z.object({
  quantity: Quantity,
  value: z.number(),
  /** UCUM code: `mm`, `mm2`, `deg`, `{pixels}` for lengths and areas that have no other, `{ratio}`, `[hnsf'U]`, `g/ml{SUVbw}`, `1` … */
  unit: z.string().min(1).max(16),
  /** Of statistics and probes. */
  intensity: Intensity.optional(),
})
export type MeasuredValue = z.infer<typeof MeasuredValue>

/** One line of DICOM text: a backslash would begin another value (PS3.5 6.2). */
const oneLine = (longest: number) =>
  z
    .string()
    .max(longest)
    .regex(/^[^\\\x00-\x1f\x7f]*$/)

/** A code of a terminology, as PS3.16 writes it: (value, scheme, meaning). */
export const Code = z.object({
  value: oneLine(16).min(1),
  scheme: oneLine(16).min(1),
  meaning: oneLine(64).min(1),
})
export type Code = z.infer<typeof Code>

export const Measurement = z.object({
  /** Follows this mark through all documents and readers (PS3.16 (112040, DCM)). */
  trackingUid: uid,
  /** What the reader called it; empty when it has no name. */
  label: oneLine(64),
  /** The text at an arrow, or a remark. */
  text: z.string().max(1000).default(''),
  sopInstanceUid: uid,
  /** 1-based. */
  frameNumber: z.number().int().positive(),
  geometry: Geometry,
  calibration: Calibration,
  values: z.array(MeasuredValue).max(32),
  findingSite: Code.optional(),
})
export type Measurement = z.infer<typeof Measurement>
