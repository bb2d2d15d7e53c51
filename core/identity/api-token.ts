import type { Action } from '../access/policy.ts'
import type { Principal } from '../access/principal.ts'
import { recordAudit } from '../audit/record-audit.ts'
import { notFound } from '../errors.ts'
import type { Pacs } from '../pacs.ts'
import type { Queryable } from '../ports/database.ts'
import { publishRegistry } from './registry.ts'
import { hashSecretToken, newSecretToken } from './secret-token.ts'
import type { UserRow } from './user-table.ts'

const DEFAULT_DAYS = 90

export interface ApiTokenRow {
  readonly token_id: string
  readonly label: string
  readonly actions: Action[] | null
  readonly created_at: Date
  readonly expires_at: Date | null
  readonly last_used_at: Date | null
}

/**
 * A bearer token that acts as the user, until it expires. Only its hash is kept.
 *
 * @param options.actions what of the user's rights it has; all where it is not given. What their roles do not allow, it never can.
 * @param principal who makes it, where that is to be recorded
 */
export async function createApiToken(
  pacs: Pacs,
  user: UserRow,
  options: { label: string; days?: number | undefined; actions?: readonly Action[] | undefined },
  principal: Principal = operator(user),
): Promise<string> {
  const token = newSecretToken()
  const expiresAt = new Date(pacs.clock.now() + (options.days ?? DEFAULT_DAYS) * 86_400_000)
  await pacs.database.transaction(async (tx) => {
    await tx.query(
      'insert into api_token (token_hash, user_id, label, expires_at, actions) values ($1, $2, $3, $4, $5)',
      [hashSecretToken(token), user.user_id, options.label, expiresAt, options.actions ?? null],
    )
    await recordAudit(tx, principal, {
      event: 'configuration-changed',
      outcome: 'success',
      detail: {
        change: 'token-created',
        subject: user.user_id,
        ...(options.actions === undefined ? {} : { actions: options.actions.join(',') }),
      },
    })
  })
  await publishRegistry(pacs)
  return token
}

/** Tokens of this person that have not expired, the newest first. */
export async function listApiTokens(database: Queryable, userId: string): Promise<ApiTokenRow[]> {
  return database.query<ApiTokenRow>(
    `select token_id, label, actions, created_at, expires_at, last_used_at from api_token
     where user_id = $1 and (expires_at is null or expires_at > now()) order by created_at desc`,
    [userId],
  )
}

/** Ends one token of a user at once. Errors: 'not-found' code 'token-not-found'. */
export async function revokeApiToken(
  pacs: Pacs,
  principal: Principal,
  user: UserRow,
  tokenId: string,
): Promise<void> {
  const revoked = await revoke(pacs, principal, user, 'and token_id::text = $2', [tokenId])
  if (revoked === 0) throw notFound('token-not-found', 'This token has ended already. Reload the page.')
}

/** Ends every bearer token of a user, at once and for good: one of them is in the wrong hands. Answers how many there were. */
export const revokeApiTokens = (pacs: Pacs, user: UserRow): Promise<number> =>
  revoke(pacs, operator(user), user, '', [])

async function revoke(
  pacs: Pacs,
  principal: Principal,
  user: UserRow,
  which: string,
  params: readonly string[],
): Promise<number> {
  const revoked = await pacs.database.transaction(async (tx) => {
    const rows = await tx.query(`delete from api_token where user_id = $1 ${which} returning 1`, [
      user.user_id,
      ...params,
    ])
    await tx.query(`select pg_notify('access_changed', $1)`, [user.user_id])
    await recordAudit(tx, principal, {
      event: 'configuration-changed',
      outcome: 'success',
      detail: { change: 'tokens-revoked', subject: user.user_id, count: rows.length },
    })
    return rows.length
  })
  await publishRegistry(pacs)
  return revoked
}

const operator = (user: UserRow): Principal => ({
  kind: 'system',
  organisationId: user.organisation_id,
  reason: 'command-line',
})
