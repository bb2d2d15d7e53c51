import { sweepOrphansAlone } from '../core/archive/sweep-orphans.ts'
import type { Pacs } from '../core/pacs.ts'

/** Once an hour: sessions that ended, and (one process at a time) what crashes left in the object store. */
export async function tidyUp(pacs: Pacs): Promise<void> {
  await pacs.database.query('delete from session where expires_at < now()')
  const report = await sweepOrphansAlone(pacs)
  if (report !== undefined) pacs.log.info(report, 'tidied up')
}
