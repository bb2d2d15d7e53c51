import { execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { appendFile, chown, mkdir, open, readFile, readlink, realpath, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { unavailable } from '../../core/errors.ts'
import type { Logger } from '../../core/ports/logger.ts'
import { stepProcessBack } from '../../core/step-back.ts'
import type { ClusterPlace } from './cluster-place.ts'

/** The superuser of the cluster; only who may enter the socket's folder can be it. */
export const SERVER_USER = 'yunying'
/** Names the socket; there is no network port. */
export const SERVER_PORT = 5432

const START_MS = 60_000
const STOP_MS = 6_000
/** A server that lives without a socket for so long has lost it. Milliseconds. */
const SOCKETLESS_MS = 5_000
const MOST_STARTS = 5

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
  // A connection would keep open every file that it ever read, some 240 in the end; the system opens one in microseconds.
  max_files_per_process: '128',
  // Three processes less, which would keep open what all of them read.
  io_method: 'sync',
  work_mem: '8MB',
  maintenance_work_mem: '64MB',
  effective_cache_size: '1GB',
  max_wal_size: '1GB',
  checkpoint_timeout: '15min',
  random_page_cost: '1.1',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  idle_in_transaction_session_timeout: '60s',
  log_min_messages: 'warning',
  // The server's own log must not quote rows: they hold names.
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
}

/** Makes the cluster if there is none: aside, then renamed, so that a broken-off attempt leaves nothing half made. */
export async function initialiseCluster(place: ClusterPlace): Promise<void> {
  if (existsSync(join(place.cluster, 'PG_VERSION'))) return
  const aside = `${place.cluster}.${randomBytes(4).toString('hex')}`
  await mkdir(aside, { mode: 0o700 })
  if (place.runAs !== undefined) await chown(aside, place.runAs.uid, place.runAs.gid)
  const args = ['-D', aside, '-U', SERVER_USER, '-A', 'trust', '-E', 'UTF8', '--data-checksums']
  const locale = ['--locale-provider=builtin', '--locale=C.UTF-8', '--lc-collate=C', '--lc-ctype=C']
  try {
    await promisify(execFile)(join(place.binaries, 'bin', 'initdb'), [...args, ...locale], {
      cwd: '/',
      env: { LC_ALL: 'C', TZ: 'UTC' },
      ...place.runAs,
    })
    await rename(aside, place.cluster)
  } catch (error) {
    await rm(aside, { recursive: true, force: true })
    // Another process of ours was first.
    if (existsSync(join(place.cluster, 'PG_VERSION'))) return
    await keepReason(place, error)
    throw unavailable(
      'database-not-made',
      'The embedded database could not be made. It needs 100 MB of room in the data folder; database/postgres.log there has the reason.',
      error,
    )
  }
}

/** What a program said before it failed goes where the server's own words go. */
async function keepReason(place: ClusterPlace, error: unknown): Promise<void> {
  const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error)
  await appendFile(`${place.cluster}.log`, said).catch(() => undefined) // On a full disk there is no room for it either.
}

/** Resolves once the cluster's server answers: it ran already, another process starts it just now, or we do. */
export async function ensureRunning(place: ClusterPlace, log: Logger): Promise<void> {
  const begun = Date.now()
  let starting = false
  let starts = 0
  for (let attempt = 0; ; attempt++) {
    const state = await probe(place)
    if (state === 'answers') return
    if (state === 'absent' && !starting) {
      const pid = await livePid(place)
      if (pid === undefined) {
        if (++starts > MOST_STARTS || Date.now() - begun > START_MS) throw didNotStart()
        starting = true
        start(place)
          .catch((error: unknown) => log.error({ err: error }, 'the database cannot be started'))
          .finally(() => (starting = false))
      } else if (Date.now() - begun > SOCKETLESS_MS) {
        log.warn({ pid }, 'a database server of this folder lost its socket: stopping it')
        await stopServer(place)
      }
    }
    if (Date.now() - begun > START_MS) throw didNotStart()
    if (attempt === 40) log.info({}, 'waiting for the database (it may be recovering)')
    await sleep(attempt < 20 ? 25 : 250)
  }
}

function didNotStart(): Error {
  return unavailable(
    'database-did-not-start',
    'The embedded database did not start; database/postgres.log in the data folder has the reason.',
  )
}

/** Fast shutdown: commits what was answered, breaks the rest off. Resolves when it has ended or after some seconds. */
export async function stopServer(place: ClusterPlace): Promise<void> {
  const pid = await livePid(place)
  if (pid === undefined) return
  process.kill(pid, 'SIGINT')
  const deadline = Date.now() + STOP_MS
  while (Date.now() < deadline && (await livePid(place)) === pid) await sleep(20)
}

/** A connection to `database` of this server. */
export function socketSettings(place: ClusterPlace, database: string): pg.ClientConfig {
  return { host: place.socketFolder, port: SERVER_PORT, user: SERVER_USER, database, ssl: false }
}

/** Runs until the server ends; it lives in a session of its own, so that Ctrl-C reaches us and not it. */
async function start(place: ClusterPlace): Promise<void> {
  const output = await open(`${place.cluster}.log`, 'a')
  try {
    const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    const server = spawn(
      join(place.binaries, 'bin', 'postgres'),
      ['-D', place.cluster, '-k', place.socketFolder, '-p', String(SERVER_PORT), ...settings],
      // Nothing of our environment: it holds secrets, and PG* variables that would mean something else here.
      {
        cwd: '/',
        env: { LC_ALL: 'C' },
        detached: true,
        stdio: ['ignore', output.fd, output.fd],
        ...place.runAs,
      },
    )
    server.unref()
    if (server.pid !== undefined) stepProcessBack(server.pid)
    await new Promise((resolve, reject) => {
      server.once('error', reject)
      server.once('exit', resolve)
    })
  } finally {
    await output.close()
  }
}

/** `starting`: it says that it is not ready yet. `absent`: nobody is at the socket. */
async function probe(place: ClusterPlace): Promise<'answers' | 'starting' | 'absent'> {
  const client = new pg.Client({
    ...socketSettings(place, 'postgres'),
    connectionTimeoutMillis: 2_000,
    query_timeout: 2_000,
    application_name: 'yunying-probe',
  })
  client.on('error', () => undefined) // What matters is whether it answers; the caller asks again.
  try {
    await client.connect()
    await client.query('select 1')
    await client.end()
    return 'answers'
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const code = (error as NodeJS.ErrnoException).code ?? ''
    return ['ENOENT', 'ECONNREFUSED'].includes(code) ? 'absent' : 'starting'
  }
}

/**
 * The server of this cluster, where it runs: by its own lock file, whose number may be another process's by now (a
 * container counts its processes from one at each start). Such a file would keep PostgreSQL from starting.
 */
async function livePid(place: ClusterPlace): Promise<number | undefined> {
  const lock = join(place.cluster, 'postmaster.pid')
  const pid = await lockedBy(lock)
  if (pid === undefined || !isAlive(pid)) return undefined
  if (await worksIn(pid, place.cluster)) return pid
  if ((await lockedBy(lock)) === pid) {
    await rm(lock, { force: true })
    await rm(join(place.socketFolder, `.s.PGSQL.${SERVER_PORT}.lock`), { force: true })
  }
  return undefined
}

async function lockedBy(lock: string): Promise<number | undefined> {
  try {
    const pid = Number((await readFile(lock, 'utf8')).split('\n')[0])
    return Number.isInteger(pid) && pid > 0 ? pid : undefined
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** A PostgreSQL server works in its data directory. Where the system does not tell, the number is trusted. */
async function worksIn(pid: number, cluster: string): Promise<boolean> {
  if (!existsSync('/proc/self/cwd')) return true
  try {
    return (await readlink(`/proc/${pid}/cwd`)) === (await realpath(cluster))
  } catch (error) {
    if (['ENOENT', 'EACCES', 'EPERM', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? ''))
      return false
    throw error
  }
}
