import type { PersonRole, Principal, Role } from '../access/principal.ts'
import { recordAudit } from '../audit/record-audit.ts'
import type { Pacs } from '../pacs.ts'
import type { Queryable } from '../ports/database.ts'
import { publishRegistry } from './registry.ts'

export interface SignInSettings {
  /** Whose holders need a second factor. */
  readonly secondFactorRoles: readonly PersonRole[]
  /** A session ends when nothing was asked for this long; 5 to 1440. */
  readonly sessionIdleMinutes: number
  /** A session ends after this long, used or not; 1 to 168. */
  readonly sessionHours: number
}

/** As the product has it. */
export const USUAL_SETTINGS: SignInSettings = {
  secondFactorRoles: [],
  sessionIdleMinutes: 120,
  sessionHours: 12,
}

/** Whether one of these roles needs a second factor. */
export const needsSecondFactor = (settings: SignInSettings, roles: readonly Role[]): boolean =>
  settings.secondFactorRoles.some((role) => roles.includes(role))

/** How people of this organisation sign in. */
export async function readSignInSettings(
  database: Queryable,
  organisationId: string,
): Promise<SignInSettings> {
  const [row] = await database.query<{ roles: PersonRole[]; idle: number; hours: number }>(
    `select second_factor_roles as roles, session_idle_minutes as idle, session_hours as hours
     from sign_in_settings where organisation_id = $1`,
    [organisationId],
  )
  if (row === undefined) return USUAL_SETTINGS
  return { secondFactorRoles: row.roles, sessionIdleMinutes: row.idle, sessionHours: row.hours }
}

/**
 * Changes them, for sessions that are open too. Those of people who now need a second factor, have one, and signed in
 * without it end: they sign in again with it.
 */
export async function changeSignInSettings(
  pacs: Pacs,
  principal: Principal,
  { secondFactorRoles, sessionIdleMinutes, sessionHours }: SignInSettings,
): Promise<void> {
  const { organisationId } = principal
  await pacs.database.transaction(async (tx) => {
    await tx.query(
      `insert into sign_in_settings (organisation_id, second_factor_roles, session_idle_minutes, session_hours)
       values ($1, $2, $3, $4) on conflict (organisation_id) do update set second_factor_roles = excluded.second_factor_roles,
         session_idle_minutes = excluded.session_idle_minutes, session_hours = excluded.session_hours`,
      [organisationId, secondFactorRoles, sessionIdleMinutes, sessionHours],
    )
    await tx.query(
      `delete from session s using app_user u where u.user_id = s.user_id and u.organisation_id = $1 and s.method = 'password'
         and u.roles && $2::text[] and (exists (select 1 from passkey p where p.user_id = u.user_id)
           or exists (select 1 from one_time_codes c where c.user_id = u.user_id and c.confirmed_at is not null))`,
      [organisationId, secondFactorRoles],
    )
    await recordAudit(tx, principal, {
      event: 'configuration-changed',
      outcome: 'success',
      detail: {
        change: 'sign-in-settings-changed',
        secondFactorRoles: secondFactorRoles.join(','),
        sessionIdleMinutes,
        sessionHours,
      },
    })
    await tx.query(`select pg_notify('access_changed', '')`)
  })
  await publishRegistry(pacs)
}
