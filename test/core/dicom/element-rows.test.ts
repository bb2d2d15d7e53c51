import { describe, expect, it } from 'vitest'
import type { DicomJson } from '../../../core/dicom/dicom-json.ts'
import { elementRows, isRowFound } from '../../../core/dicom/element-rows.ts'
import { visibleRows } from '../../../viewer/tags/visible-rows.ts'

const DATASET: DicomJson = {
  '00080060': { vr: 'CS', Value: ['CT'] },
  '00081140': {
    vr: 'SQ',
    Value: [
      { '00081150': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.2'] } },
      {
        '00081199': { vr: 'SQ', Value: [{ '00081155': { vr: 'UI', Value: ['1.2.3'] } }] },
      },
    ],
  },
  '00090010': { vr: 'LO', Value: ['ACME 1.1'] },
  '00091002': { vr: 'UN', InlineBinary: 'AAAA' },
  '00091102': { vr: 'DS', Value: [1.5] },
  '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Wang^Fang', Ideographic: '王^芳' }] },
  '00280030': { vr: 'DS', Value: [0.5, 0.8] },
  '7FE00010': { vr: 'OW', BulkDataURI: '/bulk' },
}
const rows = elementRows(DATASET)
const listed = (shown = rows) => shown.map(({ path }) => path)

describe('the elements of a data set as rows', () => {
  it('are in the order of their tags, items after their sequence', () => {
    expect(listed()).toEqual([
      '00080060',
      '00081140',
      '00081140/0/00081150',
      '00081140/1/00081199',
      '00081140/1/00081199/0/00081155',
      '00090010',
      '00091002',
      '00091102',
      '00100010',
      '00280030',
      '7FE00010',
    ])
    expect(rows[1]).toMatchObject({ depth: 0, itemCount: 2, keyword: 'ReferencedImageSequence', value: '' })
    expect(rows[4]).toMatchObject({ depth: 2, value: '1.2.3' })
  })

  it('say their values as DICOM writes them', () => {
    const value = (tag: string) => rows.find((row) => row.path === tag)
    expect(value('00100010')?.value).toBe('Wang^Fang=王^芳')
    expect(value('00280030')?.value).toBe('0.5\\0.8')
    expect(value('7FE00010')).toMatchObject({ value: '', isBulk: true })
  })

  it('name the owner of a private element, where there is one', () => {
    expect(rows.find(({ tag }) => tag === '00091002')).toMatchObject({
      creator: 'ACME 1.1',
      keyword: undefined,
    })
    expect(rows.find(({ tag }) => tag === '00091102')?.creator).toBeUndefined()
  })

  it.each(['(0010,0010)', '0010,0010', '00100010', 'patientname', 'Patient Name', '王^芳', 'wang'])(
    'are found by %s',
    (wanted) => {
      expect(rows.filter((row) => isRowFound(row, wanted)).map(({ tag }) => tag)).toEqual(['00100010'])
    },
  )
})

describe('the rows that are listed', () => {
  it('are those whose sequences are unfolded', () => {
    expect(listed(visibleRows(rows, '', new Set()))).not.toContain('00081140/0/00081150')
    const one = listed(visibleRows(rows, '', new Set(['00081140'])))
    expect(one).toContain('00081140/1/00081199')
    expect(one).not.toContain('00081140/1/00081199/0/00081155')
    // A sequence that is folded hides what is unfolded in it.
    expect(listed(visibleRows(rows, '', new Set(['00081140/1/00081199'])))).toHaveLength(8)
  })

  it('are, when one looks for something, that and the sequences it is in', () => {
    expect(listed(visibleRows(rows, '0008,1155', new Set()))).toEqual([
      '00081140',
      '00081140/1/00081199',
      '00081140/1/00081199/0/00081155',
    ])
    expect(visibleRows(rows, 'nothing of the kind', new Set())).toEqual([])
  })
})
