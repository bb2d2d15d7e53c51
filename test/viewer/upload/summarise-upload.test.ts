import { describe, expect, it } from 'vitest'
import { multipartBody, multipartType } from '../../../viewer/upload/multipart-body.ts'
import { percentDone } from '../../../viewer/upload/percent-done.ts'
import { summariseUpload, withStudyNames } from '../../../viewer/upload/summarise-upload.ts'
import { TransferRate } from '../../../viewer/upload/transfer-rate.ts'
import { skippedItem, type UploadItem } from '../../../viewer/upload/upload-item.ts'

const item = (over: Partial<UploadItem>): UploadItem => ({
  ...skippedItem('p', 1, 'pdf'),
  reason: undefined,
  ...over,
})
const answer = (studyInstanceUid: string, patientId?: string, modality = 'CT') => ({
  studyInstanceUid,
  modality,
  ...(patientId === undefined ? {} : { patientId, patientName: { Alphabetic: `Name^${patientId}` } }),
})

describe('summariseUpload', () => {
  const summary = summariseUpload([
    item({ state: 'stored', answer: answer('1', 'P1') }),
    item({ state: 'stored', answer: answer('1', 'P1', 'SR') }),
    item({ state: 'duplicate', answer: answer('1') }),
    item({ state: 'conflict', reason: 'instance-differs', answer: answer('2', 'P1') }),
    item({ state: 'duplicate', answer: { studyInstanceUid: '9' } }),
    item({ state: 'skipped', reason: 'pdf' }),
    item({ state: 'rejected', reason: 'truncated' }),
    item({ state: 'failed', reason: 'unreadable' }),
  ])

  it('counts by patient and study', () => {
    expect(summary.patients.map(({ patientId, studies }) => [patientId, studies.length])).toEqual([
      ['P1', 2],
      ['', 1],
    ])
    expect(summary.patients[0]?.studies[0]).toMatchObject({
      stored: 2,
      duplicate: 1,
      modalities: ['CT', 'SR'],
    })
  })

  it('puts first what a person has to act on', () => {
    expect(summary.refusals.map(({ state, reason }) => `${state} ${reason}`)).toEqual([
      'failed unreadable',
      'conflict instance-differs',
      'rejected truncated',
      'skipped pdf',
    ])
  })

  it('joins studies that were here already to their patient once the archive has named it', () => {
    const known = {
      patientName: { Alphabetic: 'Name^P1' },
      patientId: 'P1',
      studyDescription: 'Head',
      studyDate: '20260101',
      modalities: ['MR'],
    }
    const named = withStudyNames(summary.patients, new Map([['9', known]]))
    expect(named).toHaveLength(1)
    expect(named[0]?.studies.at(-1)).toMatchObject({ description: 'Head', modalities: ['MR'] })
  })
})

describe('multipartBody', () => {
  it('is a multipart/related body whose parts carry their place', async () => {
    const files = ['one', 'two'].map((text) => ({ blob: new Blob([text]), sha256: '', size: 3 }))
    const text = await multipartBody(files, 'b').text()
    expect(text).toBe(
      '--b\r\nContent-Type: application/dicom\r\nContent-Length: 3\r\nContent-Location: 0\r\n\r\none' +
        '\r\n--b\r\nContent-Type: application/dicom\r\nContent-Length: 3\r\nContent-Location: 1\r\n\r\ntwo' +
        '\r\n--b--\r\n',
    )
    expect(multipartType('b')).toBe('multipart/related; type="application/dicom"; boundary=b')
  })
})

describe('TransferRate', () => {
  it('averages over the last seconds and forgets what was before', () => {
    const rate = new TransferRate()
    expect(rate.bytesPerSecond).toBeUndefined()
    rate.add(0, 0)
    for (let second = 1; second <= 20; second += 1)
      rate.add(second * 1000, second <= 10 ? 0 : (second - 10) * 500)
    expect(rate.bytesPerSecond).toBeCloseTo(500, 0)
    expect(rate.secondsFor(5000)).toBeCloseTo(10, 0)
    rate.restart()
    expect(rate.secondsFor(5000)).toBeUndefined()
  })
})

describe('percentDone', () => {
  it('says 100 only when nothing is left', () => {
    expect(percentDone({ bytes: 1000, bytesDone: 1000, files: 10, ended: 9 })).toBe(99)
    expect(percentDone({ bytes: 0, bytesDone: 0, files: 4, ended: 2 })).toBe(50)
    expect(percentDone({ bytes: 10, bytesDone: 0, files: 1, ended: 1 })).toBe(100)
    expect(percentDone({ bytes: 0, bytesDone: 0, files: 0, ended: 0 })).toBe(0)
  })
})
