import { openEmbeddedPostgres } from '../../storage-config/database/embedded-postgres.ts'
import { SERVER_USER } from '../../storage-config/database/embedded-server.ts'
import { fillArchive, MADE_HOSPITAL } from '../search/fill-archive.ts'
import { settle, THOROUGH } from '../settle.ts'
import { SILENT } from '../silent-log.ts'
import type { OwnTarget } from '../target-yunying.ts'

/** More than PostgreSQL's buffers hold: they are in use from the first minute on, and every page of a list is full. */
const STUDIES = 20_000

/**
 * The archive that a soak begins with, so that what grows in it is not its filling: rows of a hospital of ten years
 * (nothing is behind them; what is opened and looked at is sent meanwhile). Returns the name of the organisation whose it is.
 */
export async function beginArchive(target: OwnTarget, studies = STUDIES): Promise<string> {
  const postgres = await openEmbeddedPostgres(`${target.dataFolder}/database`, SILENT)
  const superuser = postgres.openAsSuperuser(SERVER_USER)
  try {
    await fillArchive(superuser, studies)
    // What was written is on disk before anything is measured.
    await superuser.query('checkpoint')
  } finally {
    await superuser.close()
    await postgres.close()
  }
  // Of the work that is put off for ever, the server says that it is left.
  await settle({ usage: () => target.usage() }, THOROUGH)
  return MADE_HOSPITAL
}
