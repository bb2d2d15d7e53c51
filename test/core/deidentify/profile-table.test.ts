import { describe, expect, it } from 'vitest'
import { attributeAction } from '../../../core/deidentify/attribute-action.ts'
import { BASIC_PROFILE } from '../../../core/deidentify/deidentify-options.ts'
import { PROFILE_SIZE, profileRow } from '../../../core/deidentify/profile-table.ts'
import { shiftDate } from '../../../core/deidentify/shift-date.ts'

describe('the profile table', () => {
  it('has every row of PS3.15 2024b, Table E.1-1, but those of repeating groups and private attributes', () => {
    expect(PROFILE_SIZE).toBe(617)
    expect(profileRow('00100010')?.action).toBe('Z')
    expect(profileRow('00080018')?.action).toBe('U')
    expect(profileRow('00082112')?.action).toBe('X/Z/U*')
  })

  it('decides what it does not list by what an attribute can say', () => {
    expect(attributeAction('00280010', 'US', BASIC_PROFILE)).toBe('keep')
    expect(attributeAction('00091010', 'LO', BASIC_PROFILE)).toBe('remove')
    expect(attributeAction('60003000', 'OW', BASIC_PROFILE)).toBe('remove')
    expect(attributeAction('50000010', 'US', BASIC_PROFILE)).toBe('remove')
    expect(attributeAction('00189999', undefined, BASIC_PROFILE)).toBe('remove')
    expect(attributeAction('00081150', 'UI', BASIC_PROFILE)).toBe('keep')
    expect(attributeAction('00189998', 'DA', BASIC_PROFILE)).toBe('dummy')
    expect(attributeAction('00189997', 'PN', BASIC_PROFILE)).toBe('remove')
  })
})

describe('attributeAction', () => {
  it('leaves a presentation state its moment, which it must have: moved, or one that says nothing', () => {
    for (const [tag, vr] of [
      ['00700082', 'DA'],
      ['00700083', 'TM'],
    ] as const) {
      expect(attributeAction(tag, vr, BASIC_PROFILE)).toBe('dummy')
      expect(attributeAction(tag, vr, { ...BASIC_PROFILE, shiftDates: true })).toBe('shift')
    }
  })
})

describe('shiftDate', () => {
  it('moves the day and leaves the time of day', () => {
    expect(shiftDate('20240229', 1)).toBe('20240301')
    expect(shiftDate('1994.01.30', -30)).toBe('19931231')
    expect(shiftDate('20240301101500.25+0800', -1)).toBe('20240229101500.25+0800')
    expect(shiftDate('2024', -1)).toBe('')
    expect(shiftDate('Feb 3', -1)).toBe('')
  })
})
