import type Koa from 'koa'
import { asArchive } from '../../../core/access/organisation-wall.ts'
import { ChangePassword, SessionSettings } from '../../../core/contract/api.ts'
import { PasskeyAnswer, SignIn } from '../../../core/contract/account.ts'
import { YunyingError } from '../../../core/errors.ts'
import type { SignedIn } from '../../../core/identity/begin-session.ts'
import { countAttempt } from '../../../core/identity/attempts.ts'
import { beginPasskeySignIn } from '../../../core/identity/passkeys.ts'
import { changePassword, PASSKEYS, signIn, signInByPasskey, signOut } from '../../../core/identity/session.ts'
import { findTokenOwner, principalOf } from '../../../core/identity/token-owner.ts'
import { updateUser } from '../../../core/identity/user-table.ts'
import type { Pacs } from '../../../core/pacs.ts'
import { SESSION_COOKIE, shareCookie, type Authenticated, type Authenticator } from '../authenticator.ts'
import { bySecret } from '../by-secret.ts'
import { originOf } from '../origin.ts'
import { readJson } from '../read-json.ts'
import { signedIn, type RouteDefinition } from '../route.ts'
import { browserToken, setSessionCookie, setSignedInCookies } from '../session-cookie.ts'
import { presentSession } from './present-session.ts'

/** /api/session: sign in, who am I, change the password, settings, sign out. */
export function sessionRoutes(pacs: Pacs, authenticator: Authenticator): RouteDefinition[] {
  return [
    bySecret('POST', '/api/session', async ({ ctx }) => {
      await answerSignedIn(
        pacs,
        ctx,
        await signIn(pacs, { ...(await readJson(ctx, SignIn)), ...comerOf(ctx) }),
      )
    }),

    bySecret('POST', '/api/session/passkey/options', async ({ ctx }) => {
      await countAttempt(pacs.database, `passkey|${ctx.ip}`, PASSKEYS)
      ctx.set('Cache-Control', 'no-store')
      ctx.body = await beginPasskeySignIn(pacs, originOf(pacs, ctx))
    }),

    bySecret('POST', '/api/session/passkey', async ({ ctx }) => {
      const answer = await readJson(ctx, PasskeyAnswer)
      await answerSignedIn(pacs, ctx, await signInByPasskey(pacs, { ...answer, ...comerOf(ctx) }))
    }),

    signedIn('GET', '/api/session', async ({ ctx }) => {
      ctx.set('Cache-Control', 'no-store')
      ctx.body = presentSession(await signedInUser(authenticator, ctx))
    }),

    signedIn('POST', '/api/session/password', async ({ ctx }) => {
      const input = await readJson(ctx, ChangePassword)
      const { user, token } = await signedInUser(authenticator, ctx)
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

    signedIn('DELETE', '/api/session', async ({ ctx, principal }) => {
      const { token, share } = await signedInUser(authenticator, ctx)
      await asArchive(() => signOut(pacs, principal, token))
      authenticator.forget()
      setSessionCookie(pacs, ctx, share === undefined ? SESSION_COOKIE : shareCookie(share.handle), undefined)
      ctx.status = 204
    }),
  ]
}

/** Where somebody who signs in comes from. */
export const comerOf = (
  ctx: Koa.Context,
): { address: string; userAgent: string; browser: string | undefined } => ({
  address: ctx.ip,
  userAgent: ctx.get('User-Agent'),
  browser: browserToken(ctx),
})

/** Sets the cookies of a new session, and answers who signed in. */
export async function answerSignedIn(pacs: Pacs, ctx: Koa.Context, session: SignedIn): Promise<void> {
  const owner = await findTokenOwner(pacs, session.token)
  if (owner === undefined) throw new YunyingError('unauthenticated', 'sign-in-needed', 'Sign in again.')
  setSignedInCookies(pacs, ctx, session)
  ctx.set('Cache-Control', 'no-store')
  ctx.body = presentSession({ ...owner, principal: principalOf(owner, ctx.ip, pacs.clock.now()) })
}

async function signedInUser(authenticator: Authenticator, ctx: Koa.Context): Promise<Authenticated> {
  const who = await authenticator.authenticate(ctx)
  if (who === undefined) throw new YunyingError('unauthenticated', 'sign-in-needed', 'Sign in first.')
  return who
}
