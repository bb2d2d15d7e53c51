import { recordAudit } from '../audit/record-audit.ts'
import { YunyingError } from '../errors.ts'
import type { Pacs } from '../pacs.ts'
import { countAttempt, forgetAttempts } from './attempts.ts'
import { asPrincipal } from './begin-session.ts'
import { takePasskey } from './passkeys.ts'
import { passwordMatches } from './password.ts'
import { takeSecondFactor } from './second-factor.ts'
import type { UserRow } from './user-table.ts'

/** One of: the password; a code of the authenticator or a recovery code; a passkey's answer. */
export interface Proof {
  readonly password?: string | undefined
  readonly code?: string | undefined
  readonly passkey?: { readonly ceremony: string; readonly response: unknown } | undefined
}

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
