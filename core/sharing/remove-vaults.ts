import { isReindexNeeded } from '../archive/reindex-mark.ts'
import { publishRegistry } from '../identity/registry.ts'
import type { Pacs } from '../pacs.ts'

/** A worker that copies into a vault hears within seconds that its link is closed. */
const CLOSED_FOR = `interval '10 minutes'`

/**
 * Removes the copies of links that were taken back or have ended: their objects first, so that what a crash leaves is found
 * again by its rows. Not while a reindex is needed: then links may be missing, not over. Returns how many.
 */
export async function removeClosedVaults(pacs: Pick<Pacs, 'database' | 'objects'>): Promise<number> {
  if (await isReindexNeeded(pacs.objects)) return 0
  const vaults = await pacs.database.query<{ id: string }>(
    `select o.organisation_id as id from organisation o where o.kind = 'vault' and not exists (
       select 1 from share_link l where l.vault_id = o.organisation_id
         and coalesce(l.revoked_at, l.expires_at) > now() - ${CLOSED_FOR}
         and (l.revoked_at is null or l.revoked_at > now() - ${CLOSED_FOR}))`,
  )
  for (const { id } of vaults) {
    for await (const object of pacs.objects.list(`organisations/${id}/`))
      await pacs.objects.delete(object.key)
    await removeRows(pacs, id)
  }
  if (vaults.length > 0) await publishRegistry(pacs)
  return vaults.length
}

async function removeRows(pacs: Pick<Pacs, 'database'>, vaultId: string): Promise<void> {
  await pacs.database.transaction(async (tx) => {
    await tx.query('update share_link set vault_id = null where vault_id = $1', [vaultId])
    await tx.query('delete from work_item where organisation_id = $1', [vaultId])
    await tx.query('delete from quarantine where organisation_id = $1', [vaultId])
    // Series, instances, grants and all that hangs on them go with their study.
    await tx.query('delete from study where organisation_id = $1', [vaultId])
    await tx.query('delete from study_tally where organisation_id = $1', [vaultId])
    await tx.query('delete from organisation where organisation_id = $1', [vaultId])
  })
}
