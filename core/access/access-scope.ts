import { likeText } from '../like-text.ts'
import type { SqlValue } from '../ports/database.ts'
import { principalCan, readsEverything } from './policy.ts'
import type { Principal, ReadingRule } from './principal.ts'

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
  /** Also what one of these rules lets somebody read. */
  readonly rules?: readonly ReadingRule[]
  /** Also the studies of the patients for whom this user broke the glass. */
  readonly emergencyOf?: string
  /** Also the studies of the patient whose account this is. */
  readonly patientAccount?: string
  readonly [scoped]: true
}

/** The studies this principal may read now. Deny by default: what no rule names adds nothing. */
export function accessScope(principal: Principal, now: number): AccessScope {
  const { organisationId } = principal
  if (principal.kind === 'system') return { organisationId, everything: true } as AccessScope
  if (readsEverything(principal)) return { organisationId, everything: true } as AccessScope
  const { userId } = principal
  const rules = rulesOf(principal)
  const scope: Omit<AccessScope, typeof scoped> = {
    organisationId,
    everything: false,
    ...(principalCan(principal, 'study.read.granted') ? { grantedTo: userId } : {}),
    ...(principalCan(principal, 'study.read.uploaded-today')
      ? { uploadedBy: { userId, since: startOfDay(now) } }
      : {}),
    ...(rules.length > 0 ? { rules } : {}),
    ...(principalCan(principal, 'study.read.emergency') ? { emergencyOf: userId } : {}),
    ...(principalCan(principal, 'study.read.own') ? { patientAccount: userId } : {}),
  }
  return scope as AccessScope
}

/** The organisation's rules for this person; and whom they referred themselves, which is a rule like any other. */
function rulesOf(principal: Principal & { kind: 'user' }): ReadingRule[] {
  if (principal.mustChangePassword === true || principal.share !== undefined) return []
  const referrers = principal.referrerNames ?? []
  const referred = principalCan(principal, 'study.read.referred') && referrers.length > 0
  const given = (principal.actions?.includes('study.read.granted') ?? true) ? (principal.rules ?? []) : []
  return [...given, ...(referred ? [{ modalities: [], referrers, days: null }] : [])]
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
  const ways = scope.everything ? [] : waysOf(scope)
  // No parameter for it either: one that the statement does not name is an error.
  if (!scope.everything && ways.length === 0) return 'false'
  const organisation = `${studyAlias}.organisation_id = $${params.push(scope.organisationId)}`
  if (scope.everything) return organisation
  const lists = ways.map((way) => way(params))
  return `${organisation} and ${studyAlias}.study_id in (${lists.join(' union all ')})`
}

type Way = (params: SqlValue[]) => string

function waysOf(scope: AccessScope): Way[] {
  const { organisationId, grantedTo, uploadedBy, emergencyOf, patientAccount } = scope
  return [
    ...(grantedTo === undefined ? [] : [granted(grantedTo)]),
    ...(uploadedBy === undefined ? [] : [uploaded(uploadedBy)]),
    ...(scope.rules ?? []).map((rule) => ruled(organisationId, rule)),
    ...(emergencyOf === undefined ? [] : [emergency(emergencyOf)]),
    ...(patientAccount === undefined ? [] : [own(patientAccount)]),
  ]
}

const granted =
  (userId: string): Way =>
  (params) =>
    `select g.study_id from study_grant g where g.user_id = $${params.push(userId)}
       and (g.expires_at is null or g.expires_at > now())`

const uploaded =
  ({ userId, since }: { userId: string; since: number }): Way =>
  (params) =>
    `select u.study_id from instance u where u.received_by = $${params.push(userId)}
       and u.received_at >= $${params.push(new Date(since))}`

const emergency =
  (userId: string): Way =>
  (params) =>
    `select es.study_id from emergency_access e join study es on es.organisation_id = e.organisation_id
       and es.patient_id = e.patient_id and es.issuer_of_patient_id = e.issuer_of_patient_id
       where e.user_id = $${params.push(userId)} and e.ended_at is null and e.expires_at > now()`

const own =
  (userId: string): Way =>
  (params) =>
    `select ps.study_id from patient_account pa join study ps on ps.organisation_id = pa.organisation_id
       and ps.patient_id = pa.patient_id and ps.issuer_of_patient_id = pa.issuer_of_patient_id
       and ps.patient_birth_date = pa.birth_date where pa.user_id = $${params.push(userId)}`

/** A rule without a condition is every study. */
const ruled =
  (organisationId: string, { modalities, referrers, days }: ReadingRule): Way =>
  (params) => {
    const where = [`rs.organisation_id = $${params.push(organisationId)}`]
    if (modalities.length > 0) where.push(`rs.modalities && $${params.push(modalities)}::text[]`)
    if (referrers.length > 0) {
      // Groups of a folded name stand between bars: a whole group is the name, a part of one is somebody else.
      const patterns = referrers.map((name) => `%|${likeText(name)}|%`)
      where.push(`rs.referring_physician_folded like any($${params.push(patterns)}::text[])`)
    }
    if (days !== null)
      where.push(`rs.study_date >= to_char(now() - make_interval(days => $${params.push(days)}), 'YYYYMMDD')`)
    return `select rs.study_id from study rs where ${where.join(' and ')}`
  }
