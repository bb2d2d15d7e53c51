import type { Queryable } from '../ports/database.ts'
import { hashSecretToken } from './secret-token.ts'

/** How long a browser is trusted after the last sign-in on it. Days. */
export const TRUSTED_DAYS = 180

/** Whether this account has signed in on the browser that holds the token. */
export async function isTrustedBrowser(
  database: Queryable,
  userId: string,
  token: string | undefined,
): Promise<boolean> {
  if (token === undefined) return false
  const rows = await database.query(
    'select 1 from trusted_browser where token_hash = $1 and user_id = $2 and expires_at > now()',
    [hashSecretToken(token), userId],
  )
  return rows.length > 0
}

/** The browser is this account's from now on, beside those whose it is already. */
export async function trustBrowser(
  database: Queryable,
  user: { readonly user_id: string; readonly organisation_id: string },
  token: string,
): Promise<void> {
  await database.query(
    `insert into trusted_browser (token_hash, user_id, organisation_id, expires_at)
     values ($1, $2, $3, now() + make_interval(days => ${TRUSTED_DAYS}))
     on conflict (token_hash, user_id) do update set expires_at = excluded.expires_at`,
    [hashSecretToken(token), user.user_id, user.organisation_id],
  )
}

/** A password that somebody else may have known: no browser is trusted for it any more. */
export async function distrustBrowsers(database: Queryable, userId: string): Promise<void> {
  await database.query('delete from trusted_browser where user_id = $1 or expires_at < now()', [userId])
}
