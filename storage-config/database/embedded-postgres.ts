import pg from 'pg'
import type { Database } from '../../core/ports/database.ts'
import type { Logger } from '../../core/ports/logger.ts'
import { placeCluster, type ClusterPlace } from './cluster-place.ts'
import {
  SERVER_USER,
  ensureRunning,
  initialiseCluster,
  socketSettings,
  stopServer,
} from './embedded-server.ts'
import { databaseFull, DISK_FULL, openPostgres } from './postgres-database.ts'
import { sustainConnection } from './sustain-connection.ts'
import { prepareWorkingRole, WORKING_ROLE } from './working-role.ts'

/** A connection of this name says: a process of ours uses the server. */
const PRESENCE = 'yunying-presence'

export interface EmbeddedPostgres {
  readonly database: Database
  /** Opens another database of the same server (tests clone a template), once it was prepared. */
  openDatabase(name: string): Database
  /** Lets the working role work in a database of the same server. */
  prepareDatabase(name: string): Promise<void>
  /** The same as the superuser, for whom there is no wall. */
  openAsSuperuser(name: string): Database
  close(): Promise<void>
}

/**
 * Starts the PostgreSQL of this data folder, or adopts the one that runs already: another process of ours (the command
 * line beside the server), or one whose Node was killed. Starts it again should it die. Whoever closes last stops it.
 * It works as an ordinary role, whom policies bind.
 */
export async function openEmbeddedPostgres(
  dataFolder: string,
  log: Logger,
  systemFolder?: string,
): Promise<EmbeddedPostgres> {
  const place = await placeCluster(dataFolder, log, systemFolder)
  await initialiseCluster(place)
  await ensureRunning(place, log)
  const leave = await sustainConnection({
    settings: { ...socketSettings(place, 'postgres'), application_name: PRESENCE },
    prepare: () => Promise.resolve(),
    beforeRetry: () => ensureRunning(place, log),
    onRestored: () => log.info({}, 'the database is back'),
    log,
  })
  const openDatabase = (name: string): Database =>
    openPostgres({ ...socketSettings(place, name), user: WORKING_ROLE }, log)
  const prepareDatabase = async (name: string): Promise<void> => {
    await prepareWorkingRole(socketSettings(place, name), log)
  }
  const stop = async (): Promise<void> => {
    await leave()
    await stopIfLast(place, log)
  }
  try {
    await ensureDatabase(place)
    await prepareDatabase(SERVER_USER)
  } catch (error) {
    await stop()
    throw error
  }
  const database = openDatabase(SERVER_USER)
  return {
    database,
    openDatabase,
    prepareDatabase,
    openAsSuperuser: (name) => openPostgres(socketSettings(place, name), log),
    close: async () => {
      await database.close()
      await stop()
    },
  }
}

async function ensureDatabase(place: ClusterPlace): Promise<void> {
  const client = new pg.Client({ ...socketSettings(place, 'postgres'), connectionTimeoutMillis: 5_000 })
  await client.connect()
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [SERVER_USER])
    if (rowCount === 0) await client.query(`create database ${SERVER_USER}`)
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error
    if (error.code === DISK_FULL) throw databaseFull(error)
    // 42P04 and 23505: another process of ours made it a moment ago.
    if (!['42P04', '23505'].includes(error.code ?? '')) throw error
  } finally {
    await client.end()
  }
}

/** Stops the server, unless another process of ours is connected. */
async function stopIfLast(place: ClusterPlace, log: Logger): Promise<void> {
  const client = new pg.Client({
    ...socketSettings(place, 'postgres'),
    connectionTimeoutMillis: 2_000,
    query_timeout: 2_000,
  })
  client.on('error', (error) => log.debug({ err: error }, 'the last connection broke'))
  try {
    await client.connect()
    const { rowCount } = await client.query(
      'select 1 from pg_stat_activity where application_name = $1 limit 1',
      [PRESENCE],
    )
    await client.end()
    if (rowCount !== 0) return
  } catch (error) {
    log.warn({ err: error }, 'the database did not answer when it was closed')
  }
  await stopServer(place)
}
