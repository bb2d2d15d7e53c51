import { recordAudit } from '../audit/record-audit.ts'
import type { Principal } from '../access/principal.ts'
import { notFound } from '../errors.ts'
import type { Pacs } from '../pacs.ts'
import type { Queryable } from '../ports/database.ts'
import { hashSecretToken } from './secret-token.ts'
import { readSignInSettings } from './sign-in-settings.ts'
import type { UserRow } from './user-table.ts'

export interface SessionRow {
  readonly session_id: string
  readonly address: string | null
  readonly user_agent: string | null
  readonly method: string
  readonly created_at: Date
  readonly last_seen_at: Date
  /** The one that asks. */
  readonly own: boolean
}

/** Where this person is signed in, the last seen first; those that have ended by their age or idleness are not among them. */
export async function listSessions(
  database: Queryable,
  user: UserRow,
  ownToken: string,
): Promise<SessionRow[]> {
  const { sessionIdleMinutes, sessionHours } = await readSignInSettings(database, user.organisation_id)
  return database.query<SessionRow>(
    `select session_id, address, user_agent, method, created_at, last_seen_at, token_hash = $2 as own
     from session where user_id = $1 and expires_at > now() and last_seen_at > now() - make_interval(mins => $3)
       and created_at > now() - make_interval(hours => $4) order by own desc, last_seen_at desc`,
    [user.user_id, hashSecretToken(ownToken), sessionIdleMinutes, sessionHours],
  )
}

/** Ends one session of this person, or all but the one that asks. Errors: 'not-found' code 'session-not-found'. */
export async function endSessions(
  pacs: Pick<Pacs, 'database'>,
  principal: Principal,
  user: UserRow,
  which: { sessionId: string } | { allBut: string },
): Promise<number> {
  return pacs.database.transaction(async (tx) => {
    const rows =
      'sessionId' in which
        ? await tx.query('delete from session where user_id = $1 and session_id::text = $2 returning 1', [
            user.user_id,
            which.sessionId,
          ])
        : await tx.query('delete from session where user_id = $1 and token_hash <> $2 returning 1', [
            user.user_id,
            hashSecretToken(which.allBut),
          ])
    if (rows.length === 0 && 'sessionId' in which)
      throw notFound('session-not-found', 'This session has ended already. Reload the page.')
    await recordAudit(tx, principal, {
      event: 'configuration-changed',
      outcome: 'success',
      detail: { change: 'sessions-ended', subject: user.user_id, count: rows.length },
    })
    await tx.query(`select pg_notify('access_changed', $1)`, [user.user_id])
    return rows.length
  })
}
