import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { datasetToJson } from '../../../../core/dicom/parse-dataset.ts'
import { readReport, type ReportReading } from '../../../../core/measurements/report/read-report.ts'
import { describeWith } from '../../../support/require.ts'
import { SHARED_DICOM, sharedDicom } from '../../../support/shared-dicom.ts'

function read(name: string): ReportReading {
  const bytes = readFileSync(join(sharedDicom() ?? '', 'objects/sr', name))
  return readReport(datasetToJson(bytes, { bulkDataUri: (path) => path }), {
    calibrationOf: () => ({ kind: 'patient', spacing: [1, 1] }),
  })
}

describeWith(SHARED_DICOM, 'measurement reports of other makers', () => {
  it('of highdicom: a circle with its area in square millimetres, and where it is', () => {
    const { marks, undrawn } = read('tid1500-highdicom.dcm')
    expect(undrawn).toBe(0)
    expect(marks).toMatchObject([
      {
        trackingUid: '1.2.826.0.1.3680043.8.498.95005499519195632686309166061552196996',
        label: 'Planar ROI Measurements',
        frameNumber: 1,
        geometry: { kind: 'circle', centre: [58, 52], edge: [58, 41] },
        values: [{ quantity: 'area', unit: 'mm2' }],
        findingSite: { value: 'T-D00F7', scheme: 'SRT' },
      },
    ])
    expect(marks[0]?.values[0]?.value).toBeCloseTo(170, 9)
  })

  it('of DWV: lines, angles, circles with statistics and points, also where a relationship is wrong', () => {
    const [length] = read('dwv-tid1500/sr-ruler.dcm').marks
    expect(length).toMatchObject({
      geometry: { kind: 'length' },
      values: [{ quantity: 'length', value: 4.025316455696, unit: 'mm' }],
    })
    const [angle] = read('dwv-tid1500/sr-protractor.dcm').marks
    expect(angle).toMatchObject({ geometry: { kind: 'angle' }, values: [{ value: 90, unit: 'deg' }] })
    const circles = read('dwv-tid1500/sr-circle.dcm').marks
    expect(
      circles.map(({ values }) => values.map(({ quantity, value }) => [quantity, Math.round(value)])),
    ).toEqual(
      [25, 50, 100].map((value) => [
        ['diameter', 4],
        ['area', 13],
        ['minimum', value],
        ['maximum', value],
        ['mean', value],
      ]),
    )
    const points = read('dwv-tid1500/sr-arrow.dcm').marks
    expect(points.map(({ geometry }) => geometry.kind)).toEqual(['probe', 'probe', 'probe'])
  })

  it('of dcmjs: two axes in pixels, each inferred from its own line', () => {
    expect(read('enhanced-dcmjs.dcm').marks).toMatchObject([
      {
        label: '',
        geometry: {
          kind: 'bidirectional',
          long: [[expect.closeTo(580.719177, 4), expect.closeTo(1090.83582, 4)], expect.anything()],
          short: [[expect.closeTo(599.401794, 4), expect.closeTo(1028.23132, 4)], expect.anything()],
        },
        values: [
          { quantity: 'long-axis', value: 64.4505437946691, unit: '{pixels}' },
          { quantity: 'short-axis', value: 42.9670291964462, unit: '{pixels}' },
        ],
      },
    ])
  })

  it('of segmentations: nothing to draw, and so it is said', () => {
    const { marks, undrawn } = read('tid1500-qin-headneck-0003.dcm')
    expect(marks).toEqual([])
    expect(undrawn).toBeGreaterThan(0)
  })

  it.each(['basic-text.dcm', 'comprehensive-test.dcm', 'enhanced-deflated.dcm'])(
    'has no marks where a document is no measurement report: %s',
    (name) => {
      expect(read(name)).toEqual({ marks: [], undrawn: 0 })
    },
  )
})
