import type { Queryable } from '../ports/database.ts'
import { hashSecretToken, newSecretToken } from './secret-token.ts'

/** A new session of this account until `expiresAt`: its token, which is kept only as a hash. */
export async function openSession(
  database: Queryable,
  userId: string,
  { expiresAt, userAgent }: { expiresAt: Date; userAgent?: string | undefined },
): Promise<string> {
  const token = newSecretToken()
  await database.query(
    'insert into session (token_hash, user_id, expires_at, user_agent) values ($1, $2, $3, $4)',
    [hashSecretToken(token), userId, expiresAt, userAgent?.slice(0, 300) ?? null],
  )
  return token
}
