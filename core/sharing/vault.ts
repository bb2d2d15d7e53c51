import { randomBytes, randomUUID } from 'node:crypto'
import { publishRegistry } from '../identity/registry.ts'
import type { Pacs } from '../pacs.ts'
import { listShareRows, type ShareRow } from './share-link.ts'

/** A link whose copy is kept in an organisation of its own. */
export type ShareOfVault = ShareRow & { readonly vault_id: string }

/** A link whose copy is still to be made, or undefined: it is made, or the link is closed or gone. */
export async function findUnprepared(
  pacs: Pick<Pacs, 'database' | 'clock'>,
  shareId: string,
): Promise<ShareRow | undefined> {
  const [owner] = await pacs.database.query<{ organisation_id: string }>(
    'select organisation_id from share_link where share_id = $1',
    [shareId],
  )
  if (owner === undefined) return undefined
  const [share] = await listShareRows(pacs.database, owner.organisation_id, { shareId })
  const isClosed =
    share === undefined ||
    share.ready_at !== null ||
    share.revoked_at !== null ||
    share.expires_at.getTime() <= pacs.clock.now()
  return isClosed ? undefined : share
}

/**
 * The link with the organisation that its copy is kept in, made where it has none yet; with it the secret of the copy's
 * pseudonyms, so that a copy that is made in two goes is one. The registry has both before the first instance: a reindex
 * knows whose the copy is.
 */
export async function openVault(
  pacs: Pick<Pacs, 'database' | 'objects'>,
  share: ShareRow,
): Promise<ShareOfVault> {
  if (share.vault_id !== null) return { ...share, vault_id: share.vault_id }
  const vaultId = randomUUID()
  await pacs.database.transaction(async (tx) => {
    await tx.query(`insert into organisation (organisation_id, name, kind) values ($1, $2, 'vault')`, [
      vaultId,
      `share ${share.share_id}`,
    ])
    await tx.query(
      `update share_link set vault_id = $2,
         deidentify = case when deidentify is not null then deidentify || jsonb_build_object('secret', $3::text) end
       where share_id = $1`,
      [share.share_id, vaultId, randomBytes(32).toString('base64')],
    )
  })
  await publishRegistry(pacs)
  const [opened] = await listShareRows(pacs.database, share.organisation_id, { shareId: share.share_id })
  return { ...(opened ?? share), vault_id: vaultId }
}
