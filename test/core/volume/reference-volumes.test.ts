import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { firstNumber, numbers } from '../../../core/dicom/dicom-json.ts'
import { Tag } from '../../../core/dicom/tag.ts'
import { framePlanesOf } from '../../../core/measurements/frame-planes.ts'
import { plus3, times3 } from '../../../core/measurements/space.ts'
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
import { axialSliceOf, valueAt, type AxialSlice } from '../../support/axial-slices.ts'
import { describeWith } from '../../support/require.ts'
import { manifest, SHARED_DICOM, sharedDicom } from '../../support/shared-dicom.ts'

/** Half a Hounsfield unit is rounding. */
const TOLERANCE = 0.5 + 1e-6

/** The largest difference of the middle plane from the reference, and how many pixels were compared. */
function compare(
  slices: readonly AxialSlice[],
  directions: PlaneDirections,
): { worst: number; count: number } {
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
    const slices = rows.map(({ path }) => axialSliceOf(readFileSync(join(sharedDicom() ?? '', path))))
    expect(slices).toHaveLength(140)
    const { worst, count } = compare(slices, plane)
    expect(count).toBeGreaterThan(5000)
    expect(worst).toBeLessThanOrEqual(TOLERANCE)
  })
})

describe('planes through the sample CT', () => {
  it('equal a resampling of its files', { timeout: 120_000 }, async () => {
    const study = sampleStudies().find(({ name }) => name === 'chest CT 2025')
    const slices: AxialSlice[] = []
    for await (const { chunks } of study?.instances() ?? []) slices.push(axialSliceOf(Buffer.concat(chunks)))
    expect(slices).toHaveLength(60)
    for (const plane of Object.values(PLANES)) {
      const { worst, count } = compare(slices, plane)
      expect(count).toBeGreaterThan(5000)
      expect(worst).toBeLessThanOrEqual(TOLERANCE)
    }
  })
})
