import { firstNumber, numbers, type DicomJson } from '../../core/dicom/dicom-json.ts'
import { datasetToJson } from '../../core/dicom/parse-dataset.ts'
import { Tag } from '../../core/dicom/tag.ts'
import type { Vector3 } from '../../core/measurements/space.ts'

export interface AxialSlice {
  readonly json: DicomJson
  /** Hounsfield units, row by row. */
  readonly values: Int16Array
  readonly columns: number
  readonly rows: number
  /** Of the first pixel's centre, and from a column and a row to the next. Millimetres. */
  readonly corner: Vector3
  readonly step: readonly [column: number, row: number]
  readonly z: number
}

/** An axial slice of 16 bits, native and little endian, whose Pixel Data come last. */
export function axialSliceOf(file: Buffer): AxialSlice {
  const json = datasetToJson(file, { bulkDataUri: () => '' })
  const [rows, columns] = [firstNumber(json, Tag.Rows) ?? 0, firstNumber(json, Tag.Columns) ?? 0]
  const count = rows * columns
  const start = file.length - count * 2
  const isSigned = firstNumber(json, Tag.PixelRepresentation) === 1
  const slope = firstNumber(json, Tag.RescaleSlope) ?? 1
  const intercept = firstNumber(json, Tag.RescaleIntercept) ?? 0
  const values = Int16Array.from({ length: count }, (_, index) => {
    const at = start + index * 2
    return (isSigned ? file.readInt16LE(at) : file.readUInt16LE(at)) * slope + intercept
  })
  const [x = NaN, y = NaN, z = NaN] = numbers(json, Tag.ImagePositionPatient)
  const [rowSpacing = 1, columnSpacing = 1] = numbers(json, Tag.PixelSpacing)
  return { json, values, columns, rows, corner: [x, y, z], step: [columnSpacing, rowSpacing], z }
}

/**
 * The value at a place in the patient, straight from axial files: the slices below and above by their positions, bilinear in
 * each. Undefined outside of the centres.
 */
export function valueAt(byHeight: readonly AxialSlice[], [x, y, z]: Vector3): number | undefined {
  const above = byHeight.findIndex((slice) => slice.z >= z - 1e-6)
  const [low, high] = [byHeight[Math.max(0, above - 1)], byHeight[above]]
  if (above < 0 || low === undefined || high === undefined || z < (byHeight[0]?.z ?? 0) - 1e-6)
    return undefined
  const [a, b] = [valueIn(low, x, y), valueIn(high, x, y)]
  if (a === undefined || b === undefined) return undefined
  const share = high.z > low.z ? (z - low.z) / (high.z - low.z) : 0
  return a * (1 - share) + b * share
}

function valueIn(
  { values, columns, rows, corner, step }: AxialSlice,
  x: number,
  y: number,
): number | undefined {
  const [u, v] = [(x - corner[0]) / step[0], (y - corner[1]) / step[1]]
  if (u < 0 || v < 0 || u > columns - 1 || v > rows - 1) return undefined
  const [i, j] = [Math.min(columns - 2, Math.floor(u)), Math.min(rows - 2, Math.floor(v))]
  const at = (column: number, row: number): number => values[row * columns + column] ?? NaN
  const upper = at(i, j) * (1 - u + i) + at(i + 1, j) * (u - i)
  const lower = at(i, j + 1) * (1 - u + i) + at(i + 1, j + 1) * (u - i)
  return upper * (1 - v + j) + lower * (v - j)
}
