import type { Account } from '../../../core/contract/account.ts'
import { listApiTokens } from '../../../core/identity/api-token.ts'
import { listSessions } from '../../../core/identity/own-sessions.ts'
import { listPasskeys } from '../../../core/identity/passkeys.ts'
import { secondFactorsOf } from '../../../core/identity/second-factor.ts'
import { needsSecondFactor, readSignInSettings } from '../../../core/identity/sign-in-settings.ts'
import type { Pacs } from '../../../core/pacs.ts'
import type { Authenticated } from '../authenticator.ts'

/** All of how somebody signs in. */
export async function presentAccount(
  { database }: Pick<Pacs, 'database'>,
  { user, token }: Authenticated,
  isProven: boolean,
): Promise<Account> {
  const [factors, settings, passkeys, sessions, tokens] = await Promise.all([
    secondFactorsOf(database, user.user_id),
    readSignInSettings(database, user.organisation_id),
    listPasskeys(database, user.user_id),
    listSessions(database, user, token),
    listApiTokens(database, user.user_id),
  ])
  return {
    hasPassword: user.password_hash !== null,
    isProven,
    codes: { since: time(factors.codesSince), recoveryCodesLeft: factors.recoveryCodesLeft },
    isSecondFactorNeeded: needsSecondFactor(settings, user.roles),
    passkeys: passkeys.map((passkey) => ({
      passkeyId: passkey.passkey_id,
      name: passkey.name,
      isBackedUp: passkey.backed_up,
      createdAt: passkey.created_at.toISOString(),
      lastUsedAt: time(passkey.last_used_at),
    })),
    sessions: sessions.map((session) => ({
      sessionId: session.session_id,
      address: session.address,
      userAgent: session.user_agent,
      method: session.method,
      since: session.created_at.toISOString(),
      lastSeenAt: session.last_seen_at.toISOString(),
      isThis: session.own,
    })),
    tokens: tokens.map((each) => ({
      tokenId: each.token_id,
      label: each.label,
      actions: each.actions,
      createdAt: each.created_at.toISOString(),
      expiresAt: time(each.expires_at),
      lastUsedAt: time(each.last_used_at),
    })),
  }
}

const time = (date: Date | null): string | null => date?.toISOString() ?? null
