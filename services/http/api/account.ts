import type Koa from 'koa'
import * as account from '../../../core/contract/account.ts'
import { YunyingError } from '../../../core/errors.ts'
import { createApiToken, revokeApiToken } from '../../../core/identity/api-token.ts'
import { endSessions } from '../../../core/identity/own-sessions.ts'
import {
  addPasskey,
  beginPasskey,
  beginPasskeySignIn,
  removePasskey,
  renamePasskey,
} from '../../../core/identity/passkeys.ts'
import { PROVEN_MS, reauthenticate } from '../../../core/identity/reauthenticate.ts'
import {
  beginCodes,
  confirmCodes,
  removeCodes,
  renewRecoveryCodes,
} from '../../../core/identity/second-factor.ts'
import { hashSecretToken } from '../../../core/identity/secret-token.ts'
import type { Pacs } from '../../../core/pacs.ts'
import type { Authenticated, Authenticator } from '../authenticator.ts'
import { originOf } from '../origin.ts'
import { readJson } from '../read-json.ts'
import { signedIn, type Method, type RouteDefinition, type SignedInContext } from '../route.ts'
import { presentAccount } from './present-account.ts'

interface OwnContext extends SignedInContext {
  readonly who: Authenticated
}

/** /api/account: how I sign in, where I am signed in, and my tokens. Of people in a session of their own. */
export function accountRoutes(pacs: Pacs, authenticator: Authenticator): RouteDefinition[] {
  const isProven = (who: Authenticated): boolean =>
    (who.authenticatedAt?.getTime() ?? 0) > pacs.clock.now() - PROVEN_MS

  const own = (
    method: Method,
    path: string,
    handle: (context: OwnContext) => Promise<unknown>,
    { needsProof = false } = {},
  ): RouteDefinition =>
    signedIn(method, path, async (context) => {
      const who = await sessionOf(authenticator, context.ctx)
      if (needsProof && !isProven(who))
        throw new YunyingError('forbidden', 'proof-needed', 'Show once more who you are.')
      context.ctx.set('Cache-Control', 'no-store')
      const body = await handle({ ...context, who })
      if (method !== 'GET') authenticator.forget()
      if (body === undefined) context.ctx.status = 204
      else context.ctx.body = body
    })
  const PROOF = { needsProof: true }

  return [
    own('GET', '/api/account', ({ who }) => presentAccount(pacs, who, isProven(who))),
    own('POST', '/api/account/proof', async ({ ctx, who }) => {
      await reauthenticate(pacs, who.user, await readJson(ctx, account.ProofGiven), ctx.ip)
      await pacs.database.query('update session set authenticated_at = now() where token_hash = $1', [
        hashSecretToken(who.token),
      ])
    }),
    own('POST', '/api/account/proof/passkey', ({ ctx }) => beginPasskeySignIn(pacs, originOf(pacs, ctx))),

    own('POST', '/api/account/codes', ({ who }) => beginCodes(pacs, who.user), PROOF),
    own(
      'POST',
      '/api/account/codes/confirmation',
      async ({ ctx, who, principal }) => {
        const { code } = await readJson(ctx, account.ConfirmCodes)
        const input = { code, sessionToken: who.token }
        return { recoveryCodes: await confirmCodes(pacs, principal, who.user, input) }
      },
      PROOF,
    ),
    own(
      'POST',
      '/api/account/codes/recovery',
      async ({ who, principal }) => ({ recoveryCodes: await renewRecoveryCodes(pacs, principal, who.user) }),
      PROOF,
    ),
    own(
      'DELETE',
      '/api/account/codes',
      ({ who, principal }) => removeCodes(pacs, principal, who.user),
      PROOF,
    ),

    own(
      'POST',
      '/api/account/passkeys/options',
      ({ ctx, who }) => beginPasskey(pacs, who.user, originOf(pacs, ctx)),
      PROOF,
    ),
    own(
      'POST',
      '/api/account/passkeys',
      async ({ ctx, who, principal }) => {
        const input = await readJson(ctx, account.AddPasskey)
        await addPasskey(pacs, principal, who.user, { ...input, sessionToken: who.token })
      },
      PROOF,
    ),
    own('PATCH', '/api/account/passkeys/:passkey', async ({ ctx, who, params }) => {
      const { name } = await readJson(ctx, account.RenamePasskey)
      await renamePasskey(pacs, who.user, params['passkey'] ?? '', name)
    }),
    own(
      'DELETE',
      '/api/account/passkeys/:passkey',
      ({ who, principal, params }) => removePasskey(pacs, principal, who.user, params['passkey'] ?? ''),
      PROOF,
    ),

    own('DELETE', '/api/account/sessions', async ({ who, principal }) => {
      await endSessions(pacs, principal, who.user, { allBut: who.token })
    }),
    own('DELETE', '/api/account/sessions/:session', async ({ who, principal, params }) => {
      await endSessions(pacs, principal, who.user, { sessionId: params['session'] ?? '' })
    }),

    own(
      'POST',
      '/api/account/tokens',
      async ({ ctx, who, principal }) => {
        const { label, days, actions } = await readJson(ctx, account.CreateToken)
        const options = { label, days, actions: actions ?? undefined }
        return { token: await createApiToken(pacs, who.user, options, principal) }
      },
      PROOF,
    ),
    own('DELETE', '/api/account/tokens/:token', ({ who, principal, params }) =>
      revokeApiToken(pacs, principal, who.user, params['token'] ?? ''),
    ),
  ]
}

/** A person in a session of their own: a token changes nothing of how its owner signs in, nor does a link's guest. */
async function sessionOf(authenticator: Authenticator, ctx: Koa.Context): Promise<Authenticated> {
  const who = await authenticator.authenticate(ctx)
  if (who?.bySession !== true || who.share !== undefined)
    throw new YunyingError(
      'forbidden',
      'session-only',
      'This is done by a person who is signed in with a browser.',
    )
  return who
}
