import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { DicomJson } from '../../../../core/dicom/dicom-json.ts'
import { datasetToJson } from '../../../../core/dicom/parse-dataset.ts'
import { isDocument, readDocument, readKeyObjects } from '../../../../core/dicom/report/read-document.ts'
import type { ReportItem } from '../../../../core/dicom/report/report-document.ts'
import { describeWith } from '../../../support/require.ts'
import { SHARED_DICOM, sharedDicom } from '../../../support/shared-dicom.ts'

const folder = join(sharedDicom() ?? '', 'objects')
const read = (path: string): DicomJson =>
  datasetToJson(readFileSync(join(folder, path)), { bulkDataUri: (at) => at })
const all = (item: ReportItem): ReportItem[] => [
  item,
  ...[...item.modifiers, ...item.context, ...item.children].flatMap(all),
]
const reports = (): string[] =>
  readdirSync(join(folder, 'sr'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.dcm'))
    .map((name) => `sr/${name}`)

describeWith(SHARED_DICOM, 'documents of other makers', () => {
  it('reads each of them, every item by its type', () => {
    expect(reports().length).toBeGreaterThan(8)
    for (const path of reports()) {
      const document = readDocument(read(path))
      expect(isDocument(read(path))).toBe(true)
      expect(document.title, path).not.toBe('')
      expect(
        all(document.root).filter(({ value }) => value?.kind === 'unknown'),
        path,
      ).toEqual([])
    }
  })

  it('says who verified a report and when, and whether it is complete', () => {
    const document = readDocument(read('sr/comprehensive-test.dcm'))
    expect(document).toMatchObject({
      title: 'Diagnosis',
      completion: 'complete',
      completionText: 'This document is completed!',
      isVerified: true,
      contentDate: '20010213',
    })
    expect(document.verifications).toHaveLength(2)
    expect(document.verifications[0]).toMatchObject({
      name: { Alphabetic: expect.stringMatching(/^Riesmeier\^J/) as string },
      organisation: 'OFFIS e.V.',
      dateTime: expect.stringMatching(/^20010213184746/) as string,
    })
  })

  it('follows references within the document', () => {
    const { root } = readDocument(read('sr/comprehensive-test.dcm'))
    const referenced = all(root).filter(({ isByReference }) => isByReference)
    expect(referenced.map(({ relationship, value }) => [relationship, value?.kind])).toEqual([
      ['SELECTED FROM', 'region'],
      ['INFERRED FROM', 'code'],
    ])
  })

  it('keeps running text together', () => {
    const { root } = readDocument(read('sr/enhanced-deflated.dcm'))
    const [consultation] = root.children
    expect(consultation?.isRunning).toBe(true)
    expect(consultation?.children.map(({ value }) => value?.kind).slice(0, 3)).toEqual([
      'text',
      'person',
      'text',
    ])
  })

  it('has measurements with short units, languages, and images with the series they are in', () => {
    const { root, language, isPreliminary } = readDocument(read('sr/tid1500-highdicom.dcm'))
    expect(language).toBe('English as used in the United States')
    expect(isPreliminary).toBe(true)
    const area = all(root).find(({ name }) => name === 'Area of defined region')
    expect(area?.value).toEqual({ kind: 'number', number: '1.7', unit: 'cm²', qualifier: '' })
    const image = all(root).find(({ value }) => value?.kind === 'reference' && value.isImage)
    expect(image?.value).toMatchObject({ to: { seriesInstanceUid: expect.stringMatching(/^1\./) as string } })
  })

  it('reads key objects: why, and which images', () => {
    const interest = readKeyObjects(read('kos/made-kos-of-interest-pt.dcm'))
    expect(interest.title).toBe('Of Interest')
    expect(interest.images.length).toBeGreaterThan(0)
    expect(interest.images.every(({ seriesInstanceUid }) => seriesInstanceUid !== undefined)).toBe(true)
    const rejected = readKeyObjects(read('kos/made-kos-rejected-quality-pt.dcm'))
    expect(rejected.title).toBe('Rejected for Quality Reasons')
    expect(rejected.descriptions).not.toEqual([])
  })
})

describe('key objects', () => {
  it('say why they were rejected', () => {
    const code = (value: string, meaning: string): DicomJson => ({
      '00080100': { vr: 'SH', Value: [value] },
      '00080102': { vr: 'SH', Value: ['DCM'] },
      '00080104': { vr: 'LO', Value: [meaning] },
    })
    const item: DicomJson = {
      '0040A010': { vr: 'CS', Value: ['HAS CONCEPT MOD'] },
      '0040A040': { vr: 'CS', Value: ['CODE'] },
      '0040A043': { vr: 'SQ', Value: [code('113011', 'Document Title Modifier')] },
      '0040A168': { vr: 'SQ', Value: [code('111207', 'Image artifact(s)')] },
    }
    expect(readKeyObjects({ '0040A730': { vr: 'SQ', Value: [item] } }).reasons).toEqual(['Image artifact(s)'])
  })
})

describe('documents that are broken', () => {
  it('says so of a value type it does not know', () => {
    const { root } = readDocument({
      '0040A730': { vr: 'SQ', Value: [{ '0040A040': { vr: 'CS', Value: ['TABLE'] } }] },
    })
    expect(root.children[0]?.value).toEqual({ kind: 'unknown', valueType: 'TABLE' })
  })

  it('ends where items go on and on, and where references go round', () => {
    let deep: DicomJson = {}
    for (let level = 0; level < 500; level++)
      deep = { '0040A040': { vr: 'CS', Value: ['CONTAINER'] }, '0040A730': { vr: 'SQ', Value: [deep] } }
    expect(readDocument(deep).isCut).toBe(true)
    const round: DicomJson = {
      '0040A730': { vr: 'SQ', Value: [{ '0040DB73': { vr: 'UL', Value: [1] } }] },
    }
    expect(readDocument(round).root.children).toHaveLength(1)
  })
})
