import { openEmbeddedPostgres } from '../../storage-config/database/embedded-postgres.ts'
import { silentLog } from './silent-log.ts'

/** A process that opens the database of a folder, writes a row, says so, and lives until it is killed. */
const folder = process.argv[2] ?? ''
const { database } = await openEmbeddedPostgres(folder, silentLog, process.argv[3])
await database.query('create table if not exists fact (n integer)')
await database.query('insert into fact values (1)')
process.stdout.write('written\n')
setInterval(() => undefined, 1000)
