import type Koa from 'koa'
import type { Pacs } from '../../core/pacs.ts'

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
