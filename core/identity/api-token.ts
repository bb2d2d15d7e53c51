import { recordAudit } from '../audit/record-audit.ts'
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

/** Ends every bearer token of a user, at once and for good: one of them is in the wrong hands. Answers how many there were. */
export async function revokeApiTokens(pacs: Pacs, user: UserRow): Promise<number> {
  const revoked = await pacs.database.transaction(async (tx) => {
    const rows = await tx.query('delete from api_token where user_id = $1 returning 1', [user.user_id])
    await tx.query(`select pg_notify('access_changed', $1)`, [user.user_id])
    await recordAudit(
      tx,
      { kind: 'system', organisationId: user.organisation_id, reason: 'command-line' },
      {
        event: 'configuration-changed',
        outcome: 'success',
        detail: { change: 'tokens-revoked', subject: user.user_id, count: rows.length },
      },
    )
    return rows.length
  })
  await publishRegistry(pacs)
  return revoked
}
