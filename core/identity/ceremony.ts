import type { Queryable } from '../ports/database.ts'
import { hashSecretToken, newSecretToken } from './secret-token.ts'

/** What was begun and is ended once, by whoever holds its token. */
export type CeremonyKind = 'passkey-registration' | 'passkey-sign-in' | 'provider-sign-in'

/** The token of something begun; only its hash is kept, with what its end needs to know. */
export async function beginCeremony(
  database: Queryable,
  ceremony: { kind: CeremonyKind; userId?: string; state: object; seconds: number },
): Promise<string> {
  const token = newSecretToken()
  await database.query(
    `with gone as (delete from ceremony where expires_at < now())
     insert into ceremony (ceremony_hash, kind, user_id, state, expires_at)
     values ($1, $2, $3, $4::jsonb, now() + make_interval(secs => $5))`,
    [
      hashSecretToken(token),
      ceremony.kind,
      ceremony.userId ?? null,
      JSON.stringify(ceremony.state),
      ceremony.seconds,
    ],
  )
  return token
}

/** What was begun, which is over now; undefined when there is no such thing, it is too late, or it was ended before. */
export async function endCeremony<State>(
  database: Queryable,
  kind: CeremonyKind,
  token: string,
): Promise<{ userId: string | null; state: State } | undefined> {
  const [row] = await database.query<{ user_id: string | null; state: State }>(
    'delete from ceremony where ceremony_hash = $1 and kind = $2 and expires_at > now() returning user_id, state',
    [hashSecretToken(token), kind],
  )
  return row === undefined ? undefined : { userId: row.user_id, state: row.state }
}
