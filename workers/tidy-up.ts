import { removeRenditionsForRoom, removeUnwantedRenditions } from '../core/archive/remove-renditions.ts'
import { sweepOrphansAlone } from '../core/archive/sweep-orphans.ts'
import { removeWhatIsDue } from '../core/retention/list-due-studies.ts'
import { removeClosedVaults } from '../core/sharing/remove-vaults.ts'
import { resumeCopies } from '../core/sharing/request-copy.ts'
import type { Pacs } from '../core/pacs.ts'

/** Once an hour: sessions that ended, studies whose time is over, copies whose links are closed, renditions that the policy does not want any more, and (one process at a time) what crashes left in the object store. */
export async function tidyUp(pacs: Pacs): Promise<void> {
  await pacs.database.query('delete from session where expires_at < now()')
  const renditions = await pacs.database.withLock('remove-renditions', async () => ({
    unwanted: await removeUnwantedRenditions(pacs),
    forRoom: await removeRenditionsForRoom(pacs),
  }))
  if (renditions !== undefined && renditions.unwanted + renditions.forRoom > 0)
    pacs.log.info(renditions, 'renditions removed')
  const due = await removeWhatIsDue(pacs)
  if (due !== undefined && due > 0) pacs.log.info({ studies: due }, 'studies are due and will be removed')
  const vaults = await pacs.database.withLock('remove-vaults', () => removeClosedVaults(pacs))
  if (vaults !== undefined && vaults > 0) pacs.log.info({ vaults }, 'copies of closed links removed')
  await resumeCopies(pacs)
  const report = await sweepOrphansAlone(pacs)
  if (report !== undefined) pacs.log.info(report, 'tidied up')
}
