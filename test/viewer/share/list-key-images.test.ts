import { describe, expect, it } from 'vitest'
import type { DraftMark } from '../../../core/contract/api.ts'
import type { DicomJson } from '../../../core/dicom/dicom-json.ts'
import { chosenInstances, listKeyImages } from '../../../viewer/share/list-key-images.ts'

const STUDY = '1.2.3'
const reference = (uid: string): DicomJson => ({
  '0040A010': { vr: 'CS', Value: ['CONTAINS'] },
  '0040A040': { vr: 'CS', Value: ['IMAGE'] },
  '00081199': {
    vr: 'SQ',
    Value: [
      {
        '00081150': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.2'] },
        '00081155': { vr: 'UI', Value: [uid] },
      },
    ],
  },
})
const selection = (uid: string, names: readonly string[]): DicomJson => ({
  '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.88.59'] },
  '00080018': { vr: 'UI', Value: [uid] },
  '0040A040': { vr: 'CS', Value: ['CONTAINER'] },
  '0040A043': {
    vr: 'SQ',
    Value: [
      {
        '00080100': { vr: 'SH', Value: ['113004'] },
        '00080102': { vr: 'SH', Value: ['DCM'] },
        '00080104': { vr: 'LO', Value: ['For Teaching'] },
      },
    ],
  },
  '0040A375': {
    vr: 'SQ',
    Value: [
      {
        '0020000D': { vr: 'UI', Value: [STUDY] },
        '00081115': {
          vr: 'SQ',
          Value: [
            {
              '0020000E': { vr: 'UI', Value: [`${STUDY}.1`] },
              '00081199': {
                vr: 'SQ',
                Value: names.map((name) => ({
                  '00081150': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.2'] },
                  '00081155': { vr: 'UI', Value: [name] },
                })),
              },
            },
          ],
        },
      },
    ],
  },
  '0040A730': { vr: 'SQ', Value: names.map(reference) },
})
const mark = (sopInstanceUid: string, studyInstanceUid = STUDY): DraftMark =>
  ({
    geometry: { kind: 'key', title: '113000' },
    sopInstanceUid,
    seriesInstanceUid: `${STUDY}.1`,
    studyInstanceUid,
    frameNumber: 2,
  }) as DraftMark

describe('key images to share', () => {
  const found = listKeyImages(
    STUDY,
    [selection('k1', ['a', 'b']), selection('k2', ['b'])],
    [mark('b'), mark('c'), mark('d', '1.2.4')],
  )

  it('are those that selections name, and those that are marked and not saved, each once', () => {
    expect(found.images).toEqual([
      { sopInstanceUid: 'a', seriesInstanceUid: `${STUDY}.1`, frameNumber: 1, titles: ['For Teaching'] },
      { sopInstanceUid: 'b', seriesInstanceUid: `${STUDY}.1`, frameNumber: 1, titles: ['For Teaching'] },
      { sopInstanceUid: 'c', seriesInstanceUid: `${STUDY}.1`, frameNumber: 2, titles: [] },
    ])
  })

  it('go with the selections all of whose images go', () => {
    expect(chosenInstances(found, new Set())).toEqual(['a', 'b', 'c', 'k1', 'k2'])
    expect(chosenInstances(found, new Set(['a']))).toEqual(['b', 'c', 'k2'])
    expect(chosenInstances(found, new Set(['a', 'b', 'c']))).toEqual([])
  })
})
