import { describe, expect, it } from 'vitest'
import type { DicomJson } from '../../../core/dicom/dicom-json.ts'
import { firstNumber, numbers } from '../../../core/dicom/dicom-json.ts'
import { datasetToJson } from '../../../core/dicom/parse-dataset.ts'
import { Tag } from '../../../core/dicom/tag.ts'
import { framePlanesOf } from '../../../core/measurements/frame-planes.ts'
import { overlayValues } from '../../../core/measurements/overlay-values.ts'
import type { PlacedImage } from '../../../core/measurements/reference-line.ts'
import { cross3, dot3, minus3, plus3, times3, unit3, type Vector3 } from '../../../core/measurements/space.ts'
import { geometryOfPlanes } from '../../../core/measurements/stack-geometry.ts'
import { growVolume } from '../../../core/volume/growing-volume.ts'
import { imageSampling } from '../../../core/volume/image-sampling.ts'
import { FLOAT32_HOLE, reslice } from '../../../core/volume/reslice.ts'
import { volumeGridOf } from '../../../core/volume/volume-grid.ts'
import { dicom } from '../../support/dicom-builder.ts'

const FRAME = '1.2.3'
/** The scanner of the overlay lies askew to that of the images. */
const ROW = unit3([0.96, 0.2, -0.19]) ?? [1, 0, 0]
const COLUMN = unit3(cross3(unit3(cross3(ROW, [0.1, 1, 0.05])) ?? [0, 0, 1], ROW)) ?? [0, 1, 0]
const NORMAL = cross3(ROW, COLUMN)
const ORIGIN: Vector3 = [-60, -55, -30]
const [COLUMNS, ROWS, SLICES] = [31, 27, 17]
const [COLUMN_STEP, ROW_STEP, SLICE_STEP] = [4.1, 4.7, 5.3]

/** A smooth shape that is linear nowhere: what a wrong place would show. */
const shapeAt = ([x, y, z]: Vector3): number =>
  8000 + 3000 * Math.sin(x / 17) * Math.cos(y / 23) + 40 * z + 900 * Math.sin((x + y + z) / 11)

const voxel = (i: number, j: number, k: number): Vector3 =>
  plus3(
    ORIGIN,
    plus3(times3(ROW, i * COLUMN_STEP), plus3(times3(COLUMN, j * ROW_STEP), times3(NORMAL, k * SLICE_STEP))),
  )

const UPTAKE_SCALE = (73 * 1000) / 350e6

/** As files, each slice with a slope of its own, as positron emission scanners write them. */
function petFiles(): Buffer[] {
  return Array.from({ length: SLICES }, (_, k) => {
    const slope = 0.5 + k / 40
    const stored = new Int16Array(COLUMNS * ROWS)
    for (let j = 0; j < ROWS; j++)
      for (let i = 0; i < COLUMNS; i++) stored[j * COLUMNS + i] = Math.round(shapeAt(voxel(i, j, k)) / slope)
    return placed(voxel(0, 0, k))
      .pixels(new Uint8Array(stored.buffer))
      .set('RescaleSlope', 'DS', [slope])
      .set('RescaleIntercept', 'DS', [0])
      .set('Modality', 'CS', ['PT'])
      .set('Units', 'CS', ['BQML'])
      .set('CorrectedImage', 'CS', ['ATTN', 'DECY'])
      .set('DecayCorrection', 'CS', ['ADMIN'])
      .set('PatientWeight', 'DS', [73])
      .set('RadiopharmaceuticalInformationSequence', 'SQ', [
        { [RADIONUCLIDE_DOSE]: { vr: 'DS', Value: [350e6] } },
      ])
      .build()
  })
}
const RADIONUCLIDE_DOSE = '00181074'

const DOSE_SCALING = 2.5e-4

/** One file of all planes. */
function doseFile(): Buffer {
  const stored = new Int16Array(COLUMNS * ROWS * SLICES)
  for (let k = 0; k < SLICES; k++)
    for (let j = 0; j < ROWS; j++)
      for (let i = 0; i < COLUMNS; i++)
        stored[(k * ROWS + j) * COLUMNS + i] = Math.round(shapeAt(voxel(i, j, k)))
  return placed(ORIGIN, SLICES)
    .pixels(new Uint8Array(stored.buffer))
    .set('Modality', 'CS', ['RTDOSE'])
    .set('DoseUnits', 'CS', ['GY'])
    .set('DoseSummationType', 'CS', ['PLAN'])
    .set('DoseGridScaling', 'DS', [DOSE_SCALING])
    .set(
      'GridFrameOffsetVector',
      'DS',
      Array.from({ length: SLICES }, (_, k) => k * SLICE_STEP),
    )
    .build()
}

const placed = (position: Vector3, frames = 1) =>
  dicom()
    .ct({ rows: ROWS, columns: COLUMNS, frames })
    .set('FrameOfReferenceUID', 'UI', [FRAME])
    .set('ImagePositionPatient', 'DS', [...position])
    .set('ImageOrientationPatient', 'DS', [...ROW, ...COLUMN])
    .set('PixelSpacing', 'DS', [ROW_STEP, COLUMN_STEP])

interface File {
  readonly json: DicomJson
  readonly stored: Int16Array
}

function read(file: Buffer): File {
  const json = datasetToJson(file, { bulkDataUri: () => '' })
  const count = ROWS * COLUMNS * (firstNumber(json, Tag.NumberOfFrames) ?? 1)
  const bytes = file.subarray(file.length - count * 2)
  return { json, stored: Int16Array.from({ length: count }, (_, at) => bytes.readInt16LE(at * 2)) }
}

/** A slice of what was scanned, in the units that people read, and where it lies; straight from the files. */
interface Sheet {
  readonly position: Vector3
  valueAt(column: number, row: number): number
}

/** Trilinear at a place of the patient: the two slices about it, bilinear in each. Undefined outside the centres. */
function reference(sheets: readonly Sheet[], at: Vector3): number | undefined {
  const [first] = sheets
  if (first === undefined) return undefined
  const from = minus3(at, first.position)
  const [u, v, w] = [
    dot3(from, ROW) / COLUMN_STEP,
    dot3(from, COLUMN) / ROW_STEP,
    dot3(from, NORMAL) / SLICE_STEP,
  ]
  if (u < 0 || v < 0 || w < 0 || u > COLUMNS - 1 || v > ROWS - 1 || w > SLICES - 1) return undefined
  const [i, j, k] = [
    Math.min(COLUMNS - 2, Math.floor(u)),
    Math.min(ROWS - 2, Math.floor(v)),
    Math.min(SLICES - 2, Math.floor(w)),
  ]
  const inSheet = (sheet: Sheet | undefined): number => {
    const of = (column: number, row: number): number => sheet?.valueAt(column, row) ?? NaN
    const upper = of(i, j) * (1 - u + i) + of(i + 1, j) * (u - i)
    return upper * (1 - v + j) + (of(i, j + 1) * (1 - u + i) + of(i + 1, j + 1) * (u - i)) * (v - j)
  }
  return inSheet(sheets[k]) * (1 - w + k) + inSheet(sheets[k + 1]) * (w - k)
}

/** Axial, of half the pixels of the overlay, and one that lies askew in another way. */
const IMAGES: Readonly<Record<string, PlacedImage>> = {
  axial: image([-58.3, -51.2, 21.7], [1, 0, 0], [0, 1, 0], [0.93, 1.17]),
  oblique: image([-40, -40, -20], unit3([0.8, 0.1, 0.59]) ?? [1, 0, 0], undefined, [1.4, 0.8]),
}

function image(
  position: Vector3,
  row: Vector3,
  column: Vector3 | undefined,
  spacing: [number, number],
): PlacedImage {
  const down = column ?? unit3(cross3([0.2, -0.6, 0.8], row)) ?? [0, 1, 0]
  const square = unit3(minus3(down, times3(row, dot3(down, row)))) ?? down
  return {
    frameOfReference: FRAME,
    position,
    row,
    column: square,
    normal: cross3(row, square),
    columns: 90,
    rows: 70,
    spacing,
  }
}

function compare(
  files: readonly File[],
  sheets: readonly Sheet[],
  scaleOf: (file: File) => number,
  under: PlacedImage,
) {
  const planes = files.flatMap(({ json }) => framePlanesOf(json))
  const sizes = planes.map(() => ({
    rows: ROWS,
    columns: COLUMNS,
    spacing: { row: ROW_STEP, column: COLUMN_STEP },
  }))
  const grid = volumeGridOf(planes, sizes, geometryOfPlanes(planes))
  if (typeof grid === 'string') throw new Error(grid)
  const growing = growVolume(grid, COLUMNS, 1)
  let index = 0
  for (const file of files) {
    const slope = scaleOf(file)
    for (let start = 0; start < file.stored.length; start += ROWS * COLUMNS) {
      const values = Float32Array.from(
        file.stored.subarray(start, start + ROWS * COLUMNS),
        (each) => each * slope,
      )
      growing.put(index++, { values, padding: undefined })
    }
  }
  const { scale } = overlayValues(files.map(({ json }) => json))
  const out = reslice(growing.volume(), imageSampling(grid, under))
  let [worst, count, outside] = [0, 0, 0]
  for (let row = 0; row < under.rows; row++)
    for (let column = 0; column < under.columns; column++) {
      const place = plus3(
        under.position,
        plus3(times3(under.row, column * under.spacing[0]), times3(under.column, row * under.spacing[1])),
      )
      const should = reference(sheets, place)
      const is = out[row * under.columns + column] ?? NaN
      if (should === undefined) {
        outside++
        continue
      }
      expect(is).not.toBe(FLOAT32_HOLE)
      worst = Math.max(worst, Math.abs(is * scale - should))
      count++
    }
  return { worst, count, outside }
}

describe('imageSampling', () => {
  it.each(Object.entries(IMAGES))(
    'lays uptake over an image where it is in the patient, from another grid, spacing and direction: %s',
    (_, under) => {
      const files = petFiles().map(read)
      const sheets = files.map(({ json, stored }): Sheet => {
        const [x = 0, y = 0, z = 0] = numbers(json, Tag.ImagePositionPatient)
        const slope = firstNumber(json, Tag.RescaleSlope) ?? NaN
        return {
          position: [x, y, z],
          valueAt: (column, row) => (stored[row * COLUMNS + column] ?? NaN) * slope * UPTAKE_SCALE,
        }
      })
      const slopeOf = ({ json }: File): number => firstNumber(json, Tag.RescaleSlope) ?? NaN
      const { worst, count, outside } = compare(files, sheets, slopeOf, under)
      expect(count).toBeGreaterThan(1500)
      expect(outside).toBeGreaterThan(50)
      // Of uptakes about 2: positions were written with sixteen characters.
      expect(worst).toBeLessThan(1e-5)
    },
  )

  it.each(Object.entries(IMAGES))('lays a dose over an image in grays: %s', (_, under) => {
    const files = [read(doseFile())]
    const sheets = Array.from({ length: SLICES }, (_, k): Sheet => ({
      position: voxel(0, 0, k),
      valueAt: (column, row) => (files[0]?.stored[(k * ROWS + row) * COLUMNS + column] ?? NaN) * DOSE_SCALING,
    }))
    const { worst, count } = compare(files, sheets, () => 1, under)
    expect(count).toBeGreaterThan(1500)
    // Whole numbers are rounded to the next: half a step of the grid's scaling.
    expect(worst).toBeLessThanOrEqual(DOSE_SCALING / 2 + 1e-6)
  })
})
