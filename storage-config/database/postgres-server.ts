import type { Database } from '../../core/ports/database.ts'
import type { Logger } from '../../core/ports/logger.ts'
import { openPostgres } from './postgres-database.ts'
import { prepareWorkingRole } from './working-role.ts'

/** The server that an operator keeps, by its URL, worked with as a role that policies bind. Errors: ConfigError, 'unavailable'. */
export async function openPostgresServer(connectionString: string, log: Logger): Promise<Database> {
  const role = await prepareWorkingRole({ connectionString }, log)
  return openPostgres({ connectionString }, log, { role })
}
