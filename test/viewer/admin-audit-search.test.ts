import { expect, it } from 'vitest'
import { auditSearch, NO_FILTERS } from '../../viewer/admin/audit-search.ts'

it('asks for nothing that was not typed, and takes both days whole', () => {
  expect(auditSearch(NO_FILTERS)).toEqual({})
  expect(auditSearch({ ...NO_FILTERS, person: '  ', patient: ' wang ' })).toEqual({ patient: 'wang' })
  const { from, to } = auditSearch({ ...NO_FILTERS, from: '2026-03-01', to: '2026-03-01' })
  expect(new Date(from ?? '').toString()).toBe(new Date(2026, 2, 1).toString())
  expect(new Date(to ?? '').toString()).toBe(new Date(2026, 2, 2).toString())
})
