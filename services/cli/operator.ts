import type { Principal } from '../../core/access/principal.ts'
import { notFound } from '../../core/errors.ts'
import type { Pacs } from '../../core/pacs.ts'

/** The operator, acting for the named organisation, or for the first one. */
export async function operatorOf(pacs: Pacs, name: string | undefined): Promise<Principal> {
  const rows = await pacs.database.query<{ organisation_id: string }>(
    `select organisation_id from organisation where kind <> 'vault' and (name = $1 or $1::text is null) order by created_at limit 1`,
    [name ?? null],
  )
  if (rows[0] === undefined)
    throw notFound('organisation-not-found', 'There is no organisation of this name.')
  return { kind: 'system', organisationId: rows[0].organisation_id, reason: 'command-line' }
}
