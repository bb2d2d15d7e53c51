import { openPart10Writer } from '../../dicom/write-part10.ts'
import { openPace, type Pause } from '../pace.ts'
import { decimal, snomedCode, type ElementValues } from '../sample-dataset.ts'
import {
  sampleInstance,
  studyUid,
  type SampleStudy,
  type SeriesPlan,
  type StudyPlan,
} from '../sample-study.ts'
import { noiseTile } from '../shape/smooth-noise.ts'
import { projectRods } from '../thorax/project-rods.ts'
import { addCalcifications, addLymphNode, addMass, breastVessels, spicules } from './breast-findings.ts'
import { breastShape, type BreastView, type Positioning } from './breast-shape.ts'
import { breastTissue, type BreastGrid } from './breast-tissue.ts'

/** Of the detector, mm. */
const [WIDTH, HEIGHT] = [191.4, 229.4]
/** Soft tissue is made on a coarser grid than the detector's; vessels, threads and calcifications are not. */
const tissuePitch = (pitch: number): number => Math.max(0.3, 2 * pitch)
/** Millimetres. */
const MASS_RADIUS = 5.5
const DIGITAL_MAMMOGRAPHY_FOR_PRESENTATION = '1.2.840.10008.5.1.4.1.1.1.2'
const [SOURCE_TO_DETECTOR, SOURCE_TO_PATIENT] = [660, 614]

type Side = 'R' | 'L'

export interface MammogramPlan {
  readonly study: StudyPlan
  /** Of the detector, mm: a multiple of a tenth. */
  readonly pitch: number
  /** A spiculated mass in the upper outer part of the left breast, and a cluster of calcifications in its lower inner part. */
  readonly withFindings: boolean
  /** How much the breasts lie otherwise than at another examination, mm. */
  readonly positioning: Positioning
}

const VIEWS: readonly (readonly [Side, BreastView])[] = [
  ['R', 'CC'],
  ['L', 'CC'],
  ['R', 'MLO'],
  ['L', 'MLO'],
]

/** A screening mammogram of four views, each a series of its own as most units write them. */
export function mammogram(plan: MammogramPlan): SampleStudy {
  return {
    name: plan.study.key,
    studyInstanceUid: studyUid(plan.study),
    instanceCount: VIEWS.length,
    instances: () => views(plan),
  }
}

async function* views(plan: MammogramPlan) {
  const pause = openPace()
  const grain = await noiseTile(GRAIN_SIDE, 0.8, 173, pause)
  const write = openPart10Writer(plan.study.patient.characterSet)
  for (const [index, [side, view]] of VIEWS.entries()) {
    const picture = await breast(plan, side, view, pause)
    const pixels = await exposed(picture, side, grain, pause)
    const series = { ...seriesPlan(plan, index + 1, side, view), write }
    yield sampleInstance(
      series,
      1,
      { Rows: picture.rows, Columns: picture.columns },
      new Uint8Array(pixels.buffer),
    )
  }
}

/** The picture of a left breast, with the chest wall at its left; what is particular to a side are its seeds. */
async function breast(plan: MammogramPlan, side: Side, view: BreastView, pause: Pause): Promise<BreastGrid> {
  const own = side === 'L' ? { reach: 2, shift: 1 } : { reach: 0, shift: -2 }
  const shape = breastShape(view, {
    reach: own.reach + plan.positioning.reach,
    shift: own.shift + plan.positioning.shift,
  })
  const seed = (side === 'L' ? 600 : 640) + (view === 'CC' ? 0 : 20)
  const tissue = await breastTissue(shape, gridOf(tissuePitch(plan.pitch)), seed, pause)
  const picture = await enlarged(tissue, plan.pitch, pause)
  const { columns, rows, pitch, values } = picture
  // The projection's rows go down from its top, and so does `v`.
  const lengths = new Float32Array(values.length)
  const rods = { columns, rows, left: pitch / 2, top: -pitch / 2, pitch, lengths }
  const laid = (list: ReturnType<typeof breastVessels>) =>
    list.map((rod) => ({ ...rod, az: -rod.az, bz: -rod.bz }))
  await projectRods(rods, laid(breastVessels(shape, seed + 7)), 0.042, pause)
  if (view === 'MLO')
    addLymphNode(picture, {
      u: side === 'L' ? 47 : 33,
      v: (side === 'L' ? 34 : 24) + own.shift + plan.positioning.shift,
    })
  if (plan.withFindings && side === 'L') {
    const mass = { u: shape.nipple.u - 43, v: shape.nipple.v - (view === 'CC' ? 37 : 44) }
    addMass(picture, mass, MASS_RADIUS, 701)
    await projectRods(rods, laid(spicules(mass, MASS_RADIUS, view === 'CC' ? 703 : 704)), 0.085, pause)
    const cluster = { u: shape.nipple.u - 31, v: shape.nipple.v + (view === 'CC' ? 22 : 24) }
    addCalcifications(picture, cluster, 21, view === 'CC' ? 705 : 706)
  }
  for (let at = 0; at < values.length; at++) values[at] = (values[at] ?? 0) + (lengths[at] ?? 0)
  return picture
}

const gridOf = (pitch: number): Omit<BreastGrid, 'values'> => ({
  columns: Math.round(WIDTH / pitch),
  rows: Math.round(HEIGHT / pitch),
  pitch,
})

/** The grid with another pitch, linear between its values. */
async function enlarged(grid: BreastGrid, pitch: number, pause: Pause): Promise<BreastGrid> {
  const { columns, rows } = gridOf(pitch)
  const values = new Float32Array(columns * rows)
  const scale = pitch / grid.pitch
  const at = (column: number, row: number): number => grid.values[row * grid.columns + column] ?? 0
  for (let row = 0; row < rows; row++) {
    const y = Math.max(0, Math.min(grid.rows - 1.001, (row + 0.5) * scale - 0.5))
    const [j, t] = [Math.floor(y), y % 1]
    for (let column = 0; column < columns; column++) {
      const x = Math.max(0, Math.min(grid.columns - 1.001, (column + 0.5) * scale - 0.5))
      const [i, s] = [Math.floor(x), x % 1]
      const upper = at(i, j) * (1 - s) + at(i + 1, j) * s
      const lower = at(i, j + 1) * (1 - s) + at(i + 1, j + 1) * s
      values[row * columns + column] = upper * (1 - t) + lower * t
    }
    if (row % 8 === 0) await pause()
  }
  return { columns, rows, pitch, values }
}

const GRAIN_SIDE = 512

/** What the detector stores, twelve bits, with its grain; of a right breast with the chest wall at the right. */
async function exposed(
  { columns, rows, values }: BreastGrid,
  side: Side,
  grain: Float32Array,
  pause: Pause,
): Promise<Uint16Array<ArrayBuffer>> {
  const pixels = new Uint16Array(columns * rows)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const value = values[row * columns + column] ?? 0
      const noise =
        grain[((row * 5 + (row >> 8) * 37) % GRAIN_SIDE) * GRAIN_SIDE + ((column + row * 3) % GRAIN_SIDE)] ??
        0
      // Air is saturated: nothing there to have a grain.
      const stored = value <= 0 ? 60 : 60 + 3900 * value + 34 * noise * Math.min(1, value * 6)
      const to = side === 'L' ? column : columns - 1 - column
      pixels[row * columns + to] = Math.max(0, Math.min(4095, Math.round(stored)))
    }
    if (row % 16 === 0) await pause()
  }
  return pixels
}

const VIEW_CODES: Readonly<Record<BreastView, readonly [code: string, meaning: string]>> = {
  CC: ['399162004', 'cranio-caudal'],
  MLO: ['399368009', 'medio-lateral oblique'],
}

/** The directions of rows and columns (PS3.3 C.7.6.1.1.1): towards the nipple or away from it, and medial or down. */
const ORIENTATIONS: Readonly<Record<Side, Readonly<Record<BreastView, string[]>>>> = {
  R: { CC: ['P', 'L'], MLO: ['P', 'FL'] },
  L: { CC: ['A', 'R'], MLO: ['A', 'FR'] },
}

function seriesPlan(
  { study, pitch }: MammogramPlan,
  number: number,
  side: Side,
  view: BreastView,
): Omit<SeriesPlan, 'write'> {
  const [code, meaning] = VIEW_CODES[view]
  const values: ElementValues = {
    ManufacturerModelName: 'Breast phantom',
    StationName: 'MG1',
    PresentationIntentType: 'FOR PRESENTATION',
    ImageType: ['DERIVED', 'PRIMARY', ''],
    AcquisitionDate: study.date,
    AcquisitionTime: study.time,
    BodyPartExamined: 'BREAST',
    AnatomicRegionSequence: [snomedCode('76752008', 'Breast')],
    OrganExposed: 'BREAST',
    ImageLaterality: side,
    PatientOrientation: ORIENTATIONS[side][view],
    ViewCodeSequence: [snomedCode(code, meaning, { ViewModifierCodeSequence: [] })],
    PositionerType: 'MAMMOGRAPHIC',
    PositionerPrimaryAngle: view === 'CC' ? 0 : side === 'R' ? 48 : -48,
    BreastImplantPresent: 'NO',
    PartialView: 'NO',
    AcquisitionContextSequence: [],
    KVP: 29,
    ExposureTime: 1100,
    XRayTubeCurrent: 80,
    Exposure: 88,
    ExposureInMicroAmpereSeconds: 88_000,
    AnodeTargetMaterial: 'RHODIUM',
    FilterMaterial: 'RHODIUM',
    BodyPartThickness: view === 'CC' ? 52 : 56,
    CompressionForce: 110,
    OrganDose: 0.0121,
    EntranceDoseInmGy: 5.4,
    DetectorType: 'SCINTILLATOR',
    FieldOfViewShape: 'RECTANGLE',
    FieldOfViewDimensions: [Math.round(HEIGHT), Math.round(WIDTH)],
    ImagerPixelSpacing: [pitch, pitch],
    DistanceSourceToDetector: SOURCE_TO_DETECTOR,
    DistanceSourceToPatient: SOURCE_TO_PATIENT,
    EstimatedRadiographicMagnificationFactor: decimal(SOURCE_TO_DETECTOR / SOURCE_TO_PATIENT),
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    PresentationLUTShape: 'IDENTITY',
    PixelIntensityRelationship: 'LOG',
    PixelIntensityRelationshipSign: -1,
    BitsAllocated: 16,
    BitsStored: 12,
    HighBit: 11,
    PixelRepresentation: 0,
    RescaleIntercept: 0,
    RescaleSlope: 1,
    RescaleType: 'US',
    WindowCenter: 1850,
    WindowWidth: 2300,
    VOILUTFunction: 'SIGMOID',
  }
  return {
    study,
    number,
    modality: 'MG',
    description: `${side} ${view}`,
    sopClassUid: DIGITAL_MAMMOGRAPHY_FOR_PRESENTATION,
    values,
  }
}
