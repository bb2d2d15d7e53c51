import { openPart10Writer, type Part10Writer } from '../../dicom/write-part10.ts'
import { headSignal, type Signal } from './brain-tissue.ts'
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

/** Five series of one head, from below upwards: T1, T2, FLAIR, diffusion and its coefficients. */
export function mrBrain(study: StudyPlan): SampleStudy {
  return {
    name: study.key,
    studyInstanceUid: studyUid(study),
    instanceCount: WEIGHTINGS.length * SLICES,
    instances: () => slices(study),
  }
}

async function* slices(study: StudyPlan) {
  const pause = openPace()
  const noise = await noiseTile(NOISE_SIDE, 0.7, 91, pause)
  // All weightings of a place come from one walk through the anatomy; the others are kept until the first series is out.
  const write = openPart10Writer(study.patient.characterSet)
  const kept: Uint16Array<ArrayBuffer>[][] = WEIGHTINGS.map(() => [])
  for (let index = 0; index < SLICES; index++) {
    const planes = WEIGHTINGS.map(() => new Float32Array(SIDE * SIDE))
    for (let row = 0; row < SIDE; row++) {
      for (const part of [-0.3, 0.3]) signalRow(planes, row, LOWEST + index * SPACING + part * THICKNESS)
      await pause()
    }
    for (const [at, weighting] of WEIGHTINGS.entries()) {
      const plane = planes[at] ?? new Float32Array()
      const signal = weighting.isEchoPlanar === true ? softened(plane) : plane
      kept[at]?.push(magnitude(signal, noise, weighting.noise, index * 2 + at))
      await pause()
    }
    yield slice(seriesPlan(study, T1, write), index, kept[0]?.[index] ?? new Uint16Array())
  }
  for (const [at, weighting] of WEIGHTINGS.entries()) {
    if (weighting === T1) continue
    for (const [index, pixels] of (kept[at] ?? []).entries()) {
      yield slice(seriesPlan(study, weighting, write), index, pixels)
      await pause()
    }
  }
}

function signalRow(planes: readonly Float32Array[], row: number, z: number): void {
  const y = TOP + row * PITCH
  for (let column = 0; column < SIDE; column++) {
    const signal = headSignal(LEFT + column * PITCH, y, z)
    const pixel = row * SIDE + column
    for (const [at, { of }] of WEIGHTINGS.entries()) {
      const plane = planes[at]
      if (plane !== undefined) plane[pixel] = (plane[pixel] ?? 0) + signal[of] / 2
    }
  }
}

/** What a single shot of half the matrix resolves: three by three pixels, the middle one most. */
function softened(plane: Float32Array): Float32Array {
  return plane.map((own, at) => {
    const sides =
      (plane[at - 1] ?? 0) + (plane[at + 1] ?? 0) + (plane[at - SIDE] ?? 0) + (plane[at + SIDE] ?? 0)
    const corners =
      (plane[at - SIDE - 1] ?? 0) +
      (plane[at - SIDE + 1] ?? 0) +
      (plane[at + SIDE - 1] ?? 0) +
      (plane[at + SIDE + 1] ?? 0)
    return own / 4 + sides / 8 + corners / 16
  })
}

interface Weighting {
  readonly of: keyof Signal
  readonly number: number
  readonly description: string
  readonly noise: number
  readonly isEchoPlanar?: boolean
  readonly values: ElementValues
}

const T1: Weighting = {
  of: 't1',
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
  of: 't2',
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

const FLAIR: Weighting = {
  of: 'flair',
  number: 4,
  description: 'FLAIR axial',
  noise: 15,
  values: {
    ScanningSequence: ['SE', 'IR'],
    SequenceVariant: ['SK', 'SP'],
    RepetitionTime: 9000,
    EchoTime: 110,
    InversionTime: 2500,
    EchoTrainLength: 21,
    FlipAngle: 150,
    WindowCenter: 380,
    WindowWidth: 760,
  },
}
const SINGLE_SHOT: ElementValues = {
  ScanningSequence: 'EP',
  SequenceVariant: 'SK',
  ScanOptions: 'FS',
  RepetitionTime: 5600,
  EchoTime: 86,
  EchoTrainLength: 1,
  FlipAngle: 90,
}
const DIFFUSION: Weighting = {
  of: 'diffusion',
  number: 5,
  description: 'DWI b1000 axial',
  noise: 14,
  isEchoPlanar: true,
  values: { ...SINGLE_SHOT, DiffusionBValue: 1000, WindowCenter: 230, WindowWidth: 460 },
}
const COEFFICIENT: Weighting = {
  of: 'adc',
  number: 6,
  description: 'ADC axial',
  noise: 40,
  isEchoPlanar: true,
  values: {
    ...SINGLE_SHOT,
    ImageType: ['DERIVED', 'PRIMARY', 'OTHER', 'ADC'],
    WindowCenter: 1200,
    WindowWidth: 2400,
  },
}
const WEIGHTINGS: readonly Weighting[] = [T1, T2, FLAIR, DIFFUSION, COEFFICIENT]

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
