import type { PersonRole, Principal } from '../access/principal.ts'
import { recordAudit } from '../audit/record-audit.ts'
import { YunyingError, isYunyingError } from '../errors.ts'
import type { Pacs } from '../pacs.ts'
import { changeUser } from './administer-users.ts'
import type { IdentityProvider } from './identity-providers.ts'
import { publishRegistry } from './registry.ts'
import { findUserByEmail, getUser, insertUser, type UserRow } from './user-table.ts'

/** What a provider says of somebody (OpenID Connect Core, 5.1). */
export interface Claims {
  readonly sub: string
  readonly [name: string]: unknown
}

/**
 * Whose account the claims mean: the one they meant before; that of a verified address, in the provider's organisation alone; or a
 * new one, where the provider makes people and their groups have a role here. Whom a provider made has the roles that their groups
 * say, at each sign-in. Errors: 'forbidden' with code 'account-unknown', 'account-disabled', 'email-unverified' or 'no-role'.
 */
export async function personOfClaims(
  pacs: Pacs,
  provider: IdentityProvider,
  claims: Claims,
  address: string | undefined,
): Promise<UserRow> {
  const known = await findKnown(pacs, provider, claims.sub)
  const user = known?.user ?? (await linkOrCreate(pacs, provider, claims))
  if (user.disabled_at !== null)
    throw new YunyingError(
      'forbidden',
      'account-disabled',
      'This account was disabled. Ask an administrator.',
    )
  return known?.followsGroups === true ? followGroups(pacs, provider, user, claims, address) : user
}

async function findKnown(
  pacs: Pacs,
  provider: IdentityProvider,
  subject: string,
): Promise<{ user: UserRow; followsGroups: boolean } | undefined> {
  const [row] = await pacs.database.query<{ user_id: string; follows_groups: boolean }>(
    'select user_id, follows_groups from provider_identity where provider_id = $1 and subject = $2',
    [provider.provider_id, subject],
  )
  if (row === undefined) return undefined
  const user = await getUser(pacs.database, provider.organisation_id, row.user_id)
  return { user, followsGroups: row.follows_groups }
}

async function linkOrCreate(pacs: Pacs, provider: IdentityProvider, claims: Claims): Promise<UserRow> {
  const { email } = claims
  // Whoever can write any address there would be whoever they like here.
  if (typeof email !== 'string' || claims['email_verified'] !== true)
    throw new YunyingError(
      'forbidden',
      'email-unverified',
      'The identity provider does not vouch for your e-mail address. Ask an administrator.',
    )
  const existing = await findUserByEmail(pacs.database, email)
  // Of another organisation is as unknown as nobody.
  if (existing !== undefined && existing.organisation_id !== provider.organisation_id) throw unknown()
  if (existing === undefined && !provider.creates_people) throw unknown()
  const roles = rolesOf(provider, claims)
  if (existing === undefined && roles.length === 0) throw noRole()
  const principal = systemOf(provider)
  const userId = await pacs.database.transaction(async (tx) => {
    const id =
      existing?.user_id ??
      (await insertUser(tx, {
        organisationId: provider.organisation_id,
        email,
        displayName: typeof claims['name'] === 'string' ? claims['name'].slice(0, 200) : '',
        roles,
        passwordHash: null,
        mustChangePassword: false,
      }))
    await tx.query(
      `insert into provider_identity (provider_id, subject, user_id, organisation_id, follows_groups)
       values ($1, $2, $3, $4, $5)`,
      [provider.provider_id, claims.sub, id, provider.organisation_id, existing === undefined],
    )
    await recordAudit(tx, principal, {
      event: 'configuration-changed',
      outcome: 'success',
      detail: {
        change: existing === undefined ? 'user-created' : 'user-linked',
        subject: id,
        provider: provider.provider_id,
        ...(existing === undefined ? { roles: roles.join(',') } : {}),
      },
    })
    return id
  })
  await publishRegistry(pacs)
  return getUser(pacs.database, provider.organisation_id, userId)
}

/** Gives the roles that the groups say now. The last administrator stays one, whatever the provider says. */
async function followGroups(
  pacs: Pacs,
  provider: IdentityProvider,
  user: UserRow,
  claims: Claims,
  address: string | undefined,
): Promise<UserRow> {
  const roles = rolesOf(provider, claims)
  if (roles.length === 0) {
    await recordAudit(
      pacs.database,
      { kind: 'user', userId: user.user_id, organisationId: user.organisation_id, roles: [], address },
      {
        event: 'user-authentication',
        outcome: 'denied',
        detail: { reason: 'no-role' },
      },
    )
    throw noRole()
  }
  if (roles.length === user.roles.length && roles.every((role) => user.roles.includes(role))) return user
  try {
    return await changeUser(pacs, systemOf(provider), user.user_id, { roles })
  } catch (error) {
    if (isYunyingError(error) && error.code === 'last-administrator') return user
    throw error
  }
}

function rolesOf({ group_claim, group_roles }: IdentityProvider, claims: Claims): PersonRole[] {
  const said = group_claim === null ? undefined : claims[group_claim]
  const groups = Array.isArray(said) ? said : [said]
  return [...new Set(group_roles.flatMap(({ group, role }) => (groups.includes(group) ? [role] : [])))]
}

const systemOf = (provider: IdentityProvider): Principal => ({
  kind: 'system',
  organisationId: provider.organisation_id,
  reason: 'identity-provider',
})

const unknown = (): YunyingError =>
  new YunyingError(
    'forbidden',
    'account-unknown',
    'There is no account for you here. Ask an administrator for an invitation.',
  )

const noRole = (): YunyingError =>
  new YunyingError('forbidden', 'no-role', 'None of your groups has a role here. Ask an administrator.')
