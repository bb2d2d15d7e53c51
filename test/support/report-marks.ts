import type { ReportImage, ReportMark } from '../../core/measurements/report/measurement-group.ts'
import { measure } from '../../core/measurements/measure.ts'
import type {
  Calibration,
  MeasuredGeometry,
  ImagePoint,
  MeasuredValue,
} from '../../core/measurements/shapes.ts'

/** A slice whose pixels are higher than wide, a multi-frame radiograph, and the frames of an ultrasound. */
export const REPORT_IMAGES = new Map<string, ReportImage>(
  [
    {
      sopInstanceUid: '1.2.3.1.1',
      sopClassUid: '1.2.840.10008.5.1.4.1.1.2',
      seriesInstanceUid: '1.2.3.1',
      frames: 1,
    },
    {
      sopInstanceUid: '1.2.3.1.2',
      sopClassUid: '1.2.840.10008.5.1.4.1.1.2',
      seriesInstanceUid: '1.2.3.1',
      frames: 1,
    },
    {
      sopInstanceUid: '1.2.3.2.1',
      sopClassUid: '1.2.840.10008.5.1.4.1.1.3.1',
      seriesInstanceUid: '1.2.3.2',
      frames: 60,
    },
  ].map((image) => [image.sopInstanceUid, image]),
)

const ANISOTROPIC: Calibration = { kind: 'patient', spacing: [0.5, 0.8] }
const SQUARE: Calibration = { kind: 'patient', spacing: [0.7, 0.7] }
const MMODE: Calibration = {
  kind: 'ultrasound-region',
  x: { unit: 's', step: 0.004 },
  y: { unit: 'mm', step: 0.31 },
}
const DOPPLER: Calibration = {
  kind: 'ultrasound-region',
  x: { unit: 's', step: 0.004 },
  y: { unit: 'mm/s', step: 7.3 },
}
const UNNAMED: Calibration = {
  kind: 'ultrasound-region',
  x: { unit: 'other', step: 1 },
  y: { unit: 'other', step: 1 },
}

const CORNERS: [ImagePoint, ImagePoint, ImagePoint, ImagePoint] = [
  [10.25, 20.5],
  [30.25, 20.5],
  [30.25, 44.75],
  [10.25, 44.75],
]

const statistics = (intensity: MeasuredValue['intensity'], unit: string): MeasuredValue[] => [
  { quantity: 'mean', value: 41.2389547216, unit, ...(intensity && { intensity }) },
  { quantity: 'standard-deviation', value: 1 / 3, unit, ...(intensity && { intensity }) },
  { quantity: 'minimum', value: -1024, unit, ...(intensity && { intensity }) },
  { quantity: 'maximum', value: 3071, unit, ...(intensity && { intensity }) },
]

interface Drawn {
  readonly geometry: MeasuredGeometry
  readonly calibration: Calibration
  readonly label?: string
  readonly more?: MeasuredValue[]
  readonly image?: string
  readonly frameNumber?: number
}

const DRAWN: readonly Drawn[] = [
  {
    geometry: {
      kind: 'length',
      line: [
        [10.5, 20.25],
        [110.125, 64.75],
      ],
    },
    calibration: ANISOTROPIC,
    label: '左肺结节 1',
  },
  {
    geometry: {
      kind: 'bidirectional',
      long: [
        [1, 2],
        [41, 2],
      ],
      short: [
        [20, -8],
        [20.5, 12],
      ],
    },
    calibration: SQUARE,
    label: 'Target = 1 ^ & "two"',
  },
  {
    geometry: {
      kind: 'angle',
      points: [
        [0, 0],
        [10, 10],
        [20, 5],
      ],
    },
    calibration: ANISOTROPIC,
  },
  {
    geometry: {
      kind: 'cobb',
      lines: [
        [
          [0, 0],
          [50, 5],
        ],
        [
          [0, 90],
          [50, 70],
        ],
      ],
    },
    calibration: SQUARE,
  },
  {
    geometry: { kind: 'ellipse', centre: [100, 120], first: [130, 120], second: [100, 135] },
    calibration: SQUARE,
    more: statistics('attenuation', "[hnsf'U]"),
  },
  {
    geometry: { kind: 'rectangle', corners: CORNERS },
    calibration: ANISOTROPIC,
    more: statistics('mr-signal', '1'),
  },
  {
    geometry: { kind: 'circle', centre: [64, 64], edge: [96, 64] },
    calibration: ANISOTROPIC,
    more: statistics('suv-bw', 'g/ml{SUVbw}'),
  },
  {
    geometry: { kind: 'circle', centre: [64, 64], edge: [64, 80.5] },
    calibration: SQUARE,
    more: statistics('activity', 'Bq/ml'),
  },
  {
    geometry: {
      kind: 'freehand',
      outline: [
        [1, 1],
        [9, 2],
        [12, 8],
        [4, 14],
        [0.5, 6],
      ],
    },
    calibration: SQUARE,
    more: statistics('other', '1'),
  },
  {
    geometry: { kind: 'probe', point: [255.5, 255.5] },
    calibration: SQUARE,
    more: [{ quantity: 'value', value: 57, unit: "[hnsf'U]", intensity: 'attenuation' }],
  },
  { geometry: { kind: 'arrow', tail: [300, 300], tip: [280, 250] }, calibration: SQUARE, label: '钙化？' },
  { geometry: { kind: 'arrow', tail: [30, 30], tip: [28, 25] }, calibration: SQUARE },
  {
    geometry: {
      kind: 'length',
      line: [
        [10, 10],
        [60, 40],
      ],
    },
    calibration: {
      kind: 'known-length',
      spacing: [0.1234567890123456, 0.1234567890123456],
      millimetres: 25.4,
    },
  },
  {
    geometry: {
      kind: 'length',
      line: [
        [10, 10],
        [60, 40],
      ],
    },
    calibration: { kind: 'detector', spacing: [0.143, 0.143], accepted: true },
  },
  {
    geometry: {
      kind: 'length',
      line: [
        [10, 10],
        [60, 40],
      ],
    },
    calibration: { kind: 'detector', spacing: [0.143, 0.143], accepted: false },
  },
  {
    geometry: {
      kind: 'length',
      line: [
        [400, 300],
        [460, 340],
      ],
    },
    calibration: MMODE,
    image: '1.2.3.2.1',
    frameNumber: 17,
  },
  {
    geometry: {
      kind: 'length',
      line: [
        [400, 300],
        [460, 340],
      ],
    },
    calibration: DOPPLER,
    image: '1.2.3.2.1',
    frameNumber: 18,
  },
  // Nothing can be measured here: the marks are kept all the same.
  {
    geometry: {
      kind: 'length',
      line: [
        [5, 3],
        [46, 34],
      ],
    },
    calibration: UNNAMED,
    image: '1.2.3.2.1',
  },
  { geometry: { kind: 'probe', point: [46, 34] }, calibration: UNNAMED, image: '1.2.3.2.1' },
  {
    geometry: {
      kind: 'bidirectional',
      long: [
        [1, 2],
        [41, 2],
      ],
      short: [
        [20, -8],
        [20.5, 12],
      ],
    },
    calibration: UNNAMED,
    image: '1.2.3.2.1',
  },
  {
    geometry: { kind: 'ellipse', centre: [10, 12], first: [13, 12], second: [10, 13] },
    calibration: UNNAMED,
    image: '1.2.3.2.1',
  },
  {
    geometry: {
      kind: 'cardiothoracic',
      heart: [
        [100.5, 200],
        [200.25, 200],
      ],
      thorax: [
        [40, 240.5],
        [300, 240.5],
      ],
    },
    calibration: ANISOTROPIC,
  },
  {
    geometry: {
      kind: 'cardiothoracic',
      heart: [
        [10, 20],
        [30, 20],
      ],
      thorax: [
        [4, 24],
        [50, 24],
      ],
    },
    calibration: UNNAMED,
    image: '1.2.3.2.1',
  },
  { geometry: { kind: 'vertebra', level: 'C1', point: [64.5, 30] }, calibration: SQUARE },
  { geometry: { kind: 'vertebra', level: 'S5', point: [60, 300.25] }, calibration: SQUARE, label: '移行椎' },
]

/** A mark of every kind, on every kind of calibration. */
export const reportMarks = (): ReportMark[] =>
  DRAWN.map(
    ({ geometry, calibration, label = '', more = [], image = '1.2.3.1.1', frameNumber = 1 }, index) => ({
      trackingUid: `2.25.${1000 + index}`,
      label,
      sopInstanceUid: image,
      frameNumber,
      geometry,
      calibration,
      values: [...measure(geometry, calibration), ...more],
      ...(index === 0 ? { findingSite: { value: '39607008', scheme: 'SCT', meaning: 'Lung' } } : {}),
    }),
  )
