import type Koa from 'koa'
import type { Principal } from '../../core/access/principal.ts'
import { findTokenOwner, principalOf } from '../../core/identity/session.ts'
import type { UserRow } from '../../core/identity/user-table.ts'
import type { Pacs } from '../../core/pacs.ts'

export const SESSION_COOKIE = 'yunying_session'

export interface Authenticated {
  readonly principal: Principal
  readonly user: UserRow
  readonly token: string
}

/** Who a request comes from. Remembers a token for a few seconds; forgets all at once when rights change anywhere. */
export interface Authenticator {
  authenticate(ctx: Koa.Context): Promise<Authenticated | undefined>
  forget(): void
}

const REMEMBER_MS = 5_000
const REMEMBER_MOST = 10_000

export function createAuthenticator(pacs: Pacs): Authenticator {
  const remembered = new Map<string, { until: number; user: UserRow; bySession: boolean }>()

  async function ownerOf(token: string): Promise<{ user: UserRow; bySession: boolean } | undefined> {
    const known = remembered.get(token)
    if (known !== undefined && known.until > pacs.clock.now()) return known
    remembered.delete(token)
    const owner = await findTokenOwner(pacs, token)
    if (owner === undefined) return undefined
    if (remembered.size >= REMEMBER_MOST) remembered.clear()
    remembered.set(token, { ...owner, until: pacs.clock.now() + REMEMBER_MS })
    return owner
  }

  return {
    async authenticate(ctx) {
      const token = bearerToken(ctx) ?? ctx.cookies.get(SESSION_COOKIE)
      if (token === undefined || token.length > 200) return undefined
      const owner = await ownerOf(token)
      if (owner === undefined) return undefined
      return { token, user: owner.user, principal: principalOf(owner.user, owner.bySession, ctx.ip) }
    },
    forget: () => remembered.clear(),
  }
}

/** The token of an `Authorization: Bearer` header. */
export function bearerToken(ctx: Koa.Context): string | undefined {
  const header = ctx.get('Authorization')
  return /^bearer /i.test(header) ? header.slice(7).trim() : undefined
}
