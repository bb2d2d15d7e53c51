import { describe, expect, it } from 'vitest'
import type { DicomJson } from '../../../../core/dicom/dicom-json.ts'
import { imageKeys, keyElement, recordKeys } from '../../../../core/dicom/media/record-keys.ts'
import { recordType, type RecordType } from '../../../../core/dicom/media/record-type.ts'

const storage = (last: string): string => `1.2.840.10008.5.1.4.1.1.${last}`

describe('recordType', () => {
  it.each<[string, RecordType]>([
    ['2', 'IMAGE'],
    ['88.33', 'SR DOCUMENT'],
    ['88.59', 'KEY OBJECT DOC'],
    ['104.1', 'ENCAP DOC'],
    ['104.5', 'ENCAP DOC'],
    ['11.1', 'PRESENTATION'],
    ['9.1.1', 'WAVEFORM'],
    ['66', 'RAW DATA'],
    ['66.4', 'IMAGE'],
    ['66.1', 'REGISTRATION'],
    ['67', 'VALUE MAP'],
    ['481.1', 'IMAGE'],
    ['481.2', 'RT DOSE'],
    ['481.3', 'RT STRUCTURE SET'],
    ['481.11', 'RADIOTHERAPY'],
    // Whole components: what begins alike is another class.
    ['77.1.5.30', 'IMAGE'],
    ['96', 'IMAGE'],
  ])('of %s is %s', (last, type) => {
    expect(recordType(storage(last), false)).toBe(type)
  })

  it('of a class of nobody’s standard depends on whether it has pixels', () => {
    expect(recordType('1.3.12.2.1107.5.9.1', true)).toBe('IMAGE')
    expect(recordType('1.3.12.2.1107.5.9.1', false)).toBe('PRIVATE')
  })
})

describe('recordKeys', () => {
  const TYPES: readonly RecordType[] = [
    'IMAGE',
    'SR DOCUMENT',
    'KEY OBJECT DOC',
    'ENCAP DOC',
    'PRESENTATION',
    'WAVEFORM',
    'RT DOSE',
    'RT STRUCTURE SET',
    'RT PLAN',
    'RT TREAT RECORD',
    'RADIOTHERAPY',
    'SPECTROSCOPY',
    'RAW DATA',
    'REGISTRATION',
    'ASSESSMENT',
    'SURFACE SCAN',
    'PRIVATE',
  ]

  it.each(TYPES)('of %s are all attributes of the dictionary', (type) => {
    const keys = recordKeys(type, {}, 1)
    expect(Object.keys(keys).filter((tag) => !/^[0-9A-F]{8}$/.test(tag))).toEqual([])
    expect(Object.values(keys).filter(({ vr }) => vr === 'UN')).toEqual([])
  })

  it('name what the instance lacks and leave it empty; only its number is its place', () => {
    expect(recordKeys('WAVEFORM', {}, 7)).toEqual({
      '00200013': { vr: 'IS', Value: [7] },
      '00080023': { vr: 'DA' },
      '00080033': { vr: 'TM' },
    })
    expect(imageKeys(0)).toEqual({ '00200013': { vr: 'IS', Value: [0] } })
  })

  it('are in the VR of the standard and no longer than that allows, in items too', () => {
    const long = '长'.repeat(80)
    const instance: DicomJson = {
      '00700080': { vr: 'UN', Value: ['A LABEL THAT IS LONGER THAN A CODE STRING MAY BE'] },
      '00700081': { vr: 'LO', Value: [long] },
      '00700084': { vr: 'LO', Value: ['Doe^Jane'] },
      '00081115': {
        vr: 'SQ',
        Value: [{ '00080005': { vr: 'CS', Value: ['GB18030'] }, '0008103E': { vr: 'LO', Value: [long] } }],
      },
    }
    expect(recordKeys('PRESENTATION', instance, 1)).toMatchObject({
      '00700080': { vr: 'CS', Value: ['A LABEL THAT IS '] },
      '00700081': { vr: 'LO', Value: ['长'.repeat(64)] },
      '00700084': { vr: 'PN', Value: [{ Alphabetic: 'Doe^Jane' }] },
      // The record says in which character set it is, once.
      '00081115': { vr: 'SQ', Value: [{ '0008103E': { vr: 'LO', Value: ['长'.repeat(64)] } }] },
    })
  })

  it('are one value each, dates and times as the standard writes them, and no control characters', () => {
    expect(keyElement({ '00080020': { vr: 'DA', Value: ['1994.11.27'] } }, '00080020').Value).toEqual([
      '19941127',
    ])
    expect(keyElement({ '00080020': { vr: 'DA', Value: ['20241399'] } }, '00080020')).toEqual({ vr: 'DA' })
    expect(keyElement({ '00080030': { vr: 'TM', Value: ['11:20:00'] } }, '00080030').Value).toEqual([
      '112000',
    ])
    expect(keyElement({ '00080030': { vr: 'TM', Value: ['996099'] } }, '00080030')).toEqual({ vr: 'TM' })
    const described = { '00081030': { vr: 'LO', Value: ['a\r\nb\0', 'more'] } }
    expect(keyElement(described, '00081030').Value).toEqual(['a  b '])
    const type = { '00080008': { vr: 'CS', Value: ['ORIGINAL', 'PRIMARY'] } }
    expect(keyElement(type, '00080008').Value).toEqual(['ORIGINAL', 'PRIMARY'])
  })

  it('of a report that nobody verified have no time of that', () => {
    const instance: DicomJson = {
      '0040A493': { vr: 'CS', Value: ['UNVERIFIED'] },
      '0040A073': { vr: 'SQ', Value: [{ '0040A030': { vr: 'DT', Value: ['20260103'] } }] },
    }
    expect(recordKeys('SR DOCUMENT', instance, 1)).not.toHaveProperty('0040A030')
  })

  it('of a private record say whose it is', () => {
    expect(recordKeys('PRIVATE', {}, 1)).toMatchObject({ '00041432': { vr: 'UI' } })
  })
})
