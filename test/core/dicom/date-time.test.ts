import { describe, expect, it } from 'vitest'
import { parseDate, parseDateRange, parseTime, parseTimeRange } from '../../../core/dicom/date-time.ts'

describe('parseDateRange', () => {
  it.each([
    ['20260102', { from: '20260102', to: '20260102' }],
    ['20260102-20260203', { from: '20260102', to: '20260203' }],
    ['20260102-', { from: '20260102' }],
    ['-20260203', { to: '20260203' }],
    ['2026-01-02', { from: '20260102', to: '20260102' }],
  ])('reads %s', (text, range) => expect(parseDateRange(text)).toEqual(range))

  it.each(['', '-', '20260230', '2026', '20260203-20260102', '20260102-20260103-20260104', "'; drop table"])(
    'refuses %j',
    (text) => expect(parseDateRange(text)).toBeUndefined(),
  )
})

describe('parseDate', () => {
  it('reads the old form with dots', () => expect(parseDate('1994.01.30')).toBe('19940130'))
  it('knows leap days', () => {
    expect(parseDate('20240229')).toBe('20240229')
    expect(parseDate('20230229')).toBeUndefined()
  })
  it('does not take a year below 100 for one of the last century', () =>
    expect(parseDate('00010101')).toBe('00010101'))
})

describe('parseTimeRange', () => {
  it.each([
    ['10', { from: '100000.000000', to: '105959.999999' }],
    ['1015', { from: '101500.000000', to: '101559.999999' }],
    ['10:15:30', { from: '101530.000000', to: '101530.999999' }],
    ['101530.5', { from: '101530.500000', to: '101530.599999' }],
    ['10-12', { from: '100000.000000', to: '125959.999999' }],
    ['-12', { to: '125959.999999' }],
  ])('reads %s as all it can mean', (text, range) => expect(parseTimeRange(text)).toEqual(range))

  it.each(['', '-', '24', '1060', '12-10', '1', 'noon'])('refuses %j', (text) =>
    expect(parseTimeRange(text)).toBeUndefined(),
  )
  it('takes a leap second', () => expect(parseTime('235960', 'first')).toBe('235960.000000'))
})
