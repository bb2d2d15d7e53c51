import type Koa from 'koa'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { asArchive } from '../../../core/access/organisation-wall.ts'
import { ChangePassword, SessionSettings, SignIn } from '../../../core/contract/api.ts'
import { YunyingError } from '../../../core/errors.ts'
import { changePassword, signIn, signOut } from '../../../core/identity/session.ts'
import { findTokenOwner, principalOf } from '../../../core/identity/token-owner.ts'
import { updateUser } from '../../../core/identity/user-table.ts'
import type { Pacs } from '../../../core/pacs.ts'
import { SESSION_COOKIE, shareCookie, type Authenticated, type Authenticator } from '../authenticator.ts'
import { consume } from '../rate-limit.ts'
import { readJson } from '../read-json.ts'
import { anonymous, signedIn, type RouteDefinition } from '../route.ts'
import { setSessionCookie } from '../session-cookie.ts'
import { presentSession } from './present-session.ts'

/** /api/session: sign in, who am I, change the password, settings, sign out. */
export function sessionRoutes(pacs: Pacs, authenticator: Authenticator): RouteDefinition[] {
  // By address and account together: a guesser slows only himself down, not the account's owner elsewhere.
  const attempts = new RateLimiterMemory({ points: 10, duration: 300 })

  return [
    anonymous('POST', '/api/session', async ({ ctx }) => {
      const input = await readJson(ctx, SignIn)
      const attempt = `${ctx.ip}|${input.email.toLowerCase()}`
      await consume(attempts, attempt)
      const from = { address: ctx.ip, userAgent: ctx.get('User-Agent') }
      const { session, owner } = await asArchive(async () => {
        const session = await signIn(pacs, { ...input, ...from })
        return { session, owner: await findTokenOwner(pacs, session.token) }
      })
      await attempts.delete(attempt)
      setSessionCookie(pacs, ctx, SESSION_COOKIE, session)
      ctx.set('Cache-Control', 'no-store')
      if (owner === undefined) throw new YunyingError('unauthenticated', 'sign-in-needed', 'Sign in again.')
      ctx.body = presentSession({ user: owner.user, principal: principalOf(owner, ctx.ip, pacs.clock.now()) })
    }),

    signedIn('GET', '/api/session', async ({ ctx }) => {
      ctx.set('Cache-Control', 'no-store')
      ctx.body = presentSession(await signedInUser(authenticator, ctx))
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
      // One's own account, which the guest of a copy has in another organisation.
      await asArchive(() => updateUser(pacs.database, user.user_id, { language }))
      ctx.status = 204
    }),

    signedIn('DELETE', '/api/session', async ({ ctx }) => {
      const { token, share } = await signedInUser(authenticator, ctx)
      await asArchive(() => signOut(pacs, token))
      authenticator.forget()
      setSessionCookie(pacs, ctx, share === undefined ? SESSION_COOKIE : shareCookie(share.handle), undefined)
      ctx.status = 204
    }),
  ]
}

async function signedInUser(authenticator: Authenticator, ctx: Koa.Context): Promise<Authenticated> {
  const who = await authenticator.authenticate(ctx)
  if (who === undefined) throw new YunyingError('unauthenticated', 'sign-in-needed', 'Sign in first.')
  return who
}
