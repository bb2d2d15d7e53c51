import type { SqlValue } from '../ports/database.ts'
import { roleCan } from './policy.ts'
import type { Principal } from './principal.ts'

declare const scoped: unique symbol

/**
 * Which studies a principal may read: a required argument of every search and retrieval, so that an unscoped query
 * does not type-check. Only `accessScope` makes one.
 */
export interface AccessScope {
  readonly organisationId: string
  /** Every study of the organisation. */
  readonly everything: boolean
  /** Also the studies granted to this user. */
  readonly grantedTo?: string
  /** Also the studies this user uploaded at or after this time (ms since the epoch, UTC). */
  readonly uploadedBy?: { readonly userId: string; readonly since: number }
  readonly [scoped]: true
}

/** The studies this principal may read now. Deny by default: an unknown role adds nothing. */
export function accessScope(principal: Principal, now: number): AccessScope {
  const scope = { organisationId: principal.organisationId, everything: false }
  if (principal.kind === 'system') return { ...scope, everything: true } as AccessScope
  if (principal.mustChangePassword) return scope as AccessScope
  if (roleCan(principal.roles, 'study.read.organisation'))
    return { ...scope, everything: true } as AccessScope
  return {
    ...scope,
    ...(roleCan(principal.roles, 'study.read.granted') ? { grantedTo: principal.userId } : {}),
    ...(roleCan(principal.roles, 'study.read.uploaded-today')
      ? { uploadedBy: { userId: principal.userId, since: startOfDay(now) } }
      : {}),
  } as AccessScope
}

/** Local midnight of the server's time zone. */
function startOfDay(now: number): number {
  return new Date(now).setHours(0, 0, 0, 0)
}

/**
 * SQL that is true for the rows of `study` (under the given alias) that the scope allows. Appends its parameters to `params`.
 * What somebody may see beside everything is a list of studies: the database can begin with it, where it is short, or
 * look into it, where what is asked for is less.
 */
export function scopePredicate(scope: AccessScope, studyAlias: string, params: SqlValue[]): string {
  // No parameter for it either: one that the statement does not name is an error.
  if (!scope.everything && scope.grantedTo === undefined && scope.uploadedBy === undefined) return 'false'
  const organisation = `${studyAlias}.organisation_id = $${params.push(scope.organisationId)}`
  if (scope.everything) return organisation
  const ways: string[] = []
  if (scope.grantedTo !== undefined) {
    ways.push(
      `select g.study_id from study_grant g where g.user_id = $${params.push(scope.grantedTo)}
        and (g.expires_at is null or g.expires_at > now())`,
    )
  }
  if (scope.uploadedBy !== undefined) {
    const user = params.push(scope.uploadedBy.userId)
    const since = params.push(new Date(scope.uploadedBy.since))
    ways.push(
      `select u.study_id from instance u where u.received_by = $${user} and u.received_at >= $${since}`,
    )
  }
  return `${organisation} and ${studyAlias}.study_id in (${ways.join(' union all ')})`
}
