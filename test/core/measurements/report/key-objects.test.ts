import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { firstString, items, numbers, type DicomJson } from '../../../../core/dicom/dicom-json.ts'
import { datasetToJson } from '../../../../core/dicom/parse-dataset.ts'
import { readKeyObjects } from '../../../../core/dicom/report/read-document.ts'
import { Tag } from '../../../../core/dicom/tag.ts'
import { openPart10Writer } from '../../../../core/dicom/write-part10.ts'
import {
  buildKeyObjects,
  type KeyObjectsInput,
} from '../../../../core/measurements/report/build-key-objects.ts'
import { KEY_TITLES } from '../../../../core/measurements/shapes.ts'
import { allOf, describeWith } from '../../../support/require.ts'

const run = promisify(execFile)
const DSRDUMP = '/usr/bin/dsrdump'
const DCIODVFY = '/usr/bin/dciodvfy'
const CT = '1.2.840.10008.5.1.4.1.1.2'
const CINE = '1.2.840.10008.5.1.4.1.1.3.1'

const input: KeyObjectsInput = {
  title: '113004',
  description: '右肺上叶结节',
  keys: [
    { sopInstanceUid: '1.2.3.1.1', frameNumber: 1 },
    { sopInstanceUid: '1.2.3.2.1', frameNumber: 7 },
  ],
  images: new Map([
    ['1.2.3.1.1', { sopInstanceUid: '1.2.3.1.1', sopClassUid: CT, seriesInstanceUid: '1.2.3.1', frames: 1 }],
    [
      '1.2.3.2.1',
      { sopInstanceUid: '1.2.3.2.1', sopClassUid: CINE, seriesInstanceUid: '1.2.3.2', frames: 20 },
    ],
    [
      '1.2.3.2.2',
      { sopInstanceUid: '1.2.3.2.2', sopClassUid: CINE, seriesInstanceUid: '1.2.3.2', frames: 20 },
    ],
  ]),
  instance: {
    [Tag.StudyDate]: { vr: 'DA', Value: ['20260102'] },
    [Tag.StudyTime]: { vr: 'TM', Value: ['101112'] },
    [Tag.PatientName]: { vr: 'PN', Value: [{ Alphabetic: 'Zhang^San', Ideographic: '张^三' }] },
    [Tag.PatientID]: { vr: 'LO', Value: ['P-1'] },
    [Tag.PatientSex]: { vr: 'CS', Value: ['F'] },
    [Tag.StudyInstanceUID]: { vr: 'UI', Value: ['1.2.3'] },
  },
  observer: '王小东',
  language: 'zh-CN',
  sopInstanceUid: '2.25.77',
  seriesInstanceUid: '2.25.78',
  seriesNumber: 3,
  at: new Date('2026-01-02T20:00:05Z'),
}

const bytesOf = (more: Partial<KeyObjectsInput> = {}): Uint8Array =>
  Buffer.concat(openPart10Writer('ISO_IR 192')({ dataset: buildKeyObjects({ ...input, ...more }) }))
const readBack = (): DicomJson => datasetToJson(bytesOf(), { bulkDataUri: (path) => path })

describe('a key object selection', () => {
  it('read again names the images, frames where there are several, and why', () => {
    const read = readKeyObjects(readBack())
    expect(read.title).toBe('For Teaching')
    expect(read.descriptions).toEqual(['右肺上叶结节'])
    expect(
      read.images.map(({ sopInstanceUid, seriesInstanceUid, frameNumbers }) => [
        seriesInstanceUid,
        sopInstanceUid,
        ...frameNumbers,
      ]),
    ).toEqual([
      ['1.2.3.1', '1.2.3.1.1'],
      ['1.2.3.2', '1.2.3.2.1', 7],
    ])
  })

  it('has as evidence what it names and nothing else', () => {
    const [study = {}] = items(readBack(), Tag.CurrentRequestedProcedureEvidenceSequence)
    const named = items(study, Tag.ReferencedSeriesSequence).flatMap((series) =>
      items(series, Tag.ReferencedSOPSequence).map((each) => firstString(each, Tag.ReferencedSOPInstanceUID)),
    )
    expect(named).toEqual(['1.2.3.1.1', '1.2.3.2.1'])
    expect(numbers(readBack(), Tag.SeriesNumber)).toEqual([3])
  })

  it('refuses an image that it was not given', () => {
    expect(() => buildKeyObjects({ ...input, images: new Map() })).toThrow(
      expect.objectContaining({ code: 'image-unknown' }),
    )
  })
})

const toolkits = allOf(
  { name: 'dcmtk', remedy: 'apt-get install dcmtk', found: existsSync(DSRDUMP) },
  { name: 'an IOD validator', remedy: 'apt-get install dicom3tools', found: existsSync(DCIODVFY) },
)

describeWith(toolkits, 'a key object selection, read by others', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'yunying-key-objects-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it.each(KEY_TITLES)('is without fault (%s)', async (title) => {
    const file = join(folder, `${title}.dcm`)
    await writeFile(file, bytesOf({ title }))
    const dump = await run(DSRDUMP, ['+Pc', '+Pl', file])
    // It says of any such file that it checks neither UTF-8 nor templates.
    const said = dump.stderr.split('\n').filter((line) => !/ISO_IR 192|not yet supported/.test(line))
    expect(said.join('')).toBe('')
    expect(dump.stdout).toContain('Key Object Selection Document')
    const { stderr } = await run(DCIODVFY, [file])
    expect(stderr).not.toMatch(/Error/)
  })
})
