import { execFileSync, type ChildProcess } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { endProcess, findProgram, freePort, startProcess } from './processes.ts'

/** A real server of this test, on a port of its own. */
export interface TestServer {
  readonly url: string
  readonly port: number
  /** Of its first process. */
  readonly pid: number
  /** Ends it for good and removes what it kept. */
  stop(): Promise<void>
  /** kill -9; its data stays. */
  kill(): Promise<void>
  /** Starts it again on the same port and data. */
  restart(): Promise<void>
  /** It hangs: connections open, nothing answers. */
  pause(): void
  resume(): void
}

/** The programs themselves; undefined: not on this machine. */
export const SERVER_PROGRAMS = {
  redis: findProgram('redis-server'),
  postgres: findProgram('postgres', ...postgresFolders()),
  minio: findProgram(
    'minio',
    process.env['YUNYING_TEST_MINIO'],
    join(cacheFolder(), 'yunying', 'bin', 'minio'),
  ),
} as const
const { redis, postgres, minio } = SERVER_PROGRAMS

/** Redis with an append-only file, as a cluster runs it. */
export async function startRedis(): Promise<TestServer> {
  const args = [
    '--bind',
    '127.0.0.1',
    '--appendonly',
    'yes',
    '--save',
    '',
    '--maxmemory-policy',
    'noeviction',
  ]
  return startServer('redis', (folder, port) => ({
    program: redis,
    args: [...args, '--port', String(port), '--dir', folder],
    url: `redis://127.0.0.1:${port}`,
    signal: 'SIGTERM',
  }))
}

/** Debian's PostgreSQL; as root it runs as another user, because it refuses root. */
export async function startPostgres(): Promise<TestServer> {
  const isRoot = process.getuid?.() === 0
  const user = isRoot ? nobody() : {}
  return startServer('postgres', (folder, port) => {
    if (!existsSync(join(folder, 'PG_VERSION'))) {
      if (isRoot) chownSync(folder, nobody().uid, nobody().gid)
      const initdb = join(postgres ?? '', '..', 'initdb')
      execFileSync(initdb, ['-D', folder, '-U', 'yunying', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8'], {
        cwd: '/',
        stdio: 'pipe',
        ...user,
      })
    }
    const url = `postgres://yunying@127.0.0.1:${port}/postgres`
    return {
      program: postgres,
      args: ['-D', folder, '-h', '127.0.0.1', '-p', String(port), '-k', ''],
      url,
      signal: 'SIGINT',
      ready: async () => isReady(url),
      ...user,
    }
  })
}

/** It listens before it has started up, and refuses until then. */
async function isReady(connectionString: string): Promise<boolean> {
  const client = new pg.Client({ connectionString })
  // What breaks after the refusal has nobody else to hear it.
  client.on('error', () => undefined)
  await client.connect()
  await client.end()
  return true
}

/** MinIO with one bucket, named `yunying`. */
export async function startMinio(): Promise<TestServer> {
  return startServer('minio', (folder, port) => ({
    program: minio,
    // A folder at the top is a bucket.
    args: ['server', '--quiet', '--address', `127.0.0.1:${port}`, folder],
    url: `s3://minioadmin:minioadmin@127.0.0.1:${port}/yunying?tls=false&region=us-east-1`,
    signal: 'SIGTERM',
    ready: async () => (await fetch(`http://127.0.0.1:${port}/minio/health/ready`)).ok,
  }))
}

interface Recipe {
  readonly program: string | undefined
  readonly args: readonly string[]
  readonly url: string
  /** Ends it in order. */
  readonly signal: NodeJS.Signals
  readonly uid?: number
  readonly gid?: number
  readonly ready?: () => Promise<boolean>
}

async function startServer(
  name: string,
  recipeOf: (folder: string, port: number) => Recipe,
): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), `yunying-${name}-`))
  const port = await freePort()
  let child: ChildProcess | undefined
  const recipe = recipeOf(folder, port)
  const { program, args, uid, gid } = recipe
  if (program === undefined) throw new Error(`${name} is not on this machine`)
  const start = async (): Promise<void> => {
    const user = uid === undefined || gid === undefined ? {} : { uid, gid }
    child = await startProcess(program, args, { cwd: '/', ...user }, () => answers(port, recipe.ready))
  }
  await start()
  return {
    url: recipe.url,
    port,
    get pid() {
      return child?.pid ?? 0
    },
    async stop() {
      if (child !== undefined) await endProcess(child, recipe.signal)
      rmSync(folder, { recursive: true, force: true })
    },
    async kill() {
      if (child !== undefined) await endProcess(child, 'SIGKILL')
    },
    restart: start,
    pause: () => void child?.kill('SIGSTOP'),
    resume: () => void child?.kill('SIGCONT'),
  }
}

async function answers(port: number, ready?: () => Promise<boolean>): Promise<boolean> {
  const opened = await new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
  return opened && (ready === undefined || (await ready().catch(() => false)))
}

function nobody(): { uid: number; gid: number } {
  const entry = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .find(([user]) => user === 'nobody')
  return { uid: Number(entry?.[2]), gid: Number(entry?.[3]) }
}

function cacheFolder(): string {
  return process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache')
}

/** Debian keeps the server's programs off the PATH, by version. */
function postgresFolders(): string[] {
  const versions = '/usr/lib/postgresql'
  if (!existsSync(versions)) return []
  return readdirSync(versions)
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(versions, version, 'bin', 'postgres'))
}
