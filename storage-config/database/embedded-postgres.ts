import { execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { unavailable } from '../../core/errors.ts'
import type { Database } from '../../core/ports/database.ts'
import type { Logger } from '../../core/ports/logger.ts'
import { placeCluster, type ClusterPlace } from './cluster-place.ts'
import { openPostgres } from './postgres-database.ts'

const USER = 'yunying'
const START_MS = 60_000
const STOP_MS = 5_000
const APPLICATION = 'yunying'

/**
 * For a small machine, over a socket only. Durability stays at PostgreSQL's defaults and is named here so that nobody
 * turns it off by another way: a commit that was answered is on disk.
 */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '',
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  max_connections: '100',
  shared_buffers: '128MB',
  work_mem: '8MB',
  maintenance_work_mem: '64MB',
  effective_cache_size: '1GB',
  max_wal_size: '1GB',
  wal_compression: 'on',
  random_page_cost: '1.1',
  jit: 'off',
  log_min_messages: 'warning',
  // The server's own log must not quote rows: they hold names.
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
}

export interface EmbeddedPostgres {
  readonly database: Database
  /** Opens another database of the same server (tests clone a template). */
  openDatabase(name: string): Database
  close(): Promise<void>
}

/**
 * Starts the PostgreSQL of this data folder, or adopts the one that runs already: another process of ours (the command
 * line beside the server), or one whose Node was killed. Whoever closes last stops it.
 */
export async function openEmbeddedPostgres(dataFolder: string, log: Logger): Promise<EmbeddedPostgres> {
  const place = await placeCluster(dataFolder, log)
  if (!existsSync(join(place.cluster, 'PG_VERSION'))) await initialise(place)
  await startOrAdopt(place, log)
  await ensureDatabase(place)
  const openDatabase = (name: string): Database =>
    openPostgres({ socketFolder: place.socketFolder, user: USER, database: name }, log, APPLICATION)
  const database = openDatabase(USER)
  return {
    database,
    openDatabase,
    close: async () => {
      await database.close()
      await stopIfLast(place, log)
    },
  }
}

async function initialise(place: ClusterPlace): Promise<void> {
  const args = ['-D', place.cluster, '-U', USER, '-A', 'trust', '-E', 'UTF8', '--data-checksums']
  const locale = ['--locale-provider=builtin', '--locale=C.UTF-8']
  await promisify(execFile)(join(place.binaries, 'bin', 'initdb'), [...args, ...locale], {
    cwd: '/',
    env: { LC_ALL: 'C' },
    ...place.runAs,
  })
}

async function startOrAdopt(place: ClusterPlace, log: Logger): Promise<void> {
  const deadline = Date.now() + START_MS
  let exited: number | null | undefined
  for (let attempt = 0; ; attempt++) {
    if (await canConnect(place)) return
    if (attempt === 0 || exited !== undefined) {
      // Where another process of ours is starting it just now, this one exits at once and we connect to the other.
      exited = undefined
      void start(place).then((code) => (exited = code))
    }
    if (Date.now() > deadline) {
      throw unavailable(
        'database-did-not-start',
        'The embedded database did not start; its log is in the data folder.',
      )
    }
    await sleep(attempt < 20 ? 25 : 250)
    if (attempt === 40) log.info({}, 'the database is recovering')
  }
}

/** Runs until the server ends; it lives in a session of its own, so that Ctrl-C reaches us and not it. */
async function start(place: ClusterPlace): Promise<number | null> {
  const output = await open(`${place.cluster}.log`, 'a')
  try {
    const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    const server = spawn(
      join(place.binaries, 'bin', 'postgres'),
      ['-D', place.cluster, '-k', place.socketFolder, ...settings],
      { cwd: '/', detached: true, stdio: ['ignore', output.fd, output.fd], ...place.runAs },
    )
    server.unref()
    return await new Promise((resolve, reject) => {
      server.once('error', reject)
      server.once('exit', resolve)
    })
  } finally {
    await output.close()
  }
}

function clientOf(place: ClusterPlace, database: string): pg.Client {
  return new pg.Client({
    host: place.socketFolder,
    user: USER,
    database,
    connectionTimeoutMillis: 2_000,
    application_name: 'yunying-supervisor',
  })
}

async function canConnect(place: ClusterPlace): Promise<boolean> {
  const client = clientOf(place, 'postgres')
  client.on('error', () => undefined) // What matters is whether it answers; the caller asks again.
  try {
    await client.connect()
    await client.query('select 1')
    await client.end()
    return true
  } catch (error) {
    if (error instanceof Error) return false
    throw error
  }
}

async function ensureDatabase(place: ClusterPlace): Promise<void> {
  const client = clientOf(place, 'postgres')
  await client.connect()
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [USER])
    if (rowCount === 0) await client.query(`create database ${USER}`)
  } catch (error) {
    // 42P04 and 23505: another process of ours made it a moment ago.
    if (!(error instanceof pg.DatabaseError) || !['42P04', '23505'].includes(error.code ?? '')) throw error
  } finally {
    await client.end()
  }
}

/** Fast shutdown, unless another process of ours is connected. */
async function stopIfLast(place: ClusterPlace, log: Logger): Promise<void> {
  const client = clientOf(place, 'postgres')
  try {
    await client.connect()
    const { rowCount } = await client.query(
      `select 1 from pg_stat_activity where backend_type = 'client backend' and application_name = $1 limit 1`,
      [APPLICATION],
    )
    await client.end()
    if (rowCount !== 0) return
  } catch (error) {
    log.warn({ err: error }, 'the database was gone before it was stopped')
    return
  }
  const pid = await serverPid(place)
  if (pid === undefined) return
  process.kill(pid, 'SIGINT')
  const deadline = Date.now() + STOP_MS
  while (Date.now() < deadline && (await serverPid(place)) !== undefined) await sleep(20)
}

/** The running server's process, from its own lock file. */
async function serverPid(place: ClusterPlace): Promise<number | undefined> {
  try {
    return Number((await readFile(join(place.cluster, 'postmaster.pid'), 'utf8')).split('\n')[0])
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
