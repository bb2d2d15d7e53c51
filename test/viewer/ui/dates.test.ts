import { describe, expect, it } from 'vitest'
import { displayBytes, displayDuration } from '../../../viewer/ui/amounts.ts'
import {
  ageOn,
  dicomDay,
  displayDicomDate,
  displayDicomTime,
  displayMoment,
} from '../../../viewer/ui/dates.ts'

describe('displayDicomDate and displayDicomTime', () => {
  it('read the same in both languages, and leave what is no date alone', () => {
    expect(displayDicomDate('20261123')).toBe('2026-11-23')
    expect(displayDicomDate('1994.01.30')).toBe('1994.01.30')
    expect(displayDicomDate('20261301')).toBe('20261301')
    expect(displayDicomDate('20250229')).toBe('20250229')
    expect(displayDicomDate('00000000')).toBe('')
    expect(displayDicomDate('')).toBe('')
    expect(displayDicomTime('134501.123')).toBe('13:45')
    expect(displayDicomTime('')).toBe('')
  })
})

describe('ageOn', () => {
  it.each([
    ['19500615', '20260614', { value: 75, unit: 'year' }],
    ['19500615', '20260615', { value: 76, unit: 'year' }],
    ['20250101', '20261101', { value: 22, unit: 'month' }],
    ['20261101', '20261111', { value: 10, unit: 'day' }],
    ['20270101', '20261111', undefined],
    ['', '20261111', undefined],
    ['19991399', '20261111', undefined],
  ])('of %s on %s', (birth, on, age) => expect(ageOn(birth, on)).toEqual(age))
})

describe('displayMoment', () => {
  it('is relative under a day and a local time from then on', () => {
    const now = Date.parse('2026-11-23T12:00:00Z')
    expect(displayMoment('2026-11-23T11:30:00Z', now, 'en')).toContain('30')
    expect(displayMoment('2026-11-23T11:30:00Z', now, 'zh-CN')).toContain('30')
    expect(displayMoment('2026-11-20T11:30:00Z', now, 'en')).toMatch(/^2026-11-2\d \d\d:30$/)
    expect(displayMoment('never', now, 'en')).toBe('')
  })
})

describe('dicomDay', () => {
  it('counts days over the ends of months', () => {
    expect(dicomDay(new Date(2026, 2, 1), -1)).toBe('20260228')
  })
})

describe('displayBytes and displayDuration', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [526_336, '526 KB'],
    [1_600_000_000, '1.6 GB'],
    [999_600, '1.0 MB'],
  ])('%d bytes', (bytes, shown) => expect(displayBytes(bytes)).toBe(shown))
  it.each([
    [45, '45 s'],
    [125, '2 min 05 s'],
    [4320, '1 h 12 min'],
  ])('%d seconds', (seconds, shown) => expect(displayDuration(seconds)).toBe(shown))
})
