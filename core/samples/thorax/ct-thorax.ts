import { openPart10Writer } from '../../dicom/write-part10.ts'
import { openPace } from '../pace.ts'
import { paintThorax } from './paint-thorax.ts'
import { openThorax, type Thorax } from './thorax-model.ts'
import { decimal } from '../sample-dataset.ts'
import {
  sampleInstance,
  studyUid,
  type SampleStudy,
  type SeriesPlan,
  type StudyPlan,
} from '../sample-study.ts'
import { sampleUid } from '../sample-uid.ts'
import { noiseTile } from '../shape/smooth-noise.ts'

const SIDE = 512
const FIELD_OF_VIEW = 400
const PITCH = FIELD_OF_VIEW / SIDE
const LEFT = -200 + PITCH / 2
const TOP = -190 + PITCH / 2
/** Rows that are painted without letting the event loop turn. */
const BAND = 32
const CT_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.2'

export interface CtPlan {
  readonly study: StudyPlan
  readonly slices: number
  /** Of a slice and between slices, mm. */
  readonly thickness: number
  /** Centre of the topmost slice, mm. */
  readonly top: number
  /** Deviation of the noise in soft tissue, HU. */
  readonly noise: number
  readonly noduleDiameter: number
  readonly seriesDescription: string
  readonly kernel: string
  /** For a PET of the same study: no contrast medium, little dose. */
  readonly isLowDose?: boolean
}

/** A chest CT of the phantom, from head to feet, in the arterial phase. */
export function ctThorax(plan: CtPlan): SampleStudy {
  return {
    name: plan.study.key,
    studyInstanceUid: studyUid(plan.study),
    instanceCount: plan.slices,
    instances: () => ctSlices(plan),
  }
}

/** The slices of one series, made while they are read. */
export async function* ctSlices(plan: CtPlan) {
  const pause = openPace()
  const thorax = await openThorax(
    { noduleDiameter: plan.noduleDiameter, isEnhanced: plan.isLowDose !== true },
    pause,
  )
  const tile = await noiseTile(NOISE_SIDE, 1.15, 77, pause)
  const series = seriesPlan(plan)
  for (let index = 0; index < plan.slices; index++) {
    const z = plan.top - index * plan.thickness
    const plane = new Float32Array(SIDE * SIDE)
    for (let row = 0; row < SIDE; row += BAND) {
      paintThick(thorax, plan, z, row, plane)
      await pause()
    }
    const pixels = withNoise(plane, tile, plan.noise, index)
    await pause()
    yield sampleInstance(
      series,
      index + 1,
      {
        AcquisitionNumber: 1,
        ImagePositionPatient: [LEFT, TOP, z].map(decimal),
        SliceLocation: decimal(z),
      },
      new Uint8Array(pixels.buffer),
    )
  }
}

/** A band of a slice: the mean of as many thin planes as the slice is thick. */
function paintThick(thorax: Thorax, plan: CtPlan, z: number, row: number, plane: Float32Array): void {
  const planes = Math.max(1, Math.round(plan.thickness / 2.5))
  const band = plane.subarray(row * SIDE, (row + BAND) * SIDE)
  for (let each = 0; each < planes; each++) {
    const values = new Float32Array(band.length)
    const offset = ((each + 0.5) / planes - 0.5) * plan.thickness
    paintThorax(thorax, {
      columns: SIDE,
      rows: BAND,
      left: LEFT,
      top: TOP + row * PITCH,
      pitch: PITCH,
      pitchY: PITCH,
      z: z + offset,
      values,
    })
    for (let index = 0; index < band.length; index++) {
      band[index] = (band[index] ?? 0) + (values[index] ?? 0) / planes
    }
  }
}

const NOISE_SIDE = 768

/** HU with noise, as stored values. Noise is stronger in the middle of the body, and gone in saturated air. */
function withNoise(plane: Float32Array, tile: Float32Array, deviation: number, index: number): Int16Array {
  const pixels = new Int16Array(SIDE * SIDE)
  const shiftX = (index * 211) % NOISE_SIDE
  const shiftY = (index * 331) % NOISE_SIDE
  const otherX = (index * 97 + 400) % NOISE_SIDE
  for (let row = 0; row < SIDE; row++) {
    const oneRow = ((row + shiftY) % NOISE_SIDE) * NOISE_SIDE
    const twoColumn = (row + otherX) % NOISE_SIDE
    const depth = (row - 260) / 150
    for (let column = 0; column < SIDE; column++) {
      const at = row * SIDE + column
      const side = (column - 256) / 200
      const strength = deviation * (0.45 + 0.75 / (1 + side * side + depth * depth))
      const across = (column + shiftX) % NOISE_SIDE
      const one = tile[oneRow + across] ?? 0
      const two = tile[across * NOISE_SIDE + twoColumn] ?? 0
      const value = (plane[at] ?? 0) + (one + two) * 0.7071 * strength
      pixels[at] = Math.max(-1024, Math.min(3071, Math.round(value)))
    }
  }
  return pixels
}

const WITH_CONTRAST = {
  ProtocolName: 'Thorax',
  ContrastBolusAgent: 'Iodine 350 mg/ml',
  XRayTubeCurrent: 240,
  Exposure: 120,
}
const LOW_DOSE = { ProtocolName: 'PET-CT', XRayTubeCurrent: 50, Exposure: 25 }

function seriesPlan(plan: CtPlan): SeriesPlan {
  return {
    study: plan.study,
    write: openPart10Writer(plan.study.patient.characterSet),
    number: 2,
    modality: 'CT',
    description: plan.seriesDescription,
    sopClassUid: CT_IMAGE_STORAGE,
    values: {
      ManufacturerModelName: 'Thorax phantom',
      StationName: 'CT1',
      BodyPartExamined: 'CHEST',
      PatientPosition: 'HFS',
      ImageType: ['ORIGINAL', 'PRIMARY', 'AXIAL'],
      AcquisitionDate: plan.study.date,
      AcquisitionTime: plan.study.time,
      KVP: 120,
      ExposureTime: 500,
      ...(plan.isLowDose === true ? LOW_DOSE : WITH_CONTRAST),
      ConvolutionKernel: plan.kernel,
      SliceThickness: plan.thickness,
      SpacingBetweenSlices: plan.thickness,
      DataCollectionDiameter: 500,
      ReconstructionDiameter: FIELD_OF_VIEW,
      GantryDetectorTilt: 0,
      TableHeight: 150,
      FrameOfReferenceUID: sampleUid(`${plan.study.key}/frame of reference`),
      PositionReferenceIndicator: [],
      ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
      PixelSpacing: [PITCH, PITCH],
      SamplesPerPixel: 1,
      PhotometricInterpretation: 'MONOCHROME2',
      Rows: SIDE,
      Columns: SIDE,
      BitsAllocated: 16,
      BitsStored: 16,
      HighBit: 15,
      PixelRepresentation: 1,
      RescaleIntercept: 0,
      RescaleSlope: 1,
      RescaleType: 'HU',
      WindowCenter: [50, -550],
      WindowWidth: [400, 1500],
      WindowCenterWidthExplanation: ['MEDIASTINUM', 'LUNG'],
    },
  }
}
