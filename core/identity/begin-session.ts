import type { Principal } from '../access/principal.ts'
import { recordAudit } from '../audit/record-audit.ts'
import type { Pacs } from '../pacs.ts'
import { openSession, type SessionMethod } from './open-session.ts'
import { newSecretToken } from './secret-token.ts'
import { readSignInSettings } from './sign-in-settings.ts'
import { trustBrowser } from './trusted-browser.ts'
import type { UserRow } from './user-table.ts'

/** Where a sign-in comes from. */
export interface Comer {
  readonly address?: string | undefined
  readonly userAgent?: string | undefined
  /** The token of a browser somebody has signed in on before. */
  readonly browser?: string | undefined
}

export interface SignedIn {
  readonly token: string
  readonly expiresAt: Date
  readonly user: UserRow
  /** What the browser keeps, to be known again. */
  readonly browser: string
}

/** A session for somebody who has shown who they are; the browser is theirs from now on. */
export async function beginSession(
  pacs: Pacs,
  user: UserRow,
  { method, address, userAgent, browser = newSecretToken() }: Comer & { method: SessionMethod },
): Promise<SignedIn> {
  const { sessionHours } = await readSignInSettings(pacs.database, user.organisation_id)
  const expiresAt = new Date(pacs.clock.now() + sessionHours * 3_600_000)
  const token = await pacs.database.transaction(async (tx) => {
    await trustBrowser(tx, user, browser)
    await recordAudit(tx, asPrincipal(user, address), {
      event: 'user-authentication',
      outcome: 'success',
      detail: { method },
    })
    return openSession(tx, user.user_id, { method, expiresAt, userAgent, address })
  })
  return { token, user, expiresAt, browser }
}

/** The person as who knocks, for the record. */
export const asPrincipal = (user: UserRow, address?: string): Principal => ({
  kind: 'user',
  userId: user.user_id,
  organisationId: user.organisation_id,
  roles: user.roles,
  address,
})
