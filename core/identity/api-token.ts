import type { Pacs } from '../pacs.ts'
import { publishRegistry } from './registry.ts'
import { hashSecretToken, newSecretToken } from './secret-token.ts'
import type { UserRow } from './user-table.ts'

const DEFAULT_DAYS = 90

/** A bearer token that acts as the user, until it expires. Only its hash is kept. */
export async function createApiToken(
  pacs: Pacs,
  user: UserRow,
  options: { label: string; days?: number | undefined },
): Promise<string> {
  const token = newSecretToken()
  const expiresAt = new Date(pacs.clock.now() + (options.days ?? DEFAULT_DAYS) * 86_400_000)
  await pacs.database.query(
    'insert into api_token (token_hash, user_id, label, expires_at) values ($1, $2, $3, $4)',
    [hashSecretToken(token), user.user_id, options.label, expiresAt],
  )
  await publishRegistry(pacs)
  return token
}
