import { randomUUID } from 'node:crypto'
import { asArchive } from '../access/organisation-wall.ts'
import type { Principal } from '../access/principal.ts'
import { recordAudit } from '../audit/record-audit.ts'
import type { CreateOrganisation } from '../contract/organisations.ts'
import { hashPassword } from '../identity/password.ts'
import { publishRegistry } from '../identity/registry.ts'
import { newOneTimePassword } from '../identity/secret-token.ts'
import { insertUser } from '../identity/user-table.ts'
import type { Pacs } from '../pacs.ts'
import { insertOrganisation } from './organisation-table.ts'

export interface CreatedOrganisation {
  readonly organisationId: string
  /** Of the first administrator; shown once. Undefined where none was asked for. */
  readonly oneTimePassword: string | undefined
}

/**
 * A new organisation, apart from all others, and its first administrator where an address is given. The caller may manage
 * organisations; what was done is in the record of theirs and of the new one.
 * Errors: 'conflict' codes 'organisation-exists', 'user-exists'; 'invalid' code 'time-zone-invalid'.
 */
export async function createOrganisation(
  pacs: Pacs,
  principal: Principal,
  {
    adminEmail,
    ...fields
  }: Omit<CreateOrganisation, 'adminEmail'> & { readonly adminEmail?: string | undefined },
): Promise<CreatedOrganisation> {
  const organisationId = randomUUID()
  const oneTimePassword = adminEmail === undefined ? undefined : newOneTimePassword()
  const passwordHash = oneTimePassword === undefined ? null : await hashPassword(oneTimePassword)
  await asArchive(() =>
    pacs.database.transaction(async (tx) => {
      await insertOrganisation(tx, organisationId, fields)
      if (adminEmail !== undefined)
        await insertUser(tx, {
          organisationId,
          email: adminEmail,
          displayName: '',
          roles: ['administrator'],
          passwordHash,
          mustChangePassword: true,
        })
      for (const whose of new Set([principal.organisationId, organisationId]))
        await recordAudit(
          tx,
          whose === principal.organisationId
            ? principal
            : { kind: 'system', organisationId: whose, reason: 'operator' },
          {
            event: 'configuration-changed',
            outcome: 'success',
            detail: { change: 'organisation-created', subject: organisationId },
          },
        )
    }),
  )
  await publishRegistry(pacs)
  return { organisationId, oneTimePassword }
}
