import type Koa from 'koa'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { ACTIONS, roleCan } from '../../../core/access/policy.ts'
import { ChangePassword, SessionSettings, SignIn, type SessionUser } from '../../../core/contract/api.ts'
import { YunyingError } from '../../../core/errors.ts'
import { changePassword, signIn, signOut } from '../../../core/identity/session.ts'
import { updateUser, type UserRow } from '../../../core/identity/user-table.ts'
import type { Pacs } from '../../../core/pacs.ts'
import { SESSION_COOKIE, type Authenticator } from '../authenticator.ts'
import { readJson } from '../read-json.ts'
import { anonymous, signedIn, type RouteDefinition } from '../route.ts'

/** /api/session: sign in, who am I, change the password, settings, sign out. */
export function sessionRoutes(pacs: Pacs, authenticator: Authenticator): RouteDefinition[] {
  // By address and account together: a guesser slows only himself down, not the account's owner elsewhere.
  const attempts = new RateLimiterMemory({ points: 10, duration: 300 })

  return [
    anonymous('POST', '/api/session', async ({ ctx }) => {
      const input = await readJson(ctx, SignIn)
      const attempt = `${ctx.ip}|${input.email.toLowerCase()}`
      await consume(attempts, attempt)
      const session = await signIn(pacs, { ...input, address: ctx.ip, userAgent: ctx.get('User-Agent') })
      await attempts.delete(attempt)
      setSessionCookie(pacs, ctx, session.token, session.expiresAt)
      ctx.set('Cache-Control', 'no-store')
      ctx.body = presentSessionUser(session.user, true)
    }),

    signedIn('GET', '/api/session', async ({ ctx }) => {
      const { user, bySession } = await signedInUser(authenticator, ctx)
      ctx.set('Cache-Control', 'no-store')
      ctx.body = presentSessionUser(user, bySession)
    }),

    signedIn('POST', '/api/session/password', async ({ ctx }) => {
      const input = await readJson(ctx, ChangePassword)
      const { user, token } = await signedInUser(authenticator, ctx)
      await consume(attempts, `${ctx.ip}|${user.user_id}`)
      await changePassword(pacs, user, { ...input, keepToken: token })
      authenticator.forget()
      ctx.status = 204
    }),

    signedIn('PATCH', '/api/session', async ({ ctx }) => {
      const { language } = await readJson(ctx, SessionSettings)
      const { user } = await signedInUser(authenticator, ctx)
      await updateUser(pacs.database, user.user_id, { language })
      ctx.status = 204
    }),

    signedIn('DELETE', '/api/session', async ({ ctx }) => {
      const { token } = await signedInUser(authenticator, ctx)
      await signOut(pacs, token)
      authenticator.forget()
      ctx.cookies.set(SESSION_COOKIE, null)
      ctx.status = 204
    }),
  ]
}

async function consume(limiter: RateLimiterMemory, key: string): Promise<void> {
  try {
    await limiter.consume(key)
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal
    throw new YunyingError(
      'limit',
      'too-many-attempts',
      'Too many attempts. Wait a few minutes and try again.',
      {
        retryAfterSeconds: Math.ceil(refusal.msBeforeNext / 1000),
      },
    )
  }
}

async function signedInUser(
  authenticator: Authenticator,
  ctx: Koa.Context,
): Promise<{ user: UserRow; token: string; bySession: boolean }> {
  const who = await authenticator.authenticate(ctx)
  if (who === undefined) throw new YunyingError('unauthenticated', 'sign-in-needed', 'Sign in first.')
  return {
    ...who,
    bySession: who.principal.kind === 'user' && who.principal.mustChangePassword === true,
  }
}

function setSessionCookie(pacs: Pacs, ctx: Koa.Context, token: string, expires: Date): void {
  const secure = ctx.secure || (pacs.config.publicUrl?.startsWith('https:') ?? false)
  // koa refuses `secure` on a plain connection behind a TLS proxy; the public URL is what the browser sees.
  ctx.cookies.secure = secure
  ctx.cookies.set(SESSION_COOKIE, token, { httpOnly: true, sameSite: 'lax', secure, expires, path: '/' })
}

function presentSessionUser(user: UserRow, bySession: boolean): SessionUser {
  return {
    userId: user.user_id,
    email: user.email,
    displayName: user.display_name,
    organisationName: user.organisation_name,
    roles: user.roles,
    actions: ACTIONS.filter((action) => roleCan(user.roles, action)),
    language: user.language,
    mustChangePassword: bySession && user.must_change_password,
  }
}
