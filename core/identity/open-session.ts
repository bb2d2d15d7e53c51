import type { Queryable } from '../ports/database.ts'
import { hashSecretToken, newSecretToken } from './secret-token.ts'

/** What somebody showed to get in; `link`: a share's guest; `slip`: a patient. */
export type SessionMethod =
  'password' | 'password+code' | 'passkey' | 'provider' | 'invitation' | 'link' | 'slip'

/** A new session of this account until `expiresAt`: its token, which is kept only as a hash. */
export async function openSession(
  database: Queryable,
  userId: string,
  session: {
    method: SessionMethod
    expiresAt: Date
    userAgent?: string | undefined
    address?: string | undefined
  },
): Promise<string> {
  const token = newSecretToken()
  await database.query(
    `insert into session (token_hash, user_id, expires_at, user_agent, address, method)
     values ($1, $2, $3, $4, $5, $6)`,
    [
      hashSecretToken(token),
      userId,
      session.expiresAt,
      session.userAgent?.slice(0, 300) ?? null,
      session.address ?? null,
      session.method,
    ],
  )
  return token
}
