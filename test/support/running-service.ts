import { spawn, type ChildProcess } from 'node:child_process'
import { createWriteStream, existsSync, readFileSync, readdirSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createPacs } from '../../core/create-pacs.ts'
import { asArchive } from '../../core/access/organisation-wall.ts'
import { loadConfig } from '../../core/config.ts'
import { createApiToken } from '../../core/identity/api-token.ts'
import { getUserByEmail } from '../../core/identity/user-table.ts'
import type { Pacs } from '../../core/pacs.ts'
import { openBacking } from '../../storage-config/open-backing.ts'
import { openCodec } from '../../workers/codec/open-codec.ts'
import { freePort } from './processes.ts'
import { startMinio, startPostgres, startRedis, type TestServer } from './start-servers.ts'
import { silentLog } from './silent-log.ts'

const root = join(import.meta.dirname, '../..')
/** The administrator of a first start. */
export const ADMIN = { email: 'admin@localhost', password: 'correct horse battery' }
const START_MS = 60_000

/** The built programs as processes of their own, as an operator runs them. */
export interface RunningService {
  readonly url: string
  /** Bearer token of the administrator. */
  readonly token: string
  /** Empty on the embedded stack. */
  readonly servers:
    { readonly redis: TestServer; readonly postgres: TestServer; readonly minio: TestServer } | undefined
  /** A request with the administrator's token. */
  fetch(path: string, init?: RequestInit): Promise<Response>
  /** Starts all processes; resolves when the service is ready. */
  start(): Promise<void>
  /** kill -9 of every process of ours, the embedded database server included. */
  kill(): Promise<void>
  /** True while none of the processes has ended. */
  alive(): boolean
  /** Does something with the same archive, from this process. */
  withPacs<T>(work: (pacs: Pacs) => Promise<T>): Promise<T>
  stop(): Promise<void>
}

/** `embedded`: one process and defaults. `cluster`: one web process and two of workers, on real PostgreSQL, Redis and S3. */
export async function startService(
  stack: 'embedded' | 'cluster',
  renditions = 'off',
  /** Settings beside the usual ones. */
  env: Readonly<Record<string, string>> = {},
): Promise<RunningService> {
  const folder = await mkdtemp(join(tmpdir(), 'yunying-service-'))
  // As root the embedded server runs as another user, who must get in.
  await chmod(folder, 0o755)
  const servers =
    stack === 'cluster'
      ? { redis: await startRedis(), postgres: await startPostgres(), minio: await startMinio() }
      : undefined
  const port = await freePort()
  const settings = {
    YUNYING_DATA: join(folder, 'data'),
    YUNYING_PORT: String(port),
    YUNYING_ADMIN_PASSWORD: ADMIN.password,
    YUNYING_LOG_LEVEL: 'warn',
    YUNYING_RENDITIONS: renditions,
    YUNYING_RUN: servers === undefined ? 'web,worker' : 'web',
    ...(servers === undefined
      ? {}
      : {
          YUNYING_DATABASE_URL: servers.postgres.url,
          YUNYING_QUEUE_URL: servers.redis.url,
          YUNYING_OBJECTS_URL: servers.minio.url,
        }),
    ...env,
  }
  const programs = [
    'services/main.js',
    ...(servers === undefined ? [] : ['workers/main.js', 'workers/main.js']),
  ]
  const url = `http://127.0.0.1:${port}`
  let children: ChildProcess[] = []
  let token = ''

  const launch = (program: string, index: number): ChildProcess => {
    const child = spawn(process.execPath, [join(root, 'dist', program)], {
      cwd: folder,
      env: { ...process.env, ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const log = createWriteStream(join(folder, `process-${index}.log`), { flags: 'a' })
    child.stdout.pipe(log)
    child.stderr.pipe(log)
    return child
  }

  const service: RunningService = {
    url,
    servers,
    get token() {
      return token
    },
    fetch: (path, init = {}) => {
      const headers = new Headers(init.headers)
      headers.set('Authorization', `Bearer ${token}`)
      return fetch(url + path, { ...init, headers })
    },
    async start() {
      children = programs.map(launch)
      const deadline = Date.now() + START_MS
      while (!(await isReady(url))) {
        if (Date.now() > deadline || !service.alive()) {
          const said = readFileSync(join(folder, 'process-0.log'), 'utf8').slice(-3000)
          throw new Error(`the service did not start: ${said}`)
        }
        await sleep(50)
      }
      if (token === '') {
        token = await service.withPacs(async (pacs) =>
          createApiToken(pacs, await getUserByEmail(pacs.database, ADMIN.email), { label: 'test' }),
        )
      }
    },
    async kill() {
      const pids = new Set(children.flatMap(({ pid }) => (pid === undefined ? [] : familyOf(pid))))
      const lock = join(folder, 'data', 'database', 'postgres', 'postmaster.pid')
      if (existsSync(lock)) {
        for (const pid of familyOf(Number(readFileSync(lock, 'utf8').split('\n')[0]))) pids.add(pid)
      }
      for (const pid of pids) signal(pid)
      while ([...pids].some(isRunning)) await sleep(10)
    },
    alive: () => children.every(({ exitCode, signalCode }) => exitCode === null && signalCode === null),
    async withPacs(work) {
      const config = loadConfig({ ...settings, YUNYING_RUN: 'web,worker', YUNYING_LOG_LEVEL: 'silent' })
      const backing = await openBacking(config, silentLog)
      const codec = openCodec({
        threadUrl: new URL('../../dist/workers/codec/codec-thread.js', import.meta.url),
        threads: 1,
      })
      try {
        // As the command line does.
        return await asArchive(() => work(createPacs({ config, ...backing, codec, log: silentLog })))
      } finally {
        await codec.close()
        await backing.close()
      }
    },
    async stop() {
      const ended = children.map((child) =>
        child.exitCode === null && child.signalCode === null
          ? new Promise((resolve) => child.once('exit', resolve))
          : undefined,
      )
      for (const child of children) child.kill('SIGTERM')
      await Promise.all(ended)
      for (const server of Object.values(servers ?? {})) await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
  await service.start()
  return service
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/readyz`)).ok
  } catch (error) {
    if (error instanceof TypeError) return false
    throw error
  }
}

/** A process and all that descend from it. */
function familyOf(pid: number): number[] {
  const parents = readdirSync('/proc').flatMap((name) => {
    const parent = /^\d+$/.test(name) ? parentOf(Number(name)) : undefined
    return parent === undefined ? [] : [{ pid: Number(name), parent }]
  })
  const family = [pid]
  for (const member of family)
    family.push(...parents.filter(({ parent }) => parent === member).map((one) => one.pid))
  return family
}

function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch (error) {
    // It ended meanwhile.
    if (error instanceof Error) return undefined
    throw error
  }
}

function isRunning(pid: number): boolean {
  if (!existsSync(`/proc/${pid}/stat`)) return false
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3) !== 'Z'
  } catch (error) {
    if (error instanceof Error) return false
    throw error
  }
}

function signal(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
