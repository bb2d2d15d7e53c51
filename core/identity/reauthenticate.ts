import type { ProofKind } from '../contract/account.ts'
import { recordAudit } from '../audit/record-audit.ts'
import { YunyingError } from '../errors.ts'
import type { Pacs } from '../pacs.ts'
import { countAttempt, forgetAttempts } from './attempts.ts'
import { asPrincipal } from './begin-session.ts'
import { takePasskey } from './passkeys.ts'
import { passwordMatches } from './password.ts'
import { secondFactorsOf, takeSecondFactor } from './second-factor.ts'
import type { UserRow } from './user-table.ts'

/** One of: the password; a code of the authenticator or a recovery code; a passkey's answer. */
export interface Proof {
  readonly password?: string | undefined
  readonly code?: string | undefined
  readonly passkey?: { readonly ceremony: string; readonly response: unknown } | undefined
}

/** How long it counts that somebody has shown who they are. Milliseconds. */
export const PROVEN_MS = 15 * 60_000

const TRIES = { most: 10, seconds: 900 }

/**
 * Resolves when somebody who is signed in has shown once more that they are who they were: before what cannot be taken back,
 * or an emergency access. Errors: 'invalid' code 'proof-wrong'; 'limit' code 'too-many-attempts'. Failures are recorded.
 */
export async function reauthenticate(
  pacs: Pacs,
  user: UserRow,
  proof: Proof,
  address?: string,
): Promise<void> {
  const key = `proof|${user.user_id}`
  await countAttempt(pacs.database, key, TRIES)
  if (!(await isRight(pacs, user, proof))) {
    await recordAudit(pacs.database, asPrincipal(user, address), {
      event: 'user-authentication',
      outcome: 'denied',
      detail: { reason: 'proof-wrong' },
    })
    throw new YunyingError('invalid', 'proof-wrong', 'That was not right. Try again.')
  }
  await forgetAttempts(pacs.database, [key])
}

async function isRight(pacs: Pacs, user: UserRow, { password, code, passkey }: Proof): Promise<boolean> {
  if (password !== undefined) return passwordMatches(user.password_hash, password)
  if (code !== undefined) return (await takeSecondFactor(pacs, user, code)) !== undefined
  if (passkey !== undefined) return (await takePasskey(pacs, passkey)).userId === user.user_id
  return false
}

/** With what a person can show here who they are. None: they sign in with a provider alone. */
export async function proofsOf(pacs: Pick<Pacs, 'database'>, user: UserRow): Promise<ProofKind[]> {
  const { codesSince, passkeys } = await secondFactorsOf(pacs.database, user.user_id)
  return [
    ...(user.password_hash === null ? [] : (['password'] as const)),
    ...(codesSince === null ? [] : (['code'] as const)),
    ...(passkeys === 0 ? [] : (['passkey'] as const)),
  ]
}

/**
 * The same for whoever may have nothing to show here: who signs in with a provider alone has shown it there, when this session began
 * or was proven within the last quarter of an hour. Errors: also 'forbidden' code 'proof-needed', 'sign-in-again-needed'.
 */
export async function reauthenticateAnyhow(
  pacs: Pacs,
  { user, authenticatedAt }: { readonly user: UserRow; readonly authenticatedAt: Date | null },
  proof: Proof,
  address?: string,
): Promise<void> {
  if (proof.password !== undefined || proof.code !== undefined || proof.passkey !== undefined)
    return reauthenticate(pacs, user, proof, address)
  if ((await proofsOf(pacs, user)).length > 0)
    throw new YunyingError('forbidden', 'proof-needed', 'Show once more who you are.')
  if ((authenticatedAt?.getTime() ?? 0) > pacs.clock.now() - PROVEN_MS) return
  throw new YunyingError(
    'forbidden',
    'sign-in-again-needed',
    'Your sign-in is more than a quarter of an hour old. Sign out, sign in again, and ask once more.',
  )
}
