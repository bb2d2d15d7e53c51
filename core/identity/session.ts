import type { Principal } from '../access/principal.ts'
import { recordAudit } from '../audit/record-audit.ts'
import { YunyingError } from '../errors.ts'
import type { Pacs } from '../pacs.ts'
import { hashPassword, passwordMatches } from './password.ts'
import { publishRegistry } from './registry.ts'
import { hashSecretToken, newSecretToken } from './secret-token.ts'
import { findUserByEmail, updateUser, type UserRow } from './user-table.ts'

/** A session ends after this long, used or not. */
const ABSOLUTE_HOURS = 12
/** A session ends when nothing was asked for this long. */
const IDLE_HOURS = 2
/** `last_seen_at` is written at most this often. */
const TOUCH_SECONDS = 60

export interface SignedIn {
  readonly token: string
  readonly user: UserRow
  readonly expiresAt: Date
}

/**
 * A new session for the right password. Errors: 'unauthenticated' code 'sign-in-failed', the same for an unknown
 * address, a wrong password and a disabled account.
 */
export async function signIn(
  pacs: Pacs,
  input: { email: string; password: string; address?: string; userAgent?: string },
): Promise<SignedIn> {
  const user = await findUserByEmail(pacs.database, input.email)
  const matches = await passwordMatches(user?.password_hash, input.password)
  if (user === undefined || !matches || user.disabled_at !== null) {
    if (user !== undefined) await auditSignIn(pacs, user, 'denied', input.address)
    throw new YunyingError(
      'unauthenticated',
      'sign-in-failed',
      'The e-mail address or the password is not right. Check both and try again.',
    )
  }
  const token = newSecretToken()
  const expiresAt = new Date(pacs.clock.now() + ABSOLUTE_HOURS * 3_600_000)
  await pacs.database.query(
    'insert into session (token_hash, user_id, expires_at, user_agent) values ($1, $2, $3, $4)',
    [hashSecretToken(token), user.user_id, expiresAt, input.userAgent?.slice(0, 300) ?? null],
  )
  await auditSignIn(pacs, user, 'success', input.address)
  return { token, user, expiresAt }
}

export async function signOut(pacs: Pacs, token: string): Promise<void> {
  await pacs.database.query('delete from session where token_hash = $1', [hashSecretToken(token)])
  await pacs.database.query(`select pg_notify('access_changed', '')`)
}

/** Whom a session's or an API token's bearer is, or undefined: unknown, expired, idle for too long, or disabled. */
export async function findTokenOwner(
  pacs: Pick<Pacs, 'database'>,
  token: string,
): Promise<{ user: UserRow; bySession: boolean } | undefined> {
  const hash = hashSecretToken(token)
  const rows = await pacs.database.query<UserRow & { by_session: boolean; stale: boolean }>(
    `select u.user_id, u.organisation_id, o.name as organisation_name, u.email, u.display_name, u.password_hash,
       u.must_change_password, u.roles, u.language, u.disabled_at, u.created_at, t.by_session, t.stale
     from (
       select user_id, true as by_session, last_seen_at < now() - make_interval(secs => ${TOUCH_SECONDS}) as stale
         from session where token_hash = $1 and expires_at > now()
         and last_seen_at > now() - make_interval(hours => ${IDLE_HOURS})
       union all
       select user_id, false, false from api_token where token_hash = $1 and (expires_at is null or expires_at > now())
     ) t join app_user u using (user_id) join organisation o using (organisation_id)
     where u.disabled_at is null`,
    [hash],
    { name: 'find-token-owner' },
  )
  const row = rows[0]
  if (row === undefined) return undefined
  if (row.stale) {
    await pacs.database.query('update session set last_seen_at = now() where token_hash = $1', [hash])
  }
  return { user: row, bySession: row.by_session }
}

/** Changes the password and ends the user's other sessions. Errors: 'invalid' code 'password-wrong', 'password-unchanged'. */
export async function changePassword(
  pacs: Pacs,
  user: UserRow,
  input: { currentPassword: string; newPassword: string; keepToken: string },
): Promise<void> {
  if (!(await passwordMatches(user.password_hash, input.currentPassword))) {
    throw new YunyingError('invalid', 'password-wrong', 'The current password is not right.')
  }
  if (input.newPassword === input.currentPassword) {
    throw new YunyingError(
      'invalid',
      'password-unchanged',
      'Choose a password that differs from the current one.',
    )
  }
  const passwordHash = await hashPassword(input.newPassword)
  await updateUser(pacs.database, user.user_id, { passwordHash, mustChangePassword: false })
  await pacs.database.query('delete from session where user_id = $1 and token_hash <> $2', [
    user.user_id,
    hashSecretToken(input.keepToken),
  ])
  await publishRegistry(pacs)
}

export function principalOf(user: UserRow, bySession: boolean, address?: string): Principal {
  return {
    kind: 'user',
    userId: user.user_id,
    organisationId: user.organisation_id,
    roles: user.roles,
    address,
    mustChangePassword: bySession && user.must_change_password,
  }
}

async function auditSignIn(
  pacs: Pacs,
  user: UserRow,
  outcome: 'success' | 'denied',
  address?: string,
): Promise<void> {
  await recordAudit(pacs.database, principalOf(user, false, address), {
    event: 'user-authentication',
    outcome,
  })
}
