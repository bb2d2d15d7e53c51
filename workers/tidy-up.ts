import { removeUnwantedRenditions } from '../core/archive/remove-renditions.ts'
import { sweepOrphansAlone } from '../core/archive/sweep-orphans.ts'
import type { Pacs } from '../core/pacs.ts'

/** Once an hour: sessions that ended, renditions that the policy does not want any more, and (one process at a time) what crashes left in the object store. */
export async function tidyUp(pacs: Pacs): Promise<void> {
  await pacs.database.query('delete from session where expires_at < now()')
  const renditions = await pacs.database.withLock('remove-renditions', () => removeUnwantedRenditions(pacs))
  if (renditions !== undefined && renditions > 0) pacs.log.info({ renditions }, 'renditions removed')
  const report = await sweepOrphansAlone(pacs)
  if (report !== undefined) pacs.log.info(report, 'tidied up')
}
