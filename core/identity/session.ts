import type { Principal } from '../access/principal.ts'
import { recordAudit } from '../audit/record-audit.ts'
import { YunyingError } from '../errors.ts'
import type { Pacs } from '../pacs.ts'
import { countAttempt, forgetAttempts, requireAttemptsLeft } from './attempts.ts'
import { asPrincipal, beginSession, type Comer, type SignedIn } from './begin-session.ts'
import { takePasskey } from './passkeys.ts'
import { hashNewPassword, passwordMatches } from './password.ts'
import { publishRegistry } from './registry.ts'
import { secondFactorsOf, takeSecondFactor } from './second-factor.ts'
import { hashSecretToken } from './secret-token.ts'
import { needsSecondFactor, readSignInSettings } from './sign-in-settings.ts'
import { isTrustedBrowser } from './trusted-browser.ts'
import { findUserByEmail, findUserById, updateUser, type UserRow } from './user-table.ts'

/** Of one account, from one address; or of one account, on a browser of its own. */
const GUESSES = { most: 10, seconds: 300 }
/** Of all accounts, from one address: many doors with a few keys each. */
const GUESSES_OF_ADDRESS = { most: 100, seconds: 900 }
/** Of second factors of one account: whoever tries them has the password. */
/** Passkeys cannot be guessed; this only bounds the work. */
export const PASSKEYS = { most: 100, seconds: 300 }
const CODES = { most: 10, seconds: 900 }

/**
 * A new session for the right password, and the right code where there is a second factor. Errors: 'unauthenticated' with
 * code 'sign-in-failed', the same for an unknown address, a wrong password and a disabled account; 'second-factor-needed' and
 * 'second-factor-wrong' once the password was right; 'passkey-needed' when the account's second factor is a passkey;
 * 'limit' code 'too-many-attempts'.
 */
export async function signIn(
  pacs: Pacs,
  input: Comer & { email: string; password: string; code?: string | undefined; address: string },
): Promise<SignedIn> {
  const { database } = pacs
  const user = await findUserByEmail(database, input.email)
  const trusted = user !== undefined && (await isTrustedBrowser(database, user.user_id, input.browser))
  // A guesser slows only himself down: elsewhere, and on browsers that the account was used on, its owner gets in.
  const key = trusted
    ? `browser|${user.user_id}|${input.browser}`
    : `address|${input.address}|${input.email.toLowerCase()}`
  const addressKey = `address|${input.address}`
  if (!trusted) await requireAttemptsLeft(database, addressKey, GUESSES_OF_ADDRESS)
  await countAttempt(database, key, GUESSES)

  const matches = await passwordMatches(user?.password_hash, input.password)
  if (user === undefined || !matches || user.disabled_at !== null) {
    if (!trusted) await countAttempt(database, addressKey, GUESSES_OF_ADDRESS)
    await auditFailure(pacs, user, input.address)
    throw new YunyingError(
      'unauthenticated',
      'sign-in-failed',
      'The e-mail address or the password is not right. Check both and try again.',
    )
  }
  const method = await requireSecondFactor(pacs, user, input, trusted)
  await forgetAttempts(database, [key])
  return beginSession(pacs, user, { ...input, method })
}

/** What the password and what was shown beside it come to. */
async function requireSecondFactor(
  pacs: Pacs,
  user: UserRow,
  { code, browser, address }: { code?: string | undefined; browser?: string | undefined; address: string },
  trusted: boolean,
): Promise<'password' | 'password+code'> {
  const factors = await secondFactorsOf(pacs.database, user.user_id)
  if (!factors.codes) {
    const settings = await readSignInSettings(pacs.database, user.organisation_id)
    if (factors.passkeys > 0 && needsSecondFactor(settings, user.roles))
      throw new YunyingError('unauthenticated', 'passkey-needed', 'Sign in with your passkey.')
    return 'password'
  }
  if (code === undefined)
    throw new YunyingError(
      'unauthenticated',
      'second-factor-needed',
      'Type the code that your authenticator shows, or a recovery code.',
    )
  const key = trusted ? `code|${user.user_id}|${browser}` : `code|${user.user_id}`
  await countAttempt(pacs.database, key, CODES)
  const taken = await takeSecondFactor(pacs, user, code)
  if (taken === undefined) {
    await recordAudit(pacs.database, asPrincipal(user, address), {
      event: 'user-authentication',
      outcome: 'denied',
      detail: { reason: 'second-factor-wrong' },
    })
    throw new YunyingError(
      'unauthenticated',
      'second-factor-wrong',
      'The code is not right, or it was used already. Type the next one.',
    )
  }
  await forgetAttempts(pacs.database, [key])
  return 'password+code'
}

/** A new session for whoever answers with a passkey, which is both factors in one. Errors: as `takePasskey`; 'limit'. */
export async function signInByPasskey(
  pacs: Pacs,
  input: Comer & { ceremony: string; response: unknown; address: string },
): Promise<SignedIn> {
  await countAttempt(pacs.database, `passkey|${input.address}`, PASSKEYS)
  const { userId } = await takePasskey(pacs, input)
  const user = await findUserById(pacs.database, userId)
  if (user === undefined || user.disabled_at !== null) {
    await auditFailure(pacs, user, input.address)
    throw new YunyingError('unauthenticated', 'passkey-unknown', 'This passkey is not known here.')
  }
  return beginSession(pacs, user, { ...input, method: 'passkey' })
}

/** Ends the session of this token, where there is one. */
export async function signOut(
  pacs: Pick<Pacs, 'database'>,
  principal: Principal,
  token: string,
): Promise<void> {
  await pacs.database.transaction(async (tx) => {
    const ended = await tx.query('delete from session where token_hash = $1 returning 1', [
      hashSecretToken(token),
    ])
    if (ended.length === 0) return
    await recordAudit(tx, principal, {
      event: 'user-authentication',
      outcome: 'success',
      detail: { change: 'signed-out' },
    })
    await tx.query(`select pg_notify('access_changed', '')`)
  })
}

/**
 * Changes the password and ends the user's other sessions. Errors: 'invalid' code 'password-wrong', 'password-unchanged',
 * 'password-too-short', 'password-common'; 'limit' code 'too-many-attempts'.
 */
export async function changePassword(
  pacs: Pacs,
  user: UserRow,
  input: { currentPassword: string; newPassword: string; keepToken: string },
): Promise<void> {
  const key = `password|${user.user_id}|${hashSecretToken(input.keepToken).toString('hex')}`
  await countAttempt(pacs.database, key, GUESSES)
  if (!(await passwordMatches(user.password_hash, input.currentPassword))) {
    throw new YunyingError('invalid', 'password-wrong', 'The current password is not right.')
  }
  await forgetAttempts(pacs.database, [key])
  if (input.newPassword === input.currentPassword) {
    throw new YunyingError(
      'invalid',
      'password-unchanged',
      'Choose a password that differs from the current one.',
    )
  }
  const passwordHash = await hashNewPassword(input.newPassword, user)
  await pacs.database.transaction(async (tx) => {
    await updateUser(tx, user.user_id, { passwordHash, mustChangePassword: false })
    await tx.query('delete from session where user_id = $1 and token_hash <> $2', [
      user.user_id,
      hashSecretToken(input.keepToken),
    ])
    await recordAudit(tx, asPrincipal(user), {
      event: 'configuration-changed',
      outcome: 'success',
      detail: { change: 'password-changed', subject: user.user_id },
    })
  })
  await publishRegistry(pacs)
}

/**
 * A sign-in that failed, in the record of whose account it was. With an address that nobody has, there is no such
 * organisation: it is in the record of the first one, which is the operator's, with where it came from and not what was typed.
 */
async function auditFailure(pacs: Pacs, user: UserRow | undefined, address: string): Promise<void> {
  if (user !== undefined) {
    const reason = user.disabled_at === null ? 'password-wrong' : 'account-disabled'
    const principal = asPrincipal(user, address)
    return recordAudit(pacs.database, principal, {
      event: 'user-authentication',
      outcome: 'denied',
      detail: { reason },
    })
  }
  const [first] = await pacs.database.query<{ organisation_id: string }>(
    `select organisation_id from organisation where kind = 'hospital' order by created_at, organisation_id limit 1`,
  )
  if (first === undefined) return
  await recordAudit(
    pacs.database,
    { kind: 'system', organisationId: first.organisation_id, reason: 'sign-in' },
    { event: 'user-authentication', outcome: 'denied', detail: { reason: 'account-unknown', address } },
  )
}
