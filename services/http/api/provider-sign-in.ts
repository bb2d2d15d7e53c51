import type { SignInOptions } from '../../../core/contract/people.ts'
import { isYunyingError, type YunyingError } from '../../../core/errors.ts'
import { countAttempt } from '../../../core/identity/attempts.ts'
import { listedProviders } from '../../../core/identity/identity-providers.ts'
import { beginProviderSignIn, endProviderSignIn } from '../../../core/identity/provider-sign-in.ts'
import { readSignInLogo, signInOrganisation } from '../../../core/organisations/sign-in-organisation.ts'
import type { Pacs } from '../../../core/pacs.ts'
import { bySecret } from '../by-secret.ts'
import { originOf } from '../origin.ts'
import type { RouteDefinition } from '../route.ts'
import { setSessionCookie, setSignedInCookies } from '../session-cookie.ts'
import { comerOf } from './session.ts'

/** Binds a sign-in to the browser that began it: another's answer is not taken (login CSRF). */
const CEREMONY_COOKIE = 'yunying_sign_in'
const CEREMONY_MS = 900_000

/** Of one address. Each is a request of ours to the provider. */
const BEGINNINGS = { most: 60, seconds: 300 }

const CALLBACK = '/api/sign-in/callback'

/** /api/sign-in: where else people sign in, the way there, and the way back. Pages, not programs, come here. */
export function providerRoutes(pacs: Pacs): RouteDefinition[] {
  return [
    bySecret('GET', '/api/sign-in', async ({ ctx }) => {
      const providers = await listedProviders(pacs.database)
      ctx.set('Cache-Control', 'no-store')
      ctx.body = {
        organisation: await signInOrganisation(pacs),
        providers: providers.map(({ provider_id, name }) => ({ providerId: provider_id, name })),
      } satisfies SignInOptions
    }),

    bySecret('GET', '/api/sign-in/logo', async ({ ctx }) => {
      const logo = await readSignInLogo(pacs)
      // Its address changes with it.
      ctx.set('Cache-Control', 'public, max-age=86400')
      ctx.type = 'image/webp'
      ctx.body = Buffer.from(logo)
    }),

    bySecret('GET', CALLBACK, async ({ ctx }) => {
      const ceremony = ctx.cookies.get(CEREMONY_COOKIE) ?? ''
      setSessionCookie(pacs, ctx, CEREMONY_COOKIE, undefined)
      ctx.set('Cache-Control', 'no-store')
      const outcome = await endProviderSignIn(pacs, { ...comerOf(ctx), ceremony, query: ctx.search })
      if ('refused' in outcome) return ctx.redirect(failurePage(outcome.refused, outcome.to))
      setSignedInCookies(pacs, ctx, outcome.session)
      ctx.redirect(outcome.to)
    }),

    bySecret('GET', '/api/sign-in/:provider', async ({ ctx, params, query }) => {
      const to = pathOf(query.get('to'))
      ctx.set('Cache-Control', 'no-store')
      try {
        await countAttempt(pacs.database, `provider|${ctx.ip}`, BEGINNINGS)
        const redirectUri = `${originOf(pacs, ctx)}${CALLBACK}`
        const providerId = params['provider'] ?? ''
        const { url, ceremony } = await beginProviderSignIn(pacs, { providerId, redirectUri, to })
        const expiresAt = new Date(pacs.clock.now() + CEREMONY_MS)
        setSessionCookie(pacs, ctx, CEREMONY_COOKIE, { token: ceremony, expiresAt })
        ctx.redirect(url)
      } catch (error) {
        if (!isYunyingError(error)) throw error
        ctx.redirect(failurePage(error, to))
      }
    }),
  ]
}

/** The sign-in page, which says why it did not work and what to do. */
const failurePage = ({ code }: YunyingError, to: string): string =>
  `/sign-in/failed/${code}?${new URLSearchParams({ to }).toString()}`

/** A path of ours, and nothing that a browser takes for another site. */
const pathOf = (to: string | null): string =>
  to !== null && /^\/(?![/\\])[^\s\\]{0,2000}$/.test(to) ? to : '/'
