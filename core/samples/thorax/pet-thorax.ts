import { openPart10Writer } from '../../dicom/write-part10.ts'
import { openPace } from '../pace.ts'
import { decimal, elements, snomedCode, type ElementValues } from '../sample-dataset.ts'
import { sampleInstance, type SeriesPlan, type StudyPlan } from '../sample-study.ts'
import { sampleUid } from '../sample-uid.ts'
import { noiseTile } from '../shape/smooth-noise.ts'
import { openUptake, type Uptake } from './blurred-uptake.ts'
import { openThorax } from './thorax-model.ts'

const PET_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.128'
/** Seconds: of fluorine 18. */
const HALF_LIFE = 6586.2
const DOSE_BQ = 312e6
const GRAMS_PER_KILOGRAM = 1000

export interface PetPlan {
  readonly study: StudyPlan
  readonly number: number
  readonly description: string
  readonly slices: number
  /** Centre of the topmost slice, mm. */
  readonly top: number
  readonly noduleDiameter: number
  /** Of the patient, kg. */
  readonly weight: number
  /** TM: when the dose was given, and when the emission began, on the day of the study. */
  readonly injected: string
  readonly started: string
}

/** Slices that were acquired at one position of the couch, and for how long, s. */
const BED = { slices: 31, seconds: 150 }

/** The slices of a PET of the phantom, from head to feet, corrected and in becquerels a millilitre. */
export async function* petSlices(plan: PetPlan) {
  const pause = openPace()
  const thorax = await openThorax({ noduleDiameter: plan.noduleDiameter, isEnhanced: false }, pause)
  const uptake = await openUptake(thorax, plan, pause)
  const noise = await noiseTile(NOISE_SIDE, 1.2, 411, pause)
  const series = seriesPlan(plan, uptake)
  const left = DOSE_BQ * 2 ** (-(seconds(plan.started) - seconds(plan.injected)) / HALF_LIFE)
  const perSuv = left / (plan.weight * GRAMS_PER_KILOGRAM)
  for (let index = 0; index < plan.slices; index++) {
    const slice = withNoise(uptake.slice(index), noise, index)
    await pause()
    const { slope, pixels } = scaled(slice, perSuv)
    const z = plan.top - index * uptake.spacing
    yield sampleInstance(
      series,
      index + 1,
      {
        ...timesOfBed(plan, Math.floor(index / BED.slices)),
        ImageIndex: index + 1,
        ImagePositionPatient: [uptake.left, uptake.top, z].map(decimal),
        SliceLocation: decimal(z),
        RescaleSlope: slope,
        RescaleIntercept: 0,
        WindowCenter: decimal(2.5 * perSuv),
        WindowWidth: decimal(5 * perSuv),
      },
      new Uint8Array(pixels.buffer),
    )
  }
}

const NOISE_SIDE = 256

/** Counting noise, alike over neighbouring slices, and more of it where there is more activity. SUV. */
function withNoise(slice: Float32Array, tile: Float32Array, index: number): Float32Array {
  const side = Math.sqrt(slice.length)
  const at = (row: number, column: number, other: number): number =>
    tile[((row + other * 89) % NOISE_SIDE) * NOISE_SIDE + ((column + other * 57) % NOISE_SIDE)] ?? 0
  return slice.map((value, pixel) => {
    const [row, column] = [Math.floor(pixel / side), pixel % side]
    const own =
      0.8 * at(row, column, index) + 0.42 * (at(row, column, index + 1) + at(row, column, index + 2))
    return Math.max(0, value + own * (0.012 + 0.055 * value))
  })
}

/** Sixteen bits for each slice's own range, as PET is stored. */
function scaled(
  slice: Float32Array,
  perSuv: number,
): { readonly slope: number; readonly pixels: Int16Array<ArrayBuffer> } {
  const largest = slice.reduce((most, value) => Math.max(most, value), 0.01)
  const slope = Number(((largest * perSuv) / 32767).toPrecision(9))
  return {
    slope,
    pixels: Int16Array.from(slice, (value) => Math.min(32767, Math.round((value * perSuv) / slope))),
  }
}

/** When one position of the couch was acquired, and what its decay was corrected by (PS3.3 C.8.9.4). */
function timesOfBed(plan: PetPlan, bed: number): ElementValues {
  const begun = bed * BED.seconds
  const decay = Math.LN2 / HALF_LIFE
  // The mean activity over the frame is that of this moment.
  const middle = Math.log((decay * BED.seconds) / (1 - Math.exp(-decay * BED.seconds))) / decay
  return {
    AcquisitionTime: time(seconds(plan.started) + begun),
    ActualFrameDuration: BED.seconds * 1000,
    FrameReferenceTime: Number(((begun + middle) * 1000).toFixed(2)),
    DecayFactor: Number(Math.exp(decay * (begun + middle)).toFixed(6)),
  }
}

/** TM to seconds since midnight, and back. */
const seconds = (text: string): number =>
  Number(text.slice(0, 2)) * 3600 + Number(text.slice(2, 4)) * 60 + Number(text.slice(4, 6))
const time = (since: number): string =>
  [since / 3600, (since / 60) % 60, since % 60]
    .map((part) => String(Math.floor(part)).padStart(2, '0'))
    .join('')

function seriesPlan(plan: PetPlan, uptake: Uptake): SeriesPlan {
  const { study } = plan
  return {
    study,
    write: openPart10Writer(study.patient.characterSet),
    number: plan.number,
    modality: 'PT',
    description: plan.description,
    sopClassUid: PET_IMAGE_STORAGE,
    values: {
      ManufacturerModelName: 'Thorax phantom',
      StationName: 'PET1',
      BodyPartExamined: 'CHEST',
      PatientWeight: plan.weight,
      ProtocolName: 'PET-CT',
      ImageType: ['ORIGINAL', 'PRIMARY'],
      SeriesTime: plan.started,
      AcquisitionDate: study.date,
      AcquisitionNumber: 1,
      SeriesType: ['STATIC', 'IMAGE'],
      NumberOfSlices: plan.slices,
      Units: 'BQML',
      CountsSource: 'EMISSION',
      CorrectedImage: ['DECY', 'ATTN', 'SCAT', 'DTIM', 'RAN', 'NORM'],
      DecayCorrection: 'START',
      RandomsCorrectionMethod: 'DLYD',
      AttenuationCorrectionMethod: 'CT',
      ScatterCorrectionMethod: 'Model based',
      ReconstructionMethod: 'OSEM',
      CollimatorType: 'NONE',
      RadiopharmaceuticalInformationSequence: [radiopharmaceutical(plan)],
      PatientOrientationCodeSequence: [
        snomedCode('102538003', 'recumbent', {
          PatientOrientationModifierCodeSequence: [snomedCode('40199007', 'supine')],
        }),
      ],
      PatientGantryRelationshipCodeSequence: [snomedCode('102540008', 'headfirst')],
      SliceThickness: uptake.spacing,
      SpacingBetweenSlices: uptake.spacing,
      FrameOfReferenceUID: sampleUid(`${study.key}/frame of reference`),
      PositionReferenceIndicator: [],
      ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
      PixelSpacing: [uptake.pitch, uptake.pitch],
      SamplesPerPixel: 1,
      PhotometricInterpretation: 'MONOCHROME2',
      Rows: uptake.side,
      Columns: uptake.side,
      BitsAllocated: 16,
      BitsStored: 16,
      HighBit: 15,
      PixelRepresentation: 1,
    },
  }
}

const radiopharmaceutical = ({ study, injected }: PetPlan) =>
  elements({
    Radiopharmaceutical: 'Fluorodeoxyglucose F^18^',
    RadiopharmaceuticalVolume: 3.5,
    RadiopharmaceuticalStartTime: injected,
    RadiopharmaceuticalStartDateTime: `${study.date}${injected}`,
    RadionuclideTotalDose: DOSE_BQ,
    RadionuclideHalfLife: HALF_LIFE,
    RadionuclidePositronFraction: 0.967,
    RadionuclideCodeSequence: [snomedCode('77004003', '^18^Fluorine')],
    RadiopharmaceuticalCodeSequence: [snomedCode('35321007', 'Fluorodeoxyglucose F^18^')],
  })
