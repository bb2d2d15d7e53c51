import { asArchive } from '../access/organisation-wall.ts'
import type { Principal } from '../access/principal.ts'
import { recordAudit } from '../audit/record-audit.ts'
import { publishRegistry } from '../identity/registry.ts'
import type { Pacs } from '../pacs.ts'
import {
  getOrganisation,
  updateOrganisation,
  type OrganisationFields,
  type OrganisationRow,
} from './organisation-table.ts'

/**
 * Changes what is given of an organisation: the principal's own, or another by who manages organisations. The record of the
 * organisation itself, and of the operator's, says which fields were changed.
 * Errors: 'not-found' code 'organisation-not-found'; as `updateOrganisation`.
 */
export async function changeOrganisation(
  pacs: Pacs,
  principal: Principal,
  organisationId: string,
  fields: OrganisationFields,
): Promise<OrganisationRow> {
  const changed = await asArchive(() =>
    pacs.database.transaction(async (tx) => {
      const { organisation_id } = await getOrganisation(tx, organisationId)
      await updateOrganisation(tx, organisation_id, fields)
      // Its name, language and logo are part of what is remembered of everybody who is signed in.
      await tx.query(`select pg_notify('access_changed', '')`)
      const named = Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [name]))
      const entry = {
        event: 'configuration-changed',
        outcome: 'success',
        detail: {
          change: 'organisation-changed',
          subject: organisation_id,
          fields: named.join(','),
          ...(fields.quotaBytes === undefined ? {} : { quotaBytes: fields.quotaBytes ?? 'none' }),
        },
      } as const
      await recordAudit(tx, principal, entry)
      if (organisation_id !== principal.organisationId)
        await recordAudit(tx, { kind: 'system', organisationId: organisation_id, reason: 'operator' }, entry)
      return getOrganisation(tx, organisation_id)
    }),
  )
  pacs.ingest.rooms.forget(changed.organisation_id)
  await publishRegistry(pacs)
  return changed
}
