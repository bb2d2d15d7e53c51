import { sweepOrphans } from '../core/archive/sweep-orphans.ts'
import type { Pacs } from '../core/pacs.ts'

/** Once an hour, one process at a time: what crashes left in the object store, and sessions that ended. */
export async function tidyUp(pacs: Pacs): Promise<void> {
  await pacs.database.withLock('tidy-up', async () => {
    await pacs.database.query('delete from session where expires_at < now()')
    const report = await sweepOrphans(pacs)
    pacs.log.info(report, 'tidied up')
  })
}
