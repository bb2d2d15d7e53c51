import type { Principal } from '../access/principal.ts'
import { recordAudit } from '../audit/record-audit.ts'
import type { ProviderCheck, ProviderTerms } from '../contract/providers.ts'
import { isYunyingError } from '../errors.ts'
import type { Pacs } from '../pacs.ts'
import type { Queryable } from '../ports/database.ts'
import { countAttempt } from './attempts.ts'
import { addProvider, allowedIssuer, providerNotFound, type IdentityProvider } from './identity-providers.ts'
import { discover } from './provider-sign-in.ts'
import { publishRegistry } from './registry.ts'
import { sealSecret } from './sealed-secret.ts'

/** How often an administrator may have a provider asked. Each is a request of ours to an address of theirs. */
const CHECKS = { most: 30, seconds: 600 }

export interface AdministeredProvider extends IdentityProvider {
  readonly disabled_at: Date | null
  readonly people: number
}

const SELECT = `select p.*, (select count(*) from provider_identity i where i.provider_id = p.provider_id) as people
  from identity_provider p where p.organisation_id = $1`

/** Providers of an organisation, those that are switched off too, with how many came by each. */
export const administeredProviders = (
  database: Queryable,
  organisationId: string,
): Promise<AdministeredProvider[]> =>
  database.query<AdministeredProvider>(`${SELECT} order by p.name, p.provider_id`, [organisationId])

/** Errors: 'not-found' code 'provider-not-found'. */
async function getAdministered(
  database: Queryable,
  organisationId: string,
  providerId: string,
): Promise<AdministeredProvider> {
  const [row] = await database.query<AdministeredProvider>(`${SELECT} and p.provider_id::text = $2`, [
    organisationId,
    providerId,
  ])
  if (row === undefined) throw providerNotFound()
  return row
}

/**
 * Whether somebody may put a provider on the page where everybody signs in: the operator alone. Another organisation's button
 * would say that there is such an organisation.
 */
export const mayListProviders = (principal: Principal): boolean =>
  principal.kind === 'system' || principal.isOperator === true

/** As `addProvider`, for an administrator. */
export const addProviderOf = (pacs: Pacs, principal: Principal, terms: ProviderTerms): Promise<string> =>
  addProvider(pacs, principal, {
    ...terms,
    clientSecret: terms.clientSecret ?? undefined,
    groupClaim: terms.groupClaim ?? undefined,
    listed: terms.listed && mayListProviders(principal),
  })

/**
 * Other terms for a provider. The secret stays where none is given, but not with another issuer: what one was told is not
 * told to another; nor do the people of one come by another, until it vouches for their addresses. Errors: as `addProvider`, and 'not-found' code 'provider-not-found'.
 */
export async function changeProvider(
  pacs: Pacs,
  principal: Principal,
  providerId: string,
  terms: ProviderTerms,
): Promise<void> {
  const before = await getAdministered(pacs.database, principal.organisationId, providerId)
  // One that the operator named without TLS may stay as it is.
  if (terms.issuer !== before.issuer) allowedIssuer(principal, terms.issuer)
  const secret = await secretAfter(pacs, before, terms)
  await changeRow(pacs, principal, before.provider_id, 'provider-changed', async (tx) => {
    // Another issuer's subject of the same name is somebody else.
    if (terms.issuer !== before.issuer)
      await tx.query('delete from provider_identity where provider_id = $1', [before.provider_id])
    return tx.query(
      `update identity_provider set name = $3, issuer = $4, client_id = $5, client_secret = $6, group_claim = $7,
         group_roles = $8::jsonb, creates_people = $9, listed = $10
       where provider_id = $1 and organisation_id = $2 returning 1`,
      [
        ...[before.provider_id, principal.organisationId, terms.name, terms.issuer, terms.clientId, secret],
        ...[terms.groupClaim, JSON.stringify(terms.groupRoles), terms.createsPeople],
        terms.listed && mayListProviders(principal),
      ],
    )
  })
}

async function secretAfter(
  pacs: Pacs,
  before: IdentityProvider,
  { clientSecret, issuer }: ProviderTerms,
): Promise<Buffer | null> {
  if (clientSecret === null) return null
  if (clientSecret !== undefined) return sealSecret(pacs, before.provider_id, Buffer.from(clientSecret))
  return issuer === before.issuer ? before.client_secret : null
}

/** Nobody signs in with it while it is off; who came by it keeps their account. Errors: 'not-found' code 'provider-not-found'. */
export async function disableProvider(
  pacs: Pacs,
  principal: Principal,
  providerId: string,
  disabled: boolean,
): Promise<void> {
  await changeRow(pacs, principal, providerId, disabled ? 'provider-disabled' : 'provider-enabled', (tx) =>
    tx.query(
      `update identity_provider set disabled_at = case when $3 then coalesce(disabled_at, now()) end
       where provider_id::text = $1 and organisation_id = $2 returning 1`,
      [providerId, principal.organisationId, disabled],
    ),
  )
}

async function changeRow(
  pacs: Pacs,
  principal: Principal,
  provider: string,
  change: string,
  write: (tx: Queryable) => Promise<unknown[]>,
): Promise<void> {
  await pacs.database.transaction(async (tx) => {
    if ((await write(tx)).length === 0) throw providerNotFound()
    await recordAudit(tx, principal, {
      event: 'configuration-changed',
      outcome: 'success',
      detail: { change, provider },
    })
  })
  await publishRegistry(pacs)
}

/**
 * Whether the provider answers as one (OpenID Connect Discovery 4): who says that it is the issuer. Whether it knows us shows at
 * the first sign-in. Errors: 'not-found' code 'provider-not-found'; 'limit' code 'too-many-attempts'.
 */
export async function checkProvider(
  pacs: Pacs,
  principal: Principal,
  providerId: string,
): Promise<ProviderCheck> {
  const provider = await getAdministered(pacs.database, principal.organisationId, providerId)
  await countAttempt(pacs.database, `provider-check|${principal.organisationId}`, CHECKS)
  const { host } = new URL(provider.issuer)
  try {
    const { authorization_endpoint: page } = (await discover(pacs, provider)).serverMetadata()
    return { reachable: page !== undefined, host: page === undefined ? host : new URL(page).host }
  } catch (error) {
    if (!isYunyingError(error) || error.code !== 'provider-unreachable') throw error
    return { reachable: false, host }
  }
}
