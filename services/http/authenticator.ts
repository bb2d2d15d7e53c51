import type Koa from 'koa'
import { asArchive } from '../../core/access/organisation-wall.ts'
import type { Principal } from '../../core/access/principal.ts'
import {
  findTokenOwner,
  principalOf,
  type OpenedShare,
  type TokenOwner,
} from '../../core/identity/token-owner.ts'
import type { UserRow } from '../../core/identity/user-table.ts'
import type { Pacs } from '../../core/pacs.ts'
import { createRemembered } from '../../core/remembered.ts'

export const SESSION_COOKIE = 'yunying_session'

export interface Authenticated {
  readonly principal: Principal
  readonly user: UserRow
  /** The link this was opened by. */
  readonly share?: OpenedShare
  readonly token: string
  /** By the cookie of a session; else by an API token. */
  readonly bySession: boolean
  readonly needsSecondFactor: boolean
  readonly authenticatedAt: Date | null
}

/** Who a request comes from. Remembers a token for a few seconds; forgets all at once when rights change anywhere. */
export interface Authenticator {
  authenticate(ctx: Koa.Context): Promise<Authenticated | undefined>
  forget(): void
}

const REMEMBER = { forMs: 5_000, most: 10_000 }

export function createAuthenticator(pacs: Pacs): Authenticator {
  const remembered = createRemembered<TokenOwner>(pacs.clock, REMEMBER)

  async function ownerOf(token: string): Promise<TokenOwner | undefined> {
    const known = remembered.get(token)
    if (known !== undefined) return known
    // Whose organisation it is is not known before.
    const owner = await asArchive(() => findTokenOwner(pacs, token))
    if (owner === undefined) return undefined
    remembered.set(token, owner)
    return owner
  }

  return {
    async authenticate(ctx) {
      const token = bearerToken(ctx) ?? ctx.cookies.get(cookieOf(ctx))
      if (token === undefined || token.length > 200) return undefined
      const owner = await ownerOf(token)
      if (owner === undefined) return undefined
      return {
        token,
        user: owner.user,
        bySession: owner.bySession,
        needsSecondFactor: owner.needsSecondFactor,
        authenticatedAt: owner.authenticatedAt,
        ...(owner.share === undefined ? {} : { share: owner.share }),
        principal: principalOf(owner, ctx.ip, pacs.clock.now()),
      }
    },
    forget: remembered.clear,
  }
}

export const shareCookie = (handle: string): string => `yunying_share_${handle}`

/**
 * The cookie that a request asks to be judged by. A page of a share link names its handle, in a header or, where a browser
 * sends none (images, live events), in the query: then it is the link's guest, whoever else is signed in beside it.
 */
function cookieOf(ctx: Koa.Context): string {
  const handle = ctx.get('Yunying-Share') || ctx.URL.searchParams.get('share')
  if (handle === null || handle === '') return SESSION_COOKIE
  return /^[\w-]{1,32}$/.test(handle) ? shareCookie(handle) : 'none'
}

/** The token of an `Authorization: Bearer` header. */
export function bearerToken(ctx: Koa.Context): string | undefined {
  const header = ctx.get('Authorization')
  return /^bearer /i.test(header) ? header.slice(7).trim() : undefined
}
