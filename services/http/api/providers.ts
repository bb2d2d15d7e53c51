import type { z } from 'zod'
import {
  DisableProvider,
  ProviderTerms,
  type AddedProvider,
  type Provider,
  type ProviderPage,
} from '../../../core/contract/providers.ts'
import {
  addProviderOf,
  administeredProviders,
  changeProvider,
  checkProvider,
  disableProvider,
  mayListProviders,
  type AdministeredProvider,
} from '../../../core/identity/administer-providers.ts'
import { removeProvider } from '../../../core/identity/identity-providers.ts'
import type { Pacs } from '../../../core/pacs.ts'
import { originOf } from '../origin.ts'
import { readJson } from '../read-json.ts'
import { allowed, type RouteDefinition } from '../route.ts'

const PROVIDERS = '/api/admin/providers'
const PROVIDER = `${PROVIDERS}/:provider`

/** Where people of an organisation may sign in beside their password, as its administrators say. */
export function providerAdminRoutes(pacs: Pacs): RouteDefinition[] {
  return [
    allowed('user.manage', 'GET', PROVIDERS, async ({ ctx, principal }) => {
      const origin = originOf(pacs, ctx)
      const providers = await administeredProviders(pacs.database, principal.organisationId)
      ctx.set('Cache-Control', 'private, no-store')
      ctx.body = {
        providers: providers.map((provider) => present(provider, origin)),
        redirectUrl: `${origin}/api/sign-in/callback`,
        mayList: mayListProviders(principal),
      } satisfies ProviderPage
    }),
    allowed('user.manage', 'POST', PROVIDERS, async ({ ctx, principal }) => {
      const providerId = await addProviderOf(pacs, principal, await readJson(ctx, ProviderTerms))
      ctx.status = 201
      ctx.body = { providerId } satisfies z.infer<typeof AddedProvider>
    }),
    allowed('user.manage', 'PUT', PROVIDER, async ({ ctx, principal, params }) => {
      await changeProvider(pacs, principal, params['provider'] ?? '', await readJson(ctx, ProviderTerms))
      ctx.status = 204
    }),
    allowed('user.manage', 'PUT', `${PROVIDER}/disabled`, async ({ ctx, principal, params }) => {
      const { disabled } = await readJson(ctx, DisableProvider)
      await disableProvider(pacs, principal, params['provider'] ?? '', disabled)
      ctx.status = 204
    }),
    allowed('user.manage', 'DELETE', PROVIDER, async ({ ctx, principal, params }) => {
      await removeProvider(pacs, principal, params['provider'] ?? '')
      ctx.status = 204
    }),
    allowed('user.manage', 'POST', `${PROVIDER}/check`, async ({ ctx, principal, params }) => {
      ctx.body = await checkProvider(pacs, principal, params['provider'] ?? '')
    }),
  ]
}

const present = (provider: AdministeredProvider, origin: string): Provider => ({
  providerId: provider.provider_id,
  name: provider.name,
  issuer: provider.issuer,
  clientId: provider.client_id,
  hasSecret: provider.client_secret !== null,
  groupClaim: provider.group_claim,
  groupRoles: [...provider.group_roles],
  createsPeople: provider.creates_people,
  listed: provider.listed,
  disabled: provider.disabled_at !== null,
  people: provider.people,
  signInUrl: `${origin}/api/sign-in/${provider.provider_id}`,
})
