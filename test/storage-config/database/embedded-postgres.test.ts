import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { build } from 'esbuild'
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { chmod, chown, cp, lstat, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { placeCluster } from '../../../storage-config/database/cluster-place.ts'
import { openEmbeddedPostgres } from '../../../storage-config/database/embedded-postgres.ts'
import { SERVER_USER, socketSettings } from '../../../storage-config/database/embedded-server.ts'
import { openPostgres } from '../../../storage-config/database/postgres-database.ts'
import {
  makeLinks,
  postgresBinaries,
  reachableBinaries,
} from '../../../storage-config/database/postgres-binaries.ts'
import { canReach, unprivilegedUser } from '../../../storage-config/database/server-user.ts'
import { until } from '../../contract/job-queue-contract.ts'
import { endProcess } from '../../support/processes.ts'
import { describeWith } from '../../support/require.ts'
import { silentLog } from '../../support/silent-log.ts'
import { threadsThatSteppedBack } from '../../support/stepped-back.ts'

const root = join(import.meta.dirname, '../../..')
const program = join(root, 'node_modules/.cache/yunying-test/embedded-child.mjs')
const isRoot = process.getuid?.() === 0
let folder: string

beforeAll(() =>
  build({
    entryPoints: [join(root, 'test/support/embedded-child.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  }),
)
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'yunying embedded-'))
  await chmod(folder, 0o755)
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const open = (path: string) => openEmbeddedPostgres(path, silentLog, join(folder, 'system'))
const facts = '(select count(*) from fact) as n'

/** The server's process, where the cluster's own folder says one runs. */
function serverPid(path: string): number | undefined {
  const lock = join(path, 'postgres', 'postmaster.pid')
  return existsSync(lock) ? Number(readFileSync(lock, 'utf8').split('\n')[0]) : undefined
}

async function startChild(path: string, user: { uid?: number; gid?: number } = {}): Promise<ChildProcess> {
  const child = spawn(process.execPath, [program, path, join(folder, 'system')], {
    cwd: '/',
    stdio: ['ignore', 'pipe', 'pipe'],
    ...user,
  })
  let said = ''
  child.stdout?.on('data', (text: Buffer) => (said += text.toString()))
  child.stderr?.on('data', (text: Buffer) => (said += text.toString()))
  await until(() => said.includes('written') || child.exitCode !== null, 30_000)
  if (child.exitCode !== null) throw new Error(said)
  return child
}

describe('openEmbeddedPostgres', () => {
  it('keeps its rows from one start to the next, in a folder with spaces, and stops at the end', async () => {
    const data = join(folder, 'my data')
    for (const n of [1, 2, 3]) {
      const { database, close } = await open(data)
      await database.query('create table if not exists fact (n integer)')
      await database.query('insert into fact values ($1)', [n])
      expect(await database.query(`select ${facts}`)).toEqual([{ n }])
      await close()
      expect(serverPid(data)).toBeUndefined()
    }
  })

  it('works behind the thread that answers requests', async () => {
    const data = join(folder, 'behind')
    const { close } = await open(data)
    expect(threadsThatSteppedBack(serverPid(data) ?? 0)).toBe(1)
    await close()
  })

  it('syncs every commit, and listens on no port', async () => {
    const { database, close } = await open(join(folder, 'data'))
    const show = async (name: string) =>
      (await database.query<Record<string, string>>(`show ${name}`))[0]?.[name]
    expect(await show('fsync')).toBe('on')
    expect(await show('synchronous_commit')).toBe('on')
    expect(await show('listen_addresses')).toBe('')
    await close()
  })

  it('keeps few files open for a connection, however many there are, and no processes that read for others', async () => {
    const { database, close } = await open(join(folder, 'data'))
    await database.transaction(async (tx) => {
      const [own] = await tx.query<{ pid: number }>('select pg_backend_pid() as pid')
      const files = (): number => readdirSync(`/proc/${own?.pid}/fd`).length
      const before = files()
      for (let number = 1; number <= 300; number++) {
        await tx.query(`create table fact_${number} as select 1 as n`)
        await tx.query(`select count(*) from fact_${number}`)
      }
      if (process.platform === 'linux') expect(files() - before).toBeLessThan(150)
    })
    expect(
      await database.query(`select 1 from pg_stat_activity where backend_type = 'io worker' limit 1`),
    ).toEqual([])
    await close()
  })

  it('makes a connection anew that has lasted long', async () => {
    const data = join(folder, 'data')
    const { close } = await open(data)
    const place = await placeCluster(data, silentLog, join(folder, 'system'))
    const database = openPostgres(socketSettings(place, SERVER_USER), silentLog, { lifetimeSeconds: 1 })
    const pid = async () => (await database.query<{ pid: number }>('select pg_backend_pid() as pid'))[0]?.pid
    const first = await pid()
    // Asked so often that it is never idle for long.
    await until(async () => (await pid()) !== first, 20_000)
    await database.close()
    await close()
  })

  it('works in a folder whose path is too long for a socket', async () => {
    const data = join(folder, 'long'.repeat(30), 'data')
    const { database, close } = await open(data)
    await database.check()
    await close()
  })

  it('is shared by all who open the folder, even at the same time, until the last closes', async () => {
    const data = join(folder, 'data')
    const all = await Promise.all([open(data), open(data), open(data)])
    const pids = await Promise.all(
      all.map(({ database }) => database.query('select pg_postmaster_start_time() as at')),
    )
    expect(pids[1]).toEqual(pids[0])
    expect(pids[2]).toEqual(pids[0])
    await all[0]?.close()
    await all[1]?.close()
    await all[2]?.database.check()
    await all[2]?.close()
    expect(serverPid(data)).toBeUndefined()
  })

  it('adopts the server of a process that was killed', async () => {
    const data = join(folder, 'data')
    await endProcess(await startChild(data), 'SIGKILL')
    const pid = serverPid(data)
    const { database, close } = await open(data)
    expect(await database.query(`select ${facts}`)).toEqual([{ n: 1 }])
    expect(serverPid(data)).toBe(pid)
    await close()
    expect(serverPid(data)).toBeUndefined()
  })

  it('starts a server that died again, and loses no commit', async () => {
    const data = join(folder, 'data')
    const { database, close } = await open(data)
    await database.query('create table fact (n integer)')
    await database.query('insert into fact values (1)')
    const pid = serverPid(data) ?? 0
    process.kill(pid, 'SIGKILL')
    await until(
      () =>
        database.query(`select ${facts}`).then(
          (rows) => serverPid(data) !== pid && JSON.stringify(rows) === '[{"n":1}]',
          () => false,
        ),
      20_000,
    )
    await close()
  })

  it('is not kept from starting by a lock whose number belongs to another process by now', async () => {
    const data = join(folder, 'data')
    await (await open(data)).close()
    writeFileSync(join(data, 'postgres', 'postmaster.pid'), `${process.pid}\n${data}\n`)
    const { database, close } = await open(data)
    await database.check()
    await close()
  })
})

const asRoot = { name: 'to be root', remedy: 'run the tests as root', found: isRoot }

describeWith(asRoot, 'openEmbeddedPostgres, as root', () => {
  it('keeps the cluster elsewhere when its user cannot enter the data folder, and finds it again', async () => {
    const home = join(folder, 'home')
    await mkdir(home, { mode: 0o700 })
    const data = join(home, 'data')
    const first = await open(data)
    await first.database.query('create table fact (n integer)')
    await first.close()
    const place = readFileSync(join(data, 'postgres-location'), 'utf8').trim()
    expect(place.startsWith(join(folder, 'system'))).toBe(true)
    expect(existsSync(join(place, 'postgres', 'PG_VERSION'))).toBe(true)
    const second = await open(data)
    expect(await second.database.query(`select ${facts}`)).toEqual([{ n: 0 }])
    await second.close()

    await cp(data, join(home, 'copy'), { recursive: true })
    await expect(open(join(home, 'copy'))).rejects.toThrow('it is a copy')

    await rm(data, { recursive: true })
    const afresh = await open(data)
    await expect(afresh.database.query(`select ${facts}`)).rejects.toThrow('fact')
    await afresh.close()
  })

  it('runs the cluster as whoever made it', async () => {
    const nobody = { uid: 65534, gid: 65534 }
    if (!(await canReach(dirname(program), nobody))) return
    const data = join(folder, 'data')
    await mkdir(data)
    await chown(data, nobody.uid, nobody.gid)
    await endProcess(await startChild(data, nobody), 'SIGKILL')
    const { database, close } = await open(data)
    expect(await database.query(`select ${facts}`)).toEqual([{ n: 1 }])
    await close()
    // And not as root only: its own user can go on.
    const again = await startChild(data, nobody)
    await endProcess(again, 'SIGKILL')
    await (await open(data)).close()
    expect((await lstat(join(data, 'postgres'))).uid).toBe(nobody.uid)
  })

  it('copies binaries that its user cannot reach, with the links npm may not have made', async () => {
    const closed = join(folder, 'closed', 'package')
    await mkdir(join(folder, 'closed'), { mode: 0o700 })
    const original = await postgresBinaries()
    await cp(original, join(closed, 'native'), { recursive: true, verbatimSymlinks: true })
    await cp(join(original, '..', 'package.json'), join(closed, 'package.json'))
    const native = join(closed, 'native')
    for (const entry of await readdir(join(native, 'lib'), { withFileTypes: true })) {
      if (entry.isSymbolicLink()) await rm(join(native, 'lib', entry.name))
    }
    await makeLinks(native)
    const user = await unprivilegedUser()
    const system = join(folder, 'system')
    const copy = await reachableBinaries(native, user, system, silentLog)
    expect(copy.startsWith(system)).toBe(true)
    const version = execFileSync(join(copy, 'bin', 'postgres'), ['--version'], { cwd: '/', ...user })
    expect(version.toString()).toContain('PostgreSQL')
    expect(await reachableBinaries(native, user, system, silentLog)).toBe(copy)
  })
})
