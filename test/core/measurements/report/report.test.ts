import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { datasetToJson } from '../../../../core/dicom/parse-dataset.ts'
import { firstString, items, type DicomJson } from '../../../../core/dicom/dicom-json.ts'
import { Tag } from '../../../../core/dicom/tag.ts'
import { openPart10Writer } from '../../../../core/dicom/write-part10.ts'
import { buildReport, type ReportInput } from '../../../../core/measurements/report/build-report.ts'
import { readReport } from '../../../../core/measurements/report/read-report.ts'
import type { Calibration } from '../../../../core/measurements/shapes.ts'
import { REPORT_IMAGES, reportMarks } from '../../../support/report-marks.ts'
import { allOf, describeWith } from '../../../support/require.ts'

const run = promisify(execFile)
const DSRDUMP = '/usr/bin/dsrdump'
const DCIODVFY = '/usr/bin/dciodvfy'

const instance: DicomJson = {
  [Tag.StudyDate]: { vr: 'DA', Value: ['20260102'] },
  [Tag.StudyTime]: { vr: 'TM', Value: ['101112'] },
  [Tag.TimezoneOffsetFromUTC]: { vr: 'SH', Value: ['+0800'] },
  [Tag.Modality]: { vr: 'CS', Value: ['CT'] },
  [Tag.PatientName]: { vr: 'PN', Value: [{ Alphabetic: 'Zhang^San', Ideographic: '张^三' }] },
  [Tag.PatientID]: { vr: 'LO', Value: ['P-1'] },
  [Tag.PatientSex]: { vr: 'CS', Value: ['F'] },
  [Tag.StudyInstanceUID]: { vr: 'UI', Value: ['1.2.3'] },
  [Tag.SOPInstanceUID]: { vr: 'UI', Value: ['1.2.3.1.1'] },
}

const inputOf = (more: Partial<ReportInput> = {}): ReportInput => ({
  marks: reportMarks(),
  images: REPORT_IMAGES,
  instance,
  observer: '王小东',
  language: 'zh-CN',
  complete: true,
  sopInstanceUid: '2.25.77',
  seriesInstanceUid: '2.25.78',
  seriesNumber: 3,
  at: new Date('2026-01-02T20:00:05Z'),
  ...more,
})

const bytesOf = (input: ReportInput): Uint8Array =>
  Buffer.concat(openPart10Writer('ISO_IR 192')({ dataset: buildReport(input) }))

const readBack = (input: ReportInput): DicomJson =>
  datasetToJson(bytesOf(input), { bulkDataUri: (path) => path })

/** The images' own calibrations, as an archive knows them: nothing of what a reader said. */
function imageCalibration(index: number): Calibration {
  const calibration = reportMarks()[index]?.calibration ?? { kind: 'none', aspect: [1, 1] }
  if (calibration.kind === 'detector') return { ...calibration, accepted: false }
  return calibration.kind === 'known-length'
    ? { kind: 'detector', spacing: [0.143, 0.143], accepted: false }
    : calibration
}

describe('a measurement report', () => {
  it.each(['en', 'zh-CN'] as const)(
    'read again has the same marks with the same numbers (%s)',
    (language) => {
      const marks = reportMarks()
      let asked = 0
      const order = marks.flatMap(({ calibration }, index) =>
        calibration.kind === 'known-length' ? [] : [index],
      )
      const read = readReport(readBack(inputOf({ language })), {
        calibrationOf: () => imageCalibration(order[asked++] ?? -1),
      })
      expect(read).toEqual({ marks, undrawn: 0 })
    },
  )

  it('keeps places to the precision of 32-bit floats, and numbers exactly', () => {
    const [first] = reportMarks()
    if (first === undefined) throw new Error('no mark')
    const value = 113.80395600273
    const drawn = {
      ...first,
      geometry: {
        kind: 'length',
        line: [
          [100.1, 200.2],
          [1234.5678, 0.3],
        ],
      } as const,
      values: [{ quantity: 'length', value: value / 7, unit: 'mm' } as const],
    }
    const document = readBack(
      inputOf({
        marks: [
          {
            ...drawn,
            geometry: {
              kind: 'length',
              line: [
                [100.1, 200.2],
                [1234.5678, 0.3],
              ],
            },
          },
        ],
      }),
    )
    const [mark] = readReport(document, { calibrationOf: () => first.calibration }).marks
    expect(mark?.values[0]?.value).toBe(value / 7)
    if (mark?.geometry.kind !== 'length') throw new Error('not a length')
    expect(mark.geometry.line.flat()).toEqual([100.1, 200.2, 1234.5678, 0.3].map(Math.fround))
  })

  it('is of the same patient and study, dated in the time zone of the study', () => {
    const document = readBack(inputOf())
    for (const tag of [Tag.PatientName, Tag.PatientID, Tag.StudyInstanceUID, Tag.StudyDate])
      expect(document[tag]).toEqual(instance[tag])
    expect(firstString(document, Tag.SpecificCharacterSet)).toBe('ISO_IR 192')
    expect(firstString(document, Tag.Modality)).toBe('SR')
    expect([firstString(document, Tag.ContentDate), firstString(document, Tag.ContentTime)]).toEqual([
      '20260103',
      '040005',
    ])
    expect(firstString(document, Tag.CompletionFlag)).toBe('COMPLETE')
    expect(firstString(readBack(inputOf({ complete: false })), Tag.CompletionFlag)).toBe('PARTIAL')
    expect(firstString(document, Tag.VerificationFlag)).toBe('UNVERIFIED')
  })

  it('names as evidence each image that was measured once, by series', () => {
    const [study] = items(readBack(inputOf()), Tag.CurrentRequestedProcedureEvidenceSequence)
    const series = items(study ?? {}, Tag.ReferencedSeriesSequence)
    const evidence = series.map((one) => [
      firstString(one, Tag.SeriesInstanceUID),
      items(one, Tag.ReferencedSOPSequence).map((image) => firstString(image, Tag.ReferencedSOPInstanceUID)),
    ])
    expect(evidence).toEqual([
      ['1.2.3.1', ['1.2.3.1.1']],
      ['1.2.3.2', ['1.2.3.2.1']],
    ])
  })

  it('refuses a mark on an image that it was not given', () => {
    expect(() => buildReport(inputOf({ images: new Map() }))).toThrow(
      expect.objectContaining({ code: 'image-unknown' }),
    )
  })
})

const toolkits = allOf(
  { name: 'dcmtk', remedy: 'apt-get install dcmtk', found: existsSync(DSRDUMP) },
  { name: 'an IOD validator', remedy: 'apt-get install dicom3tools', found: existsSync(DCIODVFY) },
)

describeWith(toolkits, 'a measurement report, read by others', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'yunying-report-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it.each(['en', 'zh-CN'] as const)('is without fault (%s)', async (language) => {
    const file = join(folder, `${language}.dcm`)
    await writeFile(file, bytesOf(inputOf({ language, observer: language === 'en' ? 'Jane Doe' : '王小东' })))
    const dump = await run(DSRDUMP, ['+Pc', '+Pl', file])
    // Its checker of values knows no UTF-8 and says so of any such file.
    expect(dump.stderr.replace(/^W: The VR checker does not support .*ISO_IR 192\n/, '')).toBe('')
    expect(dump.stdout).toContain('Comprehensive SR Document')
    expect(dump.stdout).toContain('"Cobb angle")="27.512')
    expect(dump.stdout.match(/Measurement Group/g)).toHaveLength(reportMarks().length)
    const { stderr } = await run(DCIODVFY, [file])
    // It warns of a name whose components are not told apart.
    expect(stderr).not.toMatch(/Error/)
  })
})
