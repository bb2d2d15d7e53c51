import type Koa from 'koa'
import type { Middleware } from 'koa'
import { YunyingError } from '../../../core/errors.ts'
import { bearerToken } from '../authenticator.ts'

/**
 * Refuses what another site makes a signed-in browser send: anything that changes something and is not authorised by a
 * bearer token (which no other site can send) must come from our own pages. Browsers say so in Sec-Fetch-Site, and in
 * Origin where the page is not on a secure address; what sends neither is no browser.
 */
export function sameOrigin(publicUrl: string | undefined): Middleware {
  const ownOrigin = publicUrl === undefined ? undefined : new URL(publicUrl).origin
  return async (ctx, next) => {
    const changes = !['GET', 'HEAD', 'OPTIONS'].includes(ctx.method)
    if (changes && bearerToken(ctx) === undefined && isForeign(ctx, ownOrigin)) {
      throw new YunyingError(
        'forbidden',
        'foreign-origin',
        'This request came from another site and was refused.',
      )
    }
    await next()
  }
}

function isForeign(ctx: Koa.Context, ownOrigin: string | undefined): boolean {
  const site = ctx.get('Sec-Fetch-Site')
  if (site !== '') return site !== 'same-origin' && site !== 'none'
  const origin = ctx.get('Origin')
  if (origin === '' || origin === ownOrigin) return false
  if (!URL.canParse(origin)) return true
  const { host, protocol } = new URL(origin)
  // The same host without TLS is whoever sits on the network. The other way round is a proxy in front that ends TLS.
  return host !== ctx.host.toLowerCase() || (ctx.secure && protocol !== 'https:')
}
