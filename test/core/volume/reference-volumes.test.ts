import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { firstNumber, numbers, type DicomJson } from '../../../core/dicom/dicom-json.ts'
import { datasetToJson } from '../../../core/dicom/parse-dataset.ts'
import { Tag } from '../../../core/dicom/tag.ts'
import { framePlanesOf } from '../../../core/measurements/frame-planes.ts'
import { plus3, times3, type Vector3 } from '../../../core/measurements/space.ts'
import { geometryOfPlanes } from '../../../core/measurements/stack-geometry.ts'
import { sampleStudies } from '../../../core/samples/sample-studies.ts'
import { growVolume } from '../../../core/volume/growing-volume.ts'
import {
  planeOrigin,
  planeStackOf,
  samplingOf,
  turned,
  UPRIGHT,
  type PlaneDirections,
} from '../../../core/volume/reformat-planes.ts'
import { INT16_HOLE, reslice } from '../../../core/volume/reslice.ts'
import { volumeGridOf } from '../../../core/volume/volume-grid.ts'
import { describeWith } from '../../support/require.ts'
import { manifest, SHARED_DICOM, sharedDicom } from '../../support/shared-dicom.ts'

interface Slice {
  readonly json: DicomJson
  /** Hounsfield units, row by row. */
  readonly values: Int16Array
  readonly z: number
}

/** Half a Hounsfield unit is rounding. */
const TOLERANCE = 0.5 + 1e-6

/** An axial slice of 16 bits, native and little endian, whose Pixel Data come last. */
function sliceOf(file: Buffer): Slice {
  const json = datasetToJson(file, { bulkDataUri: () => '' })
  const count = (firstNumber(json, Tag.Rows) ?? 0) * (firstNumber(json, Tag.Columns) ?? 0)
  const start = file.length - count * 2
  const isSigned = firstNumber(json, Tag.PixelRepresentation) === 1
  const slope = firstNumber(json, Tag.RescaleSlope) ?? 1
  const intercept = firstNumber(json, Tag.RescaleIntercept) ?? 0
  const values = Int16Array.from({ length: count }, (_, index) => {
    const at = start + index * 2
    return (isSigned ? file.readInt16LE(at) : file.readUInt16LE(at)) * slope + intercept
  })
  return { json, values, z: numbers(json, Tag.ImagePositionPatient)[2] ?? NaN }
}

/**
 * The value at a place in the patient, straight from axial files: the slices below and above by their positions, bilinear in
 * each. Undefined outside of the centres.
 */
function valueAt(byHeight: readonly Slice[], [x, y, z]: Vector3): number | undefined {
  const above = byHeight.findIndex((slice) => slice.z >= z - 1e-6)
  const [low, high] = [byHeight[Math.max(0, above - 1)], byHeight[above]]
  if (above < 0 || low === undefined || high === undefined || z < (byHeight[0]?.z ?? 0) - 1e-6)
    return undefined
  const inSlice = ({ json, values }: Slice): number | undefined => {
    const [left = 0, top = 0] = numbers(json, Tag.ImagePositionPatient)
    const [rowSpacing = 1, columnSpacing = 1] = numbers(json, Tag.PixelSpacing)
    const columns = firstNumber(json, Tag.Columns) ?? 0
    const rows = firstNumber(json, Tag.Rows) ?? 0
    const [u, v] = [(x - left) / columnSpacing, (y - top) / rowSpacing]
    if (u < 0 || v < 0 || u > columns - 1 || v > rows - 1) return undefined
    const [i, j] = [Math.min(columns - 2, Math.floor(u)), Math.min(rows - 2, Math.floor(v))]
    const at = (column: number, row: number): number => values[row * columns + column] ?? NaN
    const upper = at(i, j) * (1 - u + i) + at(i + 1, j) * (u - i)
    const lower = at(i, j + 1) * (1 - u + i) + at(i + 1, j + 1) * (u - i)
    return upper * (1 - v + j) + lower * (v - j)
  }
  const [a, b] = [inSlice(low), inSlice(high)]
  if (a === undefined || b === undefined) return undefined
  const share = high.z > low.z ? (z - low.z) / (high.z - low.z) : 0
  return a * (1 - share) + b * share
}

/** The largest difference of the middle plane from the reference, and how many pixels were compared. */
function compare(slices: readonly Slice[], directions: PlaneDirections): { worst: number; count: number } {
  const planes = slices.flatMap(({ json }) => framePlanesOf(json))
  const sizes = slices.map(({ json }) => {
    const [row = 1, column = 1] = numbers(json, Tag.PixelSpacing)
    return {
      rows: firstNumber(json, Tag.Rows) ?? 0,
      columns: firstNumber(json, Tag.Columns) ?? 0,
      spacing: { row, column },
    }
  })
  const grid = volumeGridOf(planes, sizes, geometryOfPlanes(planes))
  if (typeof grid === 'string') throw new Error(grid)
  const growing = growVolume(grid, grid.size[0], 1)
  for (const [index, { values }] of slices.entries()) growing.put(index, { values, padding: undefined })
  const stack = planeStackOf(grid, directions)
  const index = Math.floor(stack.count / 2)
  const plane = reslice(growing.volume(), samplingOf(grid, stack, index))
  const byHeight = [...slices].sort((one, other) => one.z - other.z)
  let [worst, count] = [0, 0]
  for (let row = 0; row < stack.rows; row += 3)
    for (let column = 0; column < stack.columns; column += 3) {
      const across = times3(stack.row, column * stack.pixel)
      const place = plus3(planeOrigin(stack, index), plus3(across, times3(stack.column, row * stack.pixel)))
      const should = valueAt(byHeight, place)
      const is = plane[row * stack.columns + column] ?? NaN
      if (should === undefined || is === INT16_HOLE) continue
      worst = Math.max(worst, Math.abs(is - should))
      count++
    }
  return { worst, count }
}

const PLANES: Readonly<Record<string, PlaneDirections>> = {
  coronal: UPRIGHT.coronal,
  sagittal: UPRIGHT.sagittal,
  axial: UPRIGHT.axial,
  oblique: turned(turned(UPRIGHT.coronal, [0, 0, 1], 25), [1, 0, 0], 15),
}

describeWith(SHARED_DICOM, 'planes through the CT of 140 slices', () => {
  it.each(Object.entries(PLANES))('equal a resampling of its files: %s', { timeout: 60_000 }, (_, plane) => {
    const rows = manifest().filter(({ path }) => path.startsWith('series/ct-head-phantom-140/axial-1mm/'))
    const slices = rows.map(({ path }) => sliceOf(readFileSync(join(sharedDicom() ?? '', path))))
    expect(slices).toHaveLength(140)
    const { worst, count } = compare(slices, plane)
    expect(count).toBeGreaterThan(5000)
    expect(worst).toBeLessThanOrEqual(TOLERANCE)
  })
})

describe('planes through the sample CT', () => {
  it('equal a resampling of its files', { timeout: 120_000 }, async () => {
    const study = sampleStudies()[3]
    const slices: Slice[] = []
    for await (const { chunks } of study?.instances() ?? []) slices.push(sliceOf(Buffer.concat(chunks)))
    expect(slices).toHaveLength(60)
    for (const plane of Object.values(PLANES)) {
      const { worst, count } = compare(slices, plane)
      expect(count).toBeGreaterThan(5000)
      expect(worst).toBeLessThanOrEqual(TOLERANCE)
    }
  })
})
