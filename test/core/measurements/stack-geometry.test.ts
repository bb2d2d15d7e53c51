import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { DicomJson } from '../../../core/dicom/dicom-json.ts'
import { datasetToJson } from '../../../core/dicom/parse-dataset.ts'
import { stackGeometryOf } from '../../../core/measurements/stack-geometry.ts'
import { describeWith } from '../../support/require.ts'
import { manifest, sharedDicom, SHARED_DICOM } from '../../support/shared-dicom.ts'

type Triple = readonly [number, number, number]
const ds = (...values: number[]) => ({ vr: 'DS', Value: values })
const sq = (...values: DicomJson[]) => ({ vr: 'SQ', Value: values })

const AXIAL = [1, 0, 0, 0, 1, 0]
const CORONAL = [1, 0, 0, 0, 0, -1]
const slice = (position: Triple, orientation = AXIAL, more: DicomJson = {}): DicomJson => ({
  '00200032': ds(...position),
  '00200037': ds(...orientation),
  '00200052': { vr: 'UI', Value: ['1.2'] },
  ...more,
})
/** Axial slices at these heights. */
const at = (...heights: number[]): DicomJson[] => heights.map((z) => slice([0, 0, z]))
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index)

describe('how a stack lies in space', () => {
  it('evenly, in whatever direction and order', () => {
    const angle = Math.PI / 6
    const normal = [0, -Math.sin(angle), Math.cos(angle)]
    const oblique = upTo(20).map((index) =>
      slice(
        normal.map((each) => Number((each * index * 1.25).toFixed(3))) as unknown as Triple,
        [1, 0, 0, 0, 0.8660254, 0.5],
        { '00180050': ds(2.5) },
      ),
    )
    const found = stackGeometryOf(oblique)
    expect(found).toMatchObject({ kind: 'uniform', tilt: 0, thickness: 2.5 })
    expect(found).toHaveProperty('spacing', expect.closeTo(1.25, 3))
    expect(stackGeometryOf([...oblique].reverse())).toMatchObject({ kind: 'uniform', tilt: 0 })
  })

  it('evenly, where positions were rounded to a decimal', () => {
    const rounded = at(...upTo(40).map((index) => Number((index * 1.25).toFixed(1))))
    expect(stackGeometryOf(rounded)).toMatchObject({ kind: 'uniform', spacing: expect.closeTo(1.25, 2) })
  })

  it('tilted, by the angle between its direction and the normal', () => {
    const angle = (15 * Math.PI) / 180
    const tilted = upTo(24).map((index) => slice([0, index * 5 * Math.tan(angle), index * 5]))
    expect(stackGeometryOf(tilted)).toMatchObject({
      kind: 'uniform',
      spacing: expect.closeTo(5, 6),
      tilt: expect.closeTo(15, 6),
    })
    expect(stackGeometryOf([...tilted].reverse())).toMatchObject({ tilt: expect.closeTo(15, 6) })
  })

  it('with gaps, and where they are in the stack', () => {
    expect(stackGeometryOf(at(0, 2, 4, 8, 10, 12, 20, 22))).toEqual({
      kind: 'gaps',
      spacing: expect.closeTo(2, 6),
      tilt: 0,
      gaps: [
        { between: [2, 3], missing: 1 },
        { between: [5, 6], missing: 3 },
      ],
    })
    // From the head down.
    expect(stackGeometryOf(at(10, 8, 4, 2, 0))).toMatchObject({ gaps: [{ between: [1, 2], missing: 1 }] })
  })

  it('unevenly', () => {
    expect(stackGeometryOf(at(0, 2, 4.4, 6, 8))).toEqual({
      kind: 'irregular',
      smallest: expect.closeTo(1.6, 6),
      largest: expect.closeTo(2.4, 6),
      sideways: 0,
    })
    // Thin and thick by plan: nothing is missing.
    const mixed = [0, 2.5, 5, 7.5, 12.5, 17.5].map((z, index) =>
      slice([0, 0, z], AXIAL, { '00180050': ds(index < 3 ? 2.5 : 5) }),
    )
    expect(stackGeometryOf(mixed)).toMatchObject({ kind: 'irregular', smallest: 2.5, largest: 5 })
    const shifted = upTo(6).map((index) => slice([index === 3 ? 4 : 0, 0, index]))
    expect(stackGeometryOf(shifted)).toMatchObject({ kind: 'irregular', sideways: expect.closeTo(3.3, 1) })
  })

  it('with more than one image at a place', () => {
    expect(stackGeometryOf(at(0, 1, 2, 2, 3, 4))).toMatchObject({ kind: 'duplicates', places: 1, spacing: 1 })
    expect(stackGeometryOf(at(0, 1, 2, 0, 1, 2))).toMatchObject({ kind: 'repeated', times: 2, spacing: 1 })
    expect(stackGeometryOf(at(7, 7, 7))).toEqual({ kind: 'one-place', times: 3 })
  })

  it('in several directions, or nowhere that can be compared', () => {
    expect(stackGeometryOf([...at(0, 1), slice([0, 0, 0], CORONAL)])).toEqual({
      kind: 'mixed-orientations',
      orientations: 2,
    })
    expect(stackGeometryOf(at(4))).toEqual({ kind: 'single' })
    expect(stackGeometryOf([{ '00080060': { vr: 'CS', Value: ['CR'] } }])).toEqual({
      kind: 'not-spatial',
      because: 'no-positions',
    })
    expect(stackGeometryOf([...at(0, 1), {}])).toEqual({ kind: 'not-spatial', because: 'some-positions' })
    const elsewhere = slice([0, 0, 2], AXIAL, { '00200052': { vr: 'UI', Value: ['1.3'] } })
    expect(stackGeometryOf([...at(0, 1), elsewhere])).toEqual({
      kind: 'not-spatial',
      because: 'several-frames',
    })
  })

  it('of the frames of an enhanced image and of a dose grid; of other frames nothing is known', () => {
    const enhanced: DicomJson = {
      '00280008': { vr: 'IS', Value: [3] },
      '00200052': { vr: 'UI', Value: ['1.2'] },
      '52009229': sq({ '00209116': sq({ '00200037': ds(...AXIAL) }) }),
      '52009230': sq(...[0, 3, 6].map((z) => ({ '00209113': sq({ '00200032': ds(1, 2, z) }) }))),
    }
    expect(stackGeometryOf([enhanced])).toMatchObject({ kind: 'uniform', spacing: 3 })
    const dose = slice([0, 0, 5], AXIAL, { '00280008': { vr: 'IS', Value: [3] } })
    expect(stackGeometryOf([{ ...dose, '3004000C': ds(0, 2.5, 5) }])).toMatchObject({
      kind: 'uniform',
      spacing: 2.5,
    })
    expect(stackGeometryOf([dose])).toEqual({ kind: 'not-spatial', because: 'no-positions' })
  })
})

describeWith(SHARED_DICOM, 'how real series lie in space', () => {
  /** The series of a folder, all of it but the slices at these places. */
  const series = async (folder: string, without: readonly number[] = []): Promise<DicomJson[]> => {
    const rows = manifest().filter(({ path }) => path.startsWith(folder))
    const read = rows.map(async ({ path }) =>
      datasetToJson(await readFile(join(sharedDicom() ?? '', path)), { bulkDataUri: (uri) => uri }),
    )
    const number = (json: DicomJson): number => Number(json['00200013']?.Value?.[0])
    const ordered = (await Promise.all(read)).sort((a, b) => number(a) - number(b))
    return ordered.filter((_, index) => !without.includes(index))
  }

  it.each([
    ['series/ct-head-phantom-140/axial-1mm/', 1],
    ['series/pt-headneck-299/pt/', 3.375],
    ['series/mr-pacsman-phantom-128/', 1],
  ])('%s evenly', async (folder, spacing) => {
    expect(stackGeometryOf(await series(folder))).toMatchObject({
      kind: 'uniform',
      spacing: expect.closeTo(spacing, 4),
      tilt: 0,
    })
  })

  it('with a gap where files are kept back', async () => {
    const found = stackGeometryOf(await series('series/ct-head-phantom-140/axial-1mm/', [70, 71, 100]))
    expect(found).toMatchObject({
      kind: 'gaps',
      spacing: expect.closeTo(1, 4),
      gaps: [
        { between: [69, 70], missing: 2 },
        { between: [97, 98], missing: 1 },
      ],
    })
  })

  it('enhanced images: frames over time at one place, and volumes by their frames', async () => {
    expect(stackGeometryOf(await series('series/enhanced/emr-19f'))).toEqual({ kind: 'one-place', times: 19 })
    expect(stackGeometryOf(await series('series/enhanced/ect-2f'))).toMatchObject({
      kind: 'uniform',
      spacing: expect.closeTo(10, 6),
    })
    expect(stackGeometryOf(await series('series/cr-dx/dx-'))).toMatchObject({ kind: 'not-spatial' })
  })
})
