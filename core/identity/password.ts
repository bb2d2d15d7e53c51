import { hash, verify } from '@node-rs/argon2'
import { invalid } from '../errors.ts'
import { isGuessablePassword } from './guessable-password.ts'

/** argon2id, 19 MiB, 2 passes: OWASP's first recommended setting. */
const SETTINGS = { memoryCost: 19456, timeCost: 2, parallelism: 1 }

/** A valid hash of nothing anyone knows: checked when the account is unknown, so that the answer takes as long. */
const NOBODY =
  '$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$cl7NF4xvdFpo8B7X0gVDmBWAPpRVYtqoL4SWbzT9FSk'

/** The argon2id hash of a password. Errors: kind 'invalid' code 'password-too-short'. */
export async function hashPassword(password: string): Promise<string> {
  if (password.length < 8) throw invalid('password-too-short', 'Choose a password of at least 8 characters.')
  return hash(password, SETTINGS)
}

/**
 * The hash of a password that a person or an administrator chose. Errors: as `hashPassword`; 'invalid' code 'password-common' for
 * one that is tried first.
 */
export async function hashNewPassword(
  password: string,
  owner: { readonly email: string; readonly display_name: string },
): Promise<string> {
  if (isGuessablePassword(password, [owner.email, owner.display_name]))
    throw invalid(
      'password-common',
      'This password is among the first that are guessed. Choose another: a few words that do not belong together are good.',
    )
  return hashPassword(password)
}

/** Whether the password is the one; takes as long for an account that has none. */
export async function passwordMatches(stored: string | null | undefined, password: string): Promise<boolean> {
  const matches = await verify(stored ?? NOBODY, password)
  return matches && stored !== null && stored !== undefined
}
