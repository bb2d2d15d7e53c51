import { describe, expect, it } from 'vitest'
import { parseSearch, stringifySearch } from '../../../viewer/shell/search-text.ts'
import {
  isFiltered,
  parseFilters,
  withFilters,
  worklistQuery,
} from '../../../viewer/worklist/worklist-filters.ts'

describe('parseFilters', () => {
  it('gives back what an address holds', () => {
    const filters = {
      q: '王',
      modality: ['CT', 'MR'],
      date: '7-days',
      sort: 'studyDate',
      direction: 'asc',
    } as const
    expect(parseFilters(parseSearch(stringifySearch(filters)))).toEqual(filters)
  })

  it('takes one modality as well as many', () => {
    expect(parseFilters(parseSearch('?modality=CT'))).toEqual({ modality: ['CT'] })
  })

  it('leaves out what is misspelt', () => {
    expect(
      parseFilters(parseSearch('?modality=%3Cb%3E&date=someday&from=2026&sort=colour&status=x&q=')),
    ).toEqual({})
  })

  it('lets a named stretch of days win over from and to', () => {
    expect(parseFilters({ date: 'today', from: '20260101' })).toEqual({ date: 'today' })
  })
})

describe('worklistQuery', () => {
  const now = new Date(2026, 10, 23, 9)
  it.each([
    ['today', '20261123', '20261123'],
    ['7-days', '20261117', '20261123'],
    ['30-days', '20261025', '20261123'],
  ] as const)('%s is %s to %s', (date, from, to) => {
    expect(worklistQuery({ date, q: 'x' }, now)).toEqual({ q: 'x', from, to })
  })
})

describe('isFiltered', () => {
  it('does not count an order', () => {
    expect(isFiltered({ sort: 'patientName', direction: 'asc' })).toBe(false)
    expect(isFiltered(withFilters({ q: 'a' }, { q: undefined }))).toBe(false)
    expect(isFiltered({ status: 'arriving' })).toBe(true)
  })
})
