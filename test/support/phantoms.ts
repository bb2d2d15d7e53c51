import type { DicomJson } from '../../core/dicom/dicom-json.ts'
import { newUid } from '../../core/dicom/uid.ts'
import { dicom, type DicomBuilder } from './dicom-builder.ts'

/** [column, row], from the corner of the first pixel. */
export type Point = readonly [number, number]

/** An image of which it is known what lies where. */
export interface Phantom {
  readonly name: string
  readonly study: string
  readonly files: readonly Buffer[]
  /** Where a point is, in `unit`: in space, or on the plane of the image. */
  readonly place: (point: Point) => readonly number[]
  readonly unit: 'mm' | '{pixels}'
  /** Of its pixels' values (UCUM). */
  readonly values: string
  /** What the strip of the pane says of it. */
  readonly trust: string
  /** Why there are no millimetres, as the list says it. */
  readonly reason?: string
}

export const [COLUMNS, ROWS] = [160, 100]
/** The middles of three bright squares: top left, top right, bottom left. */
export const FIDUCIALS: readonly [Point, Point, Point] = [
  [6.5, 6.5],
  [153.5, 6.5],
  [6.5, 93.5],
]
const HALF = 2.5
/** Brighter than anything else. */
const WHITE = 4000

/** A slope, so that each place has its value; bright squares, so that it is known where the image is on a screen. */
export function valueAt(column: number, row: number): number {
  const isIn = ([x, y]: Point): boolean => Math.abs(column + 0.5 - x) < HALF && Math.abs(row + 0.5 - y) < HALF
  return FIDUCIALS.some(isIn) ? WHITE : 300 + 2 * column + 3 * row
}

const PIXELS = Int16Array.from({ length: COLUMNS * ROWS }, (_, index) =>
  valueAt(index % COLUMNS, Math.floor(index / COLUMNS)),
)

const image = (study: string, series: string, modality: string): DicomBuilder =>
  dicom()
    .ct({ rows: ROWS, columns: COLUMNS })
    .pixels(new Uint8Array(PIXELS.buffer))
    .uids({ study, series })
    .set('Modality', 'CS', [modality])
    .set('WindowCenter', 'DS', [3500])
    .set('WindowWidth', 'DS', [600])

/** Of one image or of a stack; `change` is told which of them. */
function phantom(
  name: string,
  modality: string,
  more: Omit<Phantom, 'name' | 'study' | 'files' | 'values'>,
  change: (file: DicomBuilder, index: number) => void,
  count = 1,
): Phantom {
  const [study, series] = [newUid(), newUid()]
  const files = Array.from({ length: count }, (_, index) => {
    const file = image(study, series, modality).set('InstanceNumber', 'IS', [index + 1])
    change(file, index)
    return file.build()
  })
  return { name, study, files, values: modality === 'CT' ? "[hnsf'U]" : '1', ...more }
}

/** A slice in space: a row lies along `row`, so far from pixel to pixel. Millimetres. */
const inSpace =
  (row: readonly number[], column: readonly number[], across: number, down: number) =>
  ([x, y]: Point): number[] =>
    [0, 1, 2].map((axis) => (row[axis] ?? 0) * x * across + (column[axis] ?? 0) * y * down)

const [COS, SIN] = [Math.cos(Math.PI / 12), Math.sin(Math.PI / 12)].map((value) =>
  Number(value.toFixed(8)),
) as [number, number]
/** Two directions that lie along no axis of the patient, at right angles. */
const [OBLIQUE_ROW, OBLIQUE_COLUMN] = [
  [0.8, 0.36, 0.48],
  [-0.6, 0.48, 0.64],
] as const
const FRAME_OF_REFERENCE = newUid()

/** Rows of 0.8 mm, columns of 0.5 mm: DICOM names rows first (PS3.3 10.7.1.3). */
const slice = (
  file: DicomBuilder,
  orientation: readonly number[],
  position: readonly number[],
): DicomBuilder =>
  file
    .set('PixelSpacing', 'DS', [0.8, 0.5])
    .set('FrameOfReferenceUID', 'UI', [FRAME_OF_REFERENCE])
    .set('ImageOrientationPatient', 'DS', [...orientation])
    .set('ImagePositionPatient', 'DS', [...position])

const [X, Y] = [
  [1, 0, 0],
  [0, 1, 0],
] as const

export const PHANTOMS: readonly Phantom[] = [
  phantom(
    'slices of 0.5 by 0.8 mm',
    'CT',
    { place: inSpace(X, Y, 0.5, 0.8), unit: 'mm', trust: 'calibrated' },
    (file, index) => slice(file, [...X, ...Y], [0, 0, index * 2]),
    3,
  ),
  phantom(
    'an oblique slice',
    'MR',
    { place: inSpace(OBLIQUE_ROW, OBLIQUE_COLUMN, 0.5, 0.8), unit: 'mm', trust: 'calibrated' },
    (file) => slice(file, [...OBLIQUE_ROW, ...OBLIQUE_COLUMN], [-40, 10, 25]),
  ),
  phantom(
    'a tilted gantry',
    'CT',
    { place: inSpace(X, [0, COS, -SIN], 0.5, 0.8), unit: 'mm', trust: 'tilt 15.0°' },
    (file, index) => slice(file, [...X, 0, COS, -SIN], [0, 0, index * 5]),
    4,
  ),
  phantom(
    'a magnified projection',
    'DX',
    { place: ([x, y]) => [(x * 0.2) / 1.25, (y * 0.2) / 1.25], unit: 'mm', trust: '1.25' },
    (file) =>
      file
        .set('ImagerPixelSpacing', 'DS', [0.2, 0.2])
        .set('EstimatedRadiographicMagnificationFactor', 'DS', [1.25]),
  ),
  phantom(
    'a projection that knows its detector alone',
    'DX',
    {
      place: ([x, y]) => [x, y],
      unit: '{pixels}',
      trust: 'no mm, detector only',
      reason: 'No millimetres: how much the patient was magnified is not stated.',
    },
    (file) => file.set('ImagerPixelSpacing', 'DS', [0.2, 0.2]),
  ),
  phantom(
    'a picture without any spacing',
    'OT',
    {
      place: ([x, y]) => [x, y],
      unit: '{pixels}',
      trust: 'no mm',
      reason: 'No millimetres: what a pixel measures here is not known.',
    },
    () => undefined,
  ),
]

export const [SLICES, DETECTOR] = [PHANTOMS[0], PHANTOMS[4]] as [Phantom, Phantom]

const region = (bounds: readonly number[], units: Point, deltas: Point): DicomJson => {
  const [left = 0, top = 0, right = 0, bottom = 0] = bounds
  const of = (vr: string, value: number) => ({ vr, Value: [value] })
  return {
    '00186012': of('US', 1),
    '00186014': of('US', 1),
    '00186016': of('UL', 0),
    '00186018': of('UL', left),
    '0018601A': of('UL', top),
    '0018601C': of('UL', right),
    '0018601E': of('UL', bottom),
    '00186024': of('US', units[0]),
    '00186026': of('US', units[1]),
    '0018602C': of('FD', deltas[0]),
    '0018602E': of('FD', deltas[1]),
  }
}

/** Tissue at the left (0.2 mm a pixel), a Doppler trace at the right: 4 ms a pixel, and 5 mm/s. Units by PS3.3 C.8.5.5.1.15. */
export const ULTRASOUND = phantom(
  'regions of ultrasound',
  'US',
  { place: ([x, y]) => [x * 0.2, y * 0.2], unit: 'mm', trust: 'regions' },
  (file) => {
    file.json()['00186011'] = {
      vr: 'SQ',
      Value: [region([0, 0, 99, 99], [3, 3], [0.02, 0.02]), region([100, 10, 159, 99], [4, 7], [0.004, 0.5])],
    }
  },
)
