import { execFile, spawn } from 'node:child_process'
import { existsSync, openSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { VERSION } from '../core/version.ts'
import { POINTER } from '../storage-config/database/cluster-place.ts'
import { AS_NPM_START } from './as-npm-start.ts'
import { processesOf, residentBytes, usageOf, type ProcessState } from './process-usage.ts'
import { end, freePort, untilAnswers, type Target } from './target.ts'

const run = promisify(execFile)

export const BENCH_USER = { email: 'bench@localhost', password: 'a password for the bench' } as const

export interface YunyingOptions {
  /** The repository, where dist/ is. */
  readonly root: string
  /** Passed to Node, before the program: `--cpu-prof`. */
  readonly nodeFlags?: readonly string[]
  /** Whether HTJ2K renditions are made. */
  readonly renditions?: boolean
  /** Whether one person may search without a limit: what is measured is the archive. */
  readonly searchesFreely?: boolean
}

/** A server of which more is known than of a peer's. */
export interface OwnTarget extends Target {
  readonly dataFolder: string
  /** Each of its processes, PostgreSQL's included. */
  processes(): ProcessState[]
  /** The command line, beside the server: what it prints. */
  cli(...words: readonly string[]): Promise<string>
}

/** Our own server, built, with embedded defaults in a temporary folder. */
export async function startYunying(options: YunyingOptions): Promise<OwnTarget> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-yunying-'))
  const port = await freePort()
  const env = {
    ...process.env,
    NODE_ENV: 'production',
    ...AS_NPM_START,
    YUNYING_DATA: join(folder, 'data'),
    YUNYING_HOST: '127.0.0.1',
    YUNYING_PORT: String(port),
    YUNYING_RUN: 'web,worker',
    YUNYING_ADMIN_EMAIL: BENCH_USER.email,
    YUNYING_ADMIN_PASSWORD: BENCH_USER.password,
    YUNYING_LOG_LEVEL: 'warn',
    // Made when nothing else is to be done, minutes after a row is over: the peer has nothing like it.
    YUNYING_RENDITIONS: options.renditions === true ? 'on' : 'off',
    ...(options.searchesFreely === true ? { YUNYING_SEARCH_LIMIT: 'off' } : {}),
  }
  const log = openSync(join(folder, 'server.log'), 'w')
  const began = performance.now()
  const child = spawn(
    process.execPath,
    [...(options.nodeFlags ?? []), join(options.root, 'dist/services/main.js')],
    {
      env,
      cwd: folder,
      stdio: ['ignore', log, log],
    },
  )
  const startMs = await untilAnswers(`http://127.0.0.1:${port}/healthz`, began)
  const cli: OwnTarget['cli'] = async (...words) => {
    const { stdout } = await run(process.execPath, [join(options.root, 'dist/cli.js'), ...words], { env })
    return stdout
  }
  const token = (await cli('token', '--user', BENCH_USER.email)).trim()
  const pid = child.pid ?? 0
  return {
    name: 'Yunying',
    dataFolder: env.YUNYING_DATA,
    cli,
    processes: () => processesOf(pid, folder),
    version: VERSION,
    endpoint: { host: '127.0.0.1', port, headers: { Authorization: `Bearer ${token}` } },
    startMs,
    usage: () => usageOf(pid, folder),
    workLeft: () => workLeft(`http://127.0.0.1:${port}/metrics`),
    residentBytes: () => residentBytes(pid),
    close: async () => {
      await end(child)
      await removeCluster(join(env.YUNYING_DATA, 'database'))
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Of root's server, the database is not in the data folder: a pointer there says where. */
export async function removeCluster(databaseFolder: string): Promise<void> {
  const pointer = join(databaseFolder, POINTER)
  if (!existsSync(pointer)) return
  await rm((await readFile(pointer, 'utf8')).trim(), { recursive: true, force: true })
}

async function workLeft(metricsUrl: string): Promise<number> {
  const answer = await fetch(metricsUrl)
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${metricsUrl} answered ${answer.status}.`)
  return ['pending', 'running'].reduce((sum, state) => {
    const count = new RegExp(`^yunying_work_items\\{state="${state}"\\} (\\d+)$`, 'm').exec(text)?.[1]
    if (count === undefined) throw new Error(`${metricsUrl} does not say how much work is ${state}.`)
    return sum + Number(count)
  }, 0)
}
