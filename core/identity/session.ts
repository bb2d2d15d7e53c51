import { recordAudit } from '../audit/record-audit.ts'
import { YunyingError } from '../errors.ts'
import type { Pacs } from '../pacs.ts'
import { openSession } from './open-session.ts'
import { hashPassword, passwordMatches } from './password.ts'
import { publishRegistry } from './registry.ts'
import { hashSecretToken } from './secret-token.ts'
import { findUserByEmail, updateUser, type UserRow } from './user-table.ts'

/** A session ends after this long, used or not. */
const ABSOLUTE_HOURS = 12
/** A session ends when nothing was asked for this long. */
export const SESSION_IDLE_HOURS = 2

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
  const expiresAt = new Date(pacs.clock.now() + ABSOLUTE_HOURS * 3_600_000)
  const token = await openSession(pacs.database, user.user_id, { expiresAt, userAgent: input.userAgent })
  await auditSignIn(pacs, user, 'success', input.address)
  return { token, user, expiresAt }
}

export async function signOut(pacs: Pacs, token: string): Promise<void> {
  await pacs.database.query('delete from session where token_hash = $1', [hashSecretToken(token)])
  await pacs.database.query(`select pg_notify('access_changed', '')`)
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

async function auditSignIn(
  pacs: Pacs,
  user: UserRow,
  outcome: 'success' | 'denied',
  address?: string,
): Promise<void> {
  await recordAudit(
    pacs.database,
    {
      kind: 'user',
      userId: user.user_id,
      organisationId: user.organisation_id,
      roles: user.roles,
      address,
    },
    { event: 'user-authentication', outcome },
  )
}
