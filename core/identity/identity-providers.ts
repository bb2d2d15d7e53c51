import { randomUUID } from 'node:crypto'
import type { PersonRole, Principal } from '../access/principal.ts'
import { recordAudit } from '../audit/record-audit.ts'
import { invalid, notFound } from '../errors.ts'
import type { Pacs } from '../pacs.ts'
import type { Queryable } from '../ports/database.ts'
import { publishRegistry } from './registry.ts'
import { sealSecret } from './sealed-secret.ts'

/** Where people of an organisation may sign in with (OpenID Connect). */
export interface IdentityProvider {
  readonly provider_id: string
  readonly organisation_id: string
  readonly name: string
  readonly issuer: string
  readonly client_id: string
  /** Sealed. */
  readonly client_secret: Buffer | null
  readonly scope: string
  readonly group_claim: string | null
  readonly group_roles: readonly { readonly group: string; readonly role: PersonRole }[]
  readonly creates_people: boolean
  readonly listed: boolean
}

export interface NewProvider {
  readonly name: string
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret?: string | undefined
  readonly scope?: string | undefined
  readonly groupClaim?: string | undefined
  readonly groupRoles: readonly { readonly group: string; readonly role: PersonRole }[]
  readonly createsPeople: boolean
  /** On everybody's sign-in page; else by its own address alone. */
  readonly listed: boolean
}

const SELECT = `select p.provider_id, p.organisation_id, p.name, p.issuer, p.client_id, p.client_secret, p.scope, p.group_claim,
  p.group_roles, p.creates_people, p.listed from identity_provider p where p.disabled_at is null`

export const listProviders = (database: Queryable, organisationId: string): Promise<IdentityProvider[]> =>
  database.query<IdentityProvider>(`${SELECT} and p.organisation_id = $1 order by p.name`, [organisationId])

/** Those on the sign-in page. */
export const listedProviders = (
  database: Queryable,
): Promise<Pick<IdentityProvider, 'provider_id' | 'name'>[]> =>
  database.query<IdentityProvider>(`${SELECT} and p.listed order by p.name`)

/** Errors: 'not-found' code 'provider-not-found'. */
export async function getProvider(database: Queryable, providerId: string): Promise<IdentityProvider> {
  const [row] = await database.query<IdentityProvider>(`${SELECT} and p.provider_id::text = $1`, [providerId])
  if (row === undefined) throw providerNotFound()
  return row
}

/**
 * Lets people sign in with a provider; answers its id. Errors: 'invalid' code 'issuer-invalid' for what is not https; the
 * operator alone may name a provider without TLS.
 */
export async function addProvider(pacs: Pacs, principal: Principal, provider: NewProvider): Promise<string> {
  allowedIssuer(principal, provider.issuer)
  const providerId = randomUUID()
  const secret =
    provider.clientSecret === undefined
      ? null
      : await sealSecret(pacs, providerId, Buffer.from(provider.clientSecret))
  await pacs.database.transaction(async (tx) => {
    await tx.query(
      `insert into identity_provider (provider_id, organisation_id, name, issuer, client_id, client_secret, scope, group_claim,
         group_roles, creates_people, listed) values ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, $10, $11)`,
      [
        providerId,
        principal.organisationId,
        provider.name,
        provider.issuer,
        provider.clientId,
        secret,
        provider.scope ?? 'openid email profile',
        provider.groupClaim ?? null,
        JSON.stringify(provider.groupRoles),
        provider.createsPeople,
        provider.listed,
      ],
    )
    await audit(tx, principal, 'provider-added', providerId)
  })
  await publishRegistry(pacs)
  return providerId
}

/** Nobody signs in with it any more; who came by it keeps their account. Errors: 'not-found' code 'provider-not-found'. */
export async function removeProvider(pacs: Pacs, principal: Principal, providerId: string): Promise<void> {
  await pacs.database.transaction(async (tx) => {
    const rows = await tx.query(
      'delete from identity_provider where organisation_id = $1 and provider_id::text = $2 returning 1',
      [principal.organisationId, providerId],
    )
    if (rows.length === 0) throw providerNotFound()
    await audit(tx, principal, 'provider-removed', providerId)
  })
  await publishRegistry(pacs)
}

/** Errors: as `addProvider`. */
export function allowedIssuer(principal: Principal, issuer: string): void {
  const { protocol } = issuerOf(issuer)
  if (protocol !== 'https:' && !(protocol === 'http:' && principal.kind === 'system'))
    throw invalid('issuer-invalid', 'The issuer must be an https address.')
}

function issuerOf(text: string): URL {
  try {
    return new URL(text)
  } catch (cause) {
    throw invalid('issuer-invalid', 'The issuer must be an https address.', cause)
  }
}

export const providerNotFound = () => notFound('provider-not-found', 'There is no such identity provider.')

async function audit(tx: Queryable, principal: Principal, change: string, provider: string): Promise<void> {
  await recordAudit(tx, principal, {
    event: 'configuration-changed',
    outcome: 'success',
    detail: { change, provider },
  })
}
