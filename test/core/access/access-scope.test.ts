import { describe, expect, it } from 'vitest'
import { accessScope, scopePredicate } from '../../../core/access/access-scope.ts'
import type { Principal, Role } from '../../../core/access/principal.ts'
import type { SqlValue } from '../../../core/ports/database.ts'

const NOON = new Date(2026, 10, 23, 12).getTime()
const MIDNIGHT = new Date(2026, 10, 23).getTime()

const person = (roles: readonly Role[], mustChangePassword = false): Principal => ({
  kind: 'user',
  userId: 'u',
  organisationId: 'o',
  roles,
  mustChangePassword,
})

describe('accessScope', () => {
  it('gives a radiologist and an administrator every study of their organisation', () => {
    expect(accessScope(person(['radiologist']), NOON)).toMatchObject({
      organisationId: 'o',
      everything: true,
    })
    expect(accessScope(person(['administrator']), NOON).everything).toBe(true)
  })

  it('gives a technician what they uploaded since local midnight, and no more', () => {
    expect(accessScope(person(['technician']), NOON)).toEqual({
      organisationId: 'o',
      everything: false,
      uploadedBy: { userId: 'u', since: MIDNIGHT },
    })
  })

  it('gives a reviewer only what was granted', () => {
    expect(accessScope(person(['reviewer']), NOON)).toEqual({
      organisationId: 'o',
      everything: false,
      grantedTo: 'u',
    })
  })

  it('gives nothing without a role, and nothing before a one-time password is changed', () => {
    expect(accessScope(person([]), NOON)).toEqual({ organisationId: 'o', everything: false })
    expect(accessScope(person(['administrator'], true), NOON).everything).toBe(false)
  })
})

describe('scopePredicate', () => {
  it('is false when there is no way to see anything', () => {
    const params: SqlValue[] = []
    expect(scopePredicate(accessScope(person([]), NOON), 's', params)).toBe('false')
    expect(params).toEqual([])
  })

  it('always names the organisation first, and numbers its parameters after those already there', () => {
    const params: SqlValue[] = ['before']
    const predicate = scopePredicate(accessScope(person(['technician', 'reviewer']), NOON), 's', params)
    expect(predicate).toMatch(/^s\.organisation_id = \$2 and s\.study_id in \(.*\$3.* union all .*\$4.*\$5/s)
    expect(params).toEqual(['before', 'o', 'u', 'u', new Date(MIDNIGHT)])
  })
})
