import { openPart10Writer, type Part10Writer } from '../../dicom/write-part10.ts'
import { headSignal } from './brain-tissue.ts'
import { openPace } from '../pace.ts'
import { decimal, type ElementValues } from '../sample-dataset.ts'
import {
  sampleInstance,
  studyUid,
  type SampleStudy,
  type SeriesPlan,
  type StudyPlan,
} from '../sample-study.ts'
import { sampleUid } from '../sample-uid.ts'
import { noiseTile } from '../shape/smooth-noise.ts'

const SIDE = 256
const FIELD_OF_VIEW = 230
const PITCH = FIELD_OF_VIEW / SIDE
const LEFT = -FIELD_OF_VIEW / 2 + PITCH / 2
const TOP = LEFT
const SLICES = 30
const SPACING = 5
const THICKNESS = 4.5
const LOWEST = -69
const MR_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.4'

/** Two series of one head, from below upwards: T1-weighted and T2-weighted. */
export function mrBrain(study: StudyPlan): SampleStudy {
  return {
    name: study.key,
    studyInstanceUid: studyUid(study),
    instanceCount: 2 * SLICES,
    instances: () => slices(study),
  }
}

async function* slices(study: StudyPlan) {
  const pause = openPace()
  const noise = await noiseTile(NOISE_SIDE, 0.7, 91, pause)
  // Both weightings of a place come from one walk through the anatomy; the second series is kept until the first is out.
  const write = openPart10Writer(study.patient.characterSet)
  const second: Float32Array[] = []
  for (let index = 0; index < SLICES; index++) {
    const t1 = new Float32Array(SIDE * SIDE)
    const t2 = new Float32Array(SIDE * SIDE)
    for (let row = 0; row < SIDE; row++) {
      for (const part of [-0.3, 0.3]) signalRow(t1, t2, row, LOWEST + index * SPACING + part * THICKNESS)
      await pause()
    }
    second.push(t2)
    yield slice(seriesPlan(study, T1, write), index, magnitude(t1, noise, T1.noise, index * 2))
  }
  for (const [index, t2] of second.entries()) {
    yield slice(seriesPlan(study, T2, write), index, magnitude(t2, noise, T2.noise, index * 2 + 1))
    await pause()
  }
}

function signalRow(t1: Float32Array, t2: Float32Array, row: number, z: number): void {
  const y = TOP + row * PITCH
  for (let column = 0; column < SIDE; column++) {
    const signal = headSignal(LEFT + column * PITCH, y, z)
    const at = row * SIDE + column
    t1[at] = (t1[at] ?? 0) + signal.t1 / 2
    t2[at] = (t2[at] ?? 0) + signal.t2 / 2
  }
}

interface Weighting {
  readonly number: number
  readonly description: string
  readonly noise: number
  readonly values: ElementValues
}

const T1: Weighting = {
  number: 2,
  description: 'T1 SE axial',
  noise: 13,
  values: {
    ScanningSequence: 'SE',
    SequenceVariant: 'SP',
    RepetitionTime: 550,
    EchoTime: 9,
    EchoTrainLength: 1,
    FlipAngle: 90,
    WindowCenter: 420,
    WindowWidth: 760,
  },
}
const T2: Weighting = {
  number: 3,
  description: 'T2 TSE axial',
  noise: 16,
  values: {
    ScanningSequence: 'SE',
    SequenceVariant: ['SK', 'SP'],
    RepetitionTime: 4200,
    EchoTime: 98,
    EchoTrainLength: 15,
    FlipAngle: 150,
    WindowCenter: 480,
    WindowWidth: 960,
  },
}

function slice(series: SeriesPlan, index: number, pixels: Uint16Array<ArrayBuffer>) {
  const z = LOWEST + index * SPACING
  const values = { ImagePositionPatient: [LEFT, TOP, z].map(decimal), SliceLocation: decimal(z) }
  return sampleInstance(series, index + 1, values, new Uint8Array(pixels.buffer))
}

const NOISE_SIDE = 512

/** The length of signal and noise in two channels, as MR images have it, and brighter towards the coil behind. */
function magnitude(signal: Float32Array, noise: Float32Array, deviation: number, index: number) {
  const pixels = new Uint16Array(SIDE * SIDE)
  const shift = (index * 97) % (NOISE_SIDE - SIDE)
  const other = (index * 61 + 128) % (NOISE_SIDE - SIDE)
  for (let row = 0; row < SIDE; row++) {
    const shading = 0.94 + 0.12 * (row / SIDE) ** 2
    for (let column = 0; column < SIDE; column++) {
      const at = row * SIDE + column
      const real = (noise[(row + shift) * NOISE_SIDE + column + other] ?? 0) * deviation
      const imaginary = (noise[(column + other) * NOISE_SIDE + row + shift] ?? 0) * deviation
      const value = (signal[at] ?? 0) * shading + real
      pixels[at] = Math.min(4095, Math.round(Math.sqrt(value * value + imaginary * imaginary)))
    }
  }
  return pixels
}

function seriesPlan(study: StudyPlan, weighting: Weighting, write: Part10Writer): SeriesPlan {
  return {
    study,
    write,
    number: weighting.number,
    modality: 'MR',
    description: weighting.description,
    sopClassUid: MR_IMAGE_STORAGE,
    values: {
      ManufacturerModelName: 'Head phantom',
      StationName: 'MR1',
      BodyPartExamined: 'HEAD',
      PatientPosition: 'HFS',
      ProtocolName: weighting.description,
      ImageType: ['ORIGINAL', 'PRIMARY', 'OTHER'],
      AcquisitionDate: study.date,
      AcquisitionTime: study.time,
      AcquisitionNumber: 1,
      ScanOptions: [],
      MRAcquisitionType: '2D',
      MagneticFieldStrength: 1.5,
      ImagingFrequency: 63.87,
      NumberOfAverages: 1,
      SliceThickness: THICKNESS,
      SpacingBetweenSlices: SPACING,
      FrameOfReferenceUID: sampleUid(`${study.key}/frame of reference`),
      PositionReferenceIndicator: [],
      ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
      PixelSpacing: [decimal(PITCH), decimal(PITCH)],
      SamplesPerPixel: 1,
      PhotometricInterpretation: 'MONOCHROME2',
      Rows: SIDE,
      Columns: SIDE,
      BitsAllocated: 16,
      BitsStored: 12,
      HighBit: 11,
      PixelRepresentation: 0,
      ...weighting.values,
    },
  }
}
