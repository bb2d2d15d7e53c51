import type Koa from 'koa'
import { TRUSTED_DAYS } from '../../core/identity/trusted-browser.ts'
import type { Pacs } from '../../core/pacs.ts'
import { SESSION_COOKIE } from './authenticator.ts'

/** Sets the cookie of a session until it ends; `undefined` takes it back. */
export function setSessionCookie(
  pacs: Pick<Pacs, 'config'>,
  ctx: Koa.Context,
  name: string,
  session: { readonly token: string; readonly expiresAt: Date } | undefined,
): void {
  const secure = ctx.secure || (pacs.config.publicUrl?.startsWith('https:') ?? false)
  // koa refuses `secure` on a plain connection behind a TLS proxy; the public URL is what the browser sees.
  ctx.cookies.secure = secure
  ctx.cookies.set(name, session?.token ?? null, {
    httpOnly: true,
    sameSite: 'lax',
    secure,
    path: '/',
    ...(session === undefined ? {} : { expires: session.expiresAt }),
  })
}

/** Says that somebody has signed in on this browser; opens nothing. */
const BROWSER_COOKIE = 'yunying_browser'

export const browserToken = (ctx: Koa.Context): string | undefined => {
  const token = ctx.cookies.get(BROWSER_COOKIE)
  return token !== undefined && /^[\w-]{43}$/.test(token) ? token : undefined
}

/** Sets the cookies of somebody who has signed in: the session's, and that of the browser. */
export function setSignedInCookies(
  pacs: Pick<Pacs, 'config' | 'clock'>,
  ctx: Koa.Context,
  session: { readonly token: string; readonly expiresAt: Date; readonly browser: string },
): void {
  setSessionCookie(pacs, ctx, SESSION_COOKIE, session)
  const expiresAt = new Date(pacs.clock.now() + TRUSTED_DAYS * 86_400_000)
  setSessionCookie(pacs, ctx, BROWSER_COOKIE, { token: session.browser, expiresAt })
}
