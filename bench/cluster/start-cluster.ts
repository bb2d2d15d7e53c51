import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { asArchive } from '../../core/access/organisation-wall.ts'
import type { Database } from '../../core/ports/database.ts'
import { openPostgresServer } from '../../storage-config/database/postgres-server.ts'
import {
  SERVER_PROGRAMS,
  startMinio,
  startPostgres,
  startRedis,
  type TestServer,
} from '../../test/support/start-servers.ts'
import { AS_NPM_START } from '../as-npm-start.ts'
import type { Endpoint } from '../client-job.ts'
import { usageOf, type Usage } from '../process-usage.ts'
import { SILENT } from '../silent-log.ts'
import { end, freePort, untilAnswers } from '../target.ts'

const run = promisify(execFile)
const USER = { email: 'bench@localhost', password: 'a password for the bench' } as const

/** What a cluster is made of. */
export const PARTS = ['web', 'worker', 'PostgreSQL', 'Redis', 'MinIO'] as const
export type PartName = (typeof PARTS)[number]
export type PartUsage = Readonly<Record<PartName, Usage>>

/** Our processes on real servers. */
export interface Cluster {
  readonly endpoint: Endpoint
  /** The same as the archive itself. */
  query<Row>(statement: string): Promise<Row[]>
  parts(): PartUsage
  /** Of all parts together. */
  usage(): Usage
  workLeft(): Promise<number>
  /** Starts so many workers more; resolves when all of them work. */
  startWorkers(count: number): Promise<void>
  close(): Promise<void>
}

/** The servers that are not on this machine, by name. */
export const missingServers = (): string[] =>
  Object.entries(SERVER_PROGRAMS)
    .filter(([, program]) => program === undefined)
    .map(([name]) => name)

/** Fresh servers with so many web processes, each on a port of its own, and no worker yet. */
export async function startCluster(
  root: string,
  webs: number,
  renditions: 'on' | 'off' = 'off',
): Promise<Cluster> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-cluster-'))
  // Where this runs as root, PostgreSQL is another user.
  await chmod(folder, 0o755)
  const closers: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })]
  const close = async (): Promise<void> => {
    for (const each of closers.splice(0).reverse()) await each()
  }
  const opened = (server: TestServer): TestServer => {
    closers.push(() => server.stop())
    return server
  }
  try {
    const postgres = opened(await startPostgres())
    const redis = opened(await startRedis())
    const minio = opened(await startMinio())
    const env = {
      ...process.env,
      NODE_ENV: 'production',
      ...AS_NPM_START,
      YUNYING_HOST: '127.0.0.1',
      YUNYING_DATABASE_URL: postgres.url,
      YUNYING_QUEUE_URL: redis.url,
      YUNYING_OBJECTS_URL: minio.url,
      YUNYING_ADMIN_EMAIL: USER.email,
      YUNYING_ADMIN_PASSWORD: USER.password,
      YUNYING_RENDITIONS: renditions,
      YUNYING_SEARCH_LIMIT: 'off',
      YUNYING_UPLOAD_LIMIT: 'off',
    }
    const children = { web: [] as ChildProcess[], worker: [] as ChildProcess[] }
    const launch = (kind: 'web' | 'worker', settings: Readonly<Record<string, string>>): ChildProcess => {
      const program = kind === 'web' ? 'dist/services/main.js' : 'dist/workers/main.js'
      const child = spawn(process.execPath, [join(root, program)], {
        cwd: folder,
        env: { ...env, YUNYING_RUN: kind, ...settings },
        stdio: ['ignore', 'ignore', 'pipe'],
      })
      child.stderr?.pipe(createWriteStream(join(folder, `${kind}-${children[kind].length}.log`)))
      children[kind].push(child)
      closers.push(() => end(child))
      return child
    }
    const ports: number[] = []
    // One after the other: the first of them makes the tables.
    for (let web = 0; web < webs; web++) {
      const port = await freePort()
      launch('web', {
        YUNYING_PORT: String(port),
        YUNYING_DATA: join(folder, `web-${web}`),
        YUNYING_LOG_LEVEL: 'warn',
      })
      await untilAnswers(`http://127.0.0.1:${port}/readyz`, performance.now())
      ports.push(port)
    }
    const { stdout } = await run(
      process.execPath,
      [join(root, 'dist/cli.js'), 'token', '--user', USER.email],
      {
        env: { ...env, YUNYING_DATA: join(folder, 'cli') },
      },
    )
    const database: Database = await openPostgresServer(postgres.url, SILENT)
    closers.push(() => database.close())
    const query = <Row>(statement: string): Promise<Row[]> => asArchive(() => database.query<Row>(statement))
    const ofChildren = (kind: 'web' | 'worker'): Usage =>
      sumOf(children[kind].map(({ pid }) => usageOf(pid ?? 0)))
    const parts = (): PartUsage => ({
      web: ofChildren('web'),
      worker: ofChildren('worker'),
      PostgreSQL: usageOf(postgres.pid),
      Redis: usageOf(redis.pid),
      MinIO: usageOf(minio.pid),
    })
    const [port = 0, ...morePorts] = ports
    return {
      endpoint: { host: '127.0.0.1', port, morePorts, headers: { Authorization: `Bearer ${stdout.trim()}` } },
      query,
      parts,
      usage: () => sumOf(Object.values(parts())),
      workLeft: async () => {
        const [row] = await query<{ count: number }>('select count(*)::int as count from work_item')
        return row?.count ?? 0
      },
      startWorkers: async (count) => {
        const workers = Array.from({ length: count }, () => launch('worker', { YUNYING_LOG_LEVEL: 'info' }))
        await Promise.all(workers.map(untilWorking))
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** A worker has no door to knock at: it says that it works. */
async function untilWorking(worker: ChildProcess): Promise<void> {
  const gone = once(worker, 'exit').then(() => {
    throw new Error('A worker ended before it worked.')
  })
  const said = new Promise<void>((resolve) => {
    let text = ''
    worker.stderr?.on('data', function heard(bytes: Buffer) {
      text += bytes.toString()
      if (!text.includes('"working"')) return
      worker.stderr?.off('data', heard)
      resolve()
    })
  })
  await Promise.race([said, gone])
  // When it ends later, that is as it should be.
  gone.catch(() => undefined)
}

const sumOf = (usages: readonly Usage[]): Usage => ({
  cpuMs: usages.reduce((sum, each) => sum + each.cpuMs, 0),
  memoryBytes: usages.reduce((sum, each) => sum + each.memoryBytes, 0),
})
