import { describe, expect, it } from 'vitest'
import type { DicomJson } from '../../../core/dicom/dicom-json.ts'
import { differingElements } from '../../../core/dicom/differing-elements.ts'

const paths = (first: DicomJson, second: DicomJson) =>
  differingElements(first, second).map(({ path }) => path)

describe('differingElements', () => {
  it('names what is otherwise, and what only one has, by tag', () => {
    const first = {
      '00100010': { vr: 'PN', Value: [{ Alphabetic: 'A' }] },
      '00100020': { vr: 'LO', Value: ['1'] },
    }
    const second = {
      '00100010': { vr: 'PN', Value: [{ Alphabetic: 'B' }] },
      '00080060': { vr: 'CS', Value: ['CT'] },
    }
    expect(differingElements(first, second)).toEqual([
      { path: '00080060', keyword: 'Modality', first: undefined, second: second['00080060'] },
      { path: '00100010', keyword: 'PatientName', first: first['00100010'], second: second['00100010'] },
      { path: '00100020', keyword: 'PatientID', first: first['00100020'], second: undefined },
    ])
  })

  it('finds none between equals, whatever their VR, nor between empty and absent', () => {
    const first = { '00280106': { vr: 'US', Value: [1] }, '00100030': { vr: 'DA' } }
    const second = { '00280106': { vr: 'SS', Value: [1] } }
    expect(paths(first, second)).toEqual([])
  })

  it('compares sequences item by item, and what binary values hold', () => {
    const item = (uid: string): DicomJson => ({ '00081155': { vr: 'UI', Value: [uid] } })
    const first = {
      '00081140': { vr: 'SQ', Value: [item('1'), item('2')] },
      '00091010': { vr: 'UN', InlineBinary: 'AAA=' },
      '00420011': { vr: 'OB', BulkDataURI: '5:aa' },
    }
    const second = {
      '00081140': { vr: 'SQ', Value: [item('1'), item('3'), item('4')] },
      '00091010': { vr: 'UN', InlineBinary: 'AAB=' },
      '00420011': { vr: 'OB', BulkDataURI: '5:ab' },
    }
    expect(paths(first, second)).toEqual([
      '00081140/1/00081155',
      '00081140/2/00081155',
      '00091010',
      '00420011',
    ])
  })
})
