import { openPart10Writer } from '../../dicom/write-part10.ts'
import { openPace, type Pause } from '../pace.ts'
import { paintThorax } from './paint-thorax.ts'
import { openThorax } from './thorax-model.ts'
import { projectRods, type Projection } from './project-rods.ts'
import {
  sampleInstance,
  studyUid,
  type SampleStudy,
  type SeriesPlan,
  type StudyPlan,
} from '../sample-study.ts'
import { noiseTile } from '../shape/smooth-noise.ts'

const SIDE = 2048
const FIELD = 400
const PITCH = FIELD / SIDE
/** Height of the upper edge of the plate, mm. */
const TOP = 204
/** Soft organs are projected on a coarser grid; rods (ribs, vessels) at full sharpness. */
const COARSE = 400
const COARSE_PITCH = FIELD / COARSE
const DEPTH_STEP = 3
const DEPTHS = 84
const FRONT = -124
/** Attenuation of water at this energy, 1/mm. */
const WATER = 0.0175
const CR_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.1'

/** A chest radiograph of the phantom, seen from the front: line integrals through the CT's anatomy. MONOCHROME1. */
export function crChest(study: StudyPlan): SampleStudy {
  return {
    name: study.key,
    studyInstanceUid: studyUid(study),
    instanceCount: 1,
    instances: () => radiograph(study),
  }
}

async function* radiograph(study: StudyPlan) {
  const pause = openPace()
  const thorax = await openThorax({ noduleDiameter: 0 }, pause)
  const soft = new Float32Array(COARSE * COARSE)
  const values = new Float32Array(COARSE * DEPTHS)
  for (let row = 0; row < COARSE; row++) {
    const z = TOP - (row + 0.5) * COARSE_PITCH
    const left = -FIELD / 2 + COARSE_PITCH / 2
    const plane = {
      columns: COARSE,
      rows: DEPTHS,
      left,
      top: FRONT,
      pitch: COARSE_PITCH,
      pitchY: DEPTH_STEP,
      z,
    }
    paintThorax(thorax, { ...plane, values }, { rods: true })
    for (let column = 0; column < COARSE; column++) soft[row * COARSE + column] = lineIntegral(values, column)
    await pause()
  }
  const sharp: Projection = {
    columns: SIDE,
    rows: SIDE,
    left: -FIELD / 2 + PITCH / 2,
    top: TOP - PITCH / 2,
    pitch: PITCH,
    lengths: new Float32Array(SIDE * SIDE),
  }
  for (const [rods, hu] of [
    [thorax.bones.shells, 1150],
    [thorax.bones.marrow, -820],
    [thorax.bones.cartilage, 70],
    [thorax.vessels.arteries, 900],
    [thorax.vessels.veins, 860],
    [thorax.vessels.liver, 20],
  ] as const) {
    await projectRods(sharp, rods, (hu / 1000) * WATER, pause)
  }
  const lengths = await softened(await softened(sharp.lengths, 1, pause), SIDE, pause)
  const pixels = await exposed(await flattened(soft, pause), lengths, pause)
  yield sampleInstance(seriesPlan(study), 1, {}, new Uint8Array(pixels.buffer))
}

/** Attenuation along one ray from front to back; the table is not in the beam. */
function lineIntegral(values: Float32Array, column: number): number {
  let sum = 0
  for (let row = 0; row < DEPTHS; row++) {
    const hu = values[row * COARSE + column] ?? 0
    if (hu > -990) sum += (hu + 1000) * 0.001
  }
  return sum * DEPTH_STEP * WATER
}

/** Blurred a little along one axis: the size of the focus and of the plate's crystals. */
async function softened(lengths: Float32Array, stride: number, pause: Pause): Promise<Float32Array> {
  const out = new Float32Array(lengths.length)
  for (let at = 0; at < out.length; at++) {
    if (at % 65536 === 0) await pause()
    const near = (lengths[at - stride] ?? 0) + (lengths[at + stride] ?? 0)
    const far = (lengths[at - 2 * stride] ?? 0) + (lengths[at + 2 * stride] ?? 0)
    out[at] = 0.34 * (lengths[at] ?? 0) + 0.22 * near + 0.11 * far
  }
  return out
}

/** What the reader's processing does: the broad differences of thickness are taken back, so that lung and spine both show. */
async function flattened(soft: Float32Array, pause: Pause): Promise<Float32Array> {
  const radius = 26
  let broad = soft
  for (let pass = 0; pass < 4; pass++) {
    broad = boxBlurred(broad, radius)
    await pause()
  }
  return soft.map((value, at) => value - 0.42 * ((broad[at] ?? 0) - 2.2) * Math.min(1, value / 0.8))
}

/** Running mean along rows, transposed. */
function boxBlurred(grid: Float32Array, radius: number): Float32Array {
  const out = new Float32Array(grid.length)
  for (let row = 0; row < COARSE; row++) {
    const at = (column: number) => grid[row * COARSE + Math.max(0, Math.min(COARSE - 1, column))] ?? 0
    let sum = 0
    for (let column = -radius; column <= radius; column++) sum += at(column)
    for (let column = 0; column < COARSE; column++) {
      out[column * COARSE + row] = sum / (2 * radius + 1)
      sum += at(column + radius + 1) - at(column - radius)
    }
  }
  return out
}

/** The plate's answer: exposure falls off exponentially, a veil of scatter lies over it, and the reader takes the logarithm. */
async function exposed(
  soft: Float32Array,
  rods: Float32Array,
  pause: Pause,
): Promise<Uint16Array<ArrayBuffer>> {
  const pixels = new Uint16Array(SIDE * SIDE)
  const grain = await noiseTile(256, 0.8, 131, pause)
  const scale = COARSE / SIDE
  for (let row = 0; row < SIDE; row++) {
    for (let column = 0; column < SIDE; column++) {
      const at = row * SIDE + column
      const thickness =
        smoothSample(soft, (column + 0.5) * scale - 0.5, (row + 0.5) * scale - 0.5) + (rods[at] ?? 0)
      const primary = Math.exp(-Math.max(0, thickness))
      const noise = grain[((row * 7 + (row >> 8) * 31) % 256) * 256 + ((column + row * 3) % 256)] ?? 0
      const exposure = primary * (1 + 0.012 * noise) + 0.006
      pixels[at] = Math.max(0, Math.min(4095, Math.round(3900 + 880 * Math.log10(exposure))))
    }
    if (row % 16 === 0) await pause()
  }
  return pixels
}

/** A value between grid points, smooth across them (Catmull-Rom along both axes). */
function smoothSample(grid: Float32Array, x: number, y: number): number {
  const x0 = Math.floor(x)
  const y0 = Math.floor(y)
  const u = x - x0
  const v = y - y0
  let sum = 0
  for (let j = -1; j <= 2; j++) {
    const row = Math.max(0, Math.min(COARSE - 1, y0 + j)) * COARSE
    const at = (i: number) => grid[row + Math.max(0, Math.min(COARSE - 1, x0 + i))] ?? 0
    sum +=
      catmullRom(v, j) *
      (catmullRom(u, -1) * at(-1) +
        catmullRom(u, 0) * at(0) +
        catmullRom(u, 1) * at(1) +
        catmullRom(u, 2) * at(2))
  }
  return sum
}

function catmullRom(t: number, tap: number): number {
  if (tap === -1) return t * (-0.5 + t * (1 - 0.5 * t))
  if (tap === 0) return 1 + t * t * (-2.5 + 1.5 * t)
  if (tap === 1) return t * (0.5 + t * (2 - 1.5 * t))
  return t * t * (-0.5 + 0.5 * t)
}

function seriesPlan(study: StudyPlan): SeriesPlan {
  return {
    study,
    write: openPart10Writer(study.patient.characterSet),
    number: 1,
    modality: 'CR',
    description: 'Chest PA',
    sopClassUid: CR_IMAGE_STORAGE,
    values: {
      ManufacturerModelName: 'Thorax phantom',
      StationName: 'CR1',
      BodyPartExamined: 'CHEST',
      ViewPosition: 'PA',
      ProtocolName: 'Chest PA',
      ImageType: ['ORIGINAL', 'PRIMARY'],
      AcquisitionDate: study.date,
      AcquisitionTime: study.time,
      PatientOrientation: ['L', 'F'],
      KVP: 125,
      Exposure: 2,
      PlateType: [],
      CassetteOrientation: 'PORTRAIT',
      ImagerPixelSpacing: [PITCH, PITCH],
      SamplesPerPixel: 1,
      PhotometricInterpretation: 'MONOCHROME1',
      PresentationLUTShape: 'INVERSE',
      Rows: SIDE,
      Columns: SIDE,
      BitsAllocated: 16,
      BitsStored: 12,
      HighBit: 11,
      PixelRepresentation: 0,
      WindowCenter: 3060,
      WindowWidth: 1200,
      RescaleIntercept: 0,
      RescaleSlope: 1,
      RescaleType: 'US',
    },
  }
}
