import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { endProcess, freePort } from '../support/processes.ts'

const root = join(import.meta.dirname, '../..')
let folder: string
let data: string
let children: ChildProcess[]
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'yunying-start-'))
  // As root the embedded server runs as another user, who must get in.
  await chmod(folder, 0o755)
  data = join(folder, 'data')
  children = []
})
afterEach(async () => {
  await Promise.all(children.map((child) => endProcess(child, 'SIGTERM')))
  await rm(folder, { recursive: true, force: true })
})

interface Started {
  readonly child: ChildProcess
  /** Resolves when it has said this; rejects when it ended without. */
  says(text: string): Promise<string>
  /** The exit code and all it said. */
  ends(): Promise<{ code: number | null; said: string }>
}

function start(env: Record<string, string>, command = [process.execPath, 'dist/services/main.js']): Started {
  const [program = '', ...args] = command
  const child = spawn(program, args, {
    cwd: root,
    env: { ...process.env, YUNYING_DATA: data, YUNYING_PORT: '0', YUNYING_RENDITIONS: 'off', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.push(child)
  let said = ''
  const waiting = new Set<() => void>()
  const heard = (text: Buffer): void => {
    said += text.toString()
    for (const look of waiting) look()
  }
  child.stdout.on('data', heard)
  child.stderr.on('data', heard)
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  return {
    child,
    says: (text) =>
      new Promise((resolve, reject) => {
        const look = (): void => void (said.includes(text) && resolve(said))
        waiting.add(look)
        look()
        void ended.then((code) => reject(new Error(`ended with ${code}: ${said}`)))
      }),
    ends: async () => ({ code: await ended, said }),
  }
}

const databaseRuns = (): boolean => existsSync(join(data, 'database/postgres/postmaster.pid'))
const sentence = (text: string): RegExp => new RegExp(`^The configuration has faults:\n  - ${text}[^\n]*\n$`)

describe('a start', () => {
  it('shows the password at the first, none at the next, and ends with 0 on SIGTERM', async () => {
    const first = start({})
    await first.says('running at')
    expect(await first.says('started')).toMatch(/Password {4}\S+/)
    first.child.kill('SIGTERM')
    expect((await first.ends()).code).toBe(0)
    expect(databaseRuns()).toBe(false)
    expect((await stat(join(data, 'objects'))).mode & 0o777).toBe(0o700)

    const second = start({})
    expect(await second.says('started')).not.toContain('Password')
    second.child.kill('SIGTERM')
    expect((await second.ends()).code).toBe(0)
  }, 120_000)

  it('ends with 0, and leaves no database behind, when SIGTERM comes in its midst', async () => {
    const service = start({})
    while (!databaseRuns()) await new Promise((resolve) => setTimeout(resolve, 5))
    service.child.kill('SIGTERM')
    expect((await service.ends()).code).toBe(0)
    expect(databaseRuns()).toBe(false)
  }, 60_000)

  it('ends with npm that started it', async () => {
    const npm = start({ YUNYING_RUN: 'worker' }, ['npm', 'start'])
    await npm.says('"started"')
    npm.child.kill('SIGTERM')
    expect((await npm.ends()).code).toBe(0)
    expect(databaseRuns()).toBe(false)
  }, 60_000)
})

describe('a start where something listens', () => {
  let other: Server
  let port: string
  beforeAll(async () => {
    other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    port = String((other.address() as AddressInfo).port)
  })
  afterAll(() => new Promise((resolve) => other.close(resolve)))

  it('says so, and has made nothing: the first password is shown by the start that works', async () => {
    const { code, said } = await start({ YUNYING_PORT: port }).ends()
    expect([code, said]).toEqual([
      78,
      expect.stringMatching(sentence('YUNYING_PORT: another program listens')),
    ])
    expect(await readdir(folder)).toEqual([])
  })
})

describe('a start that cannot be', () => {
  it('says why in a sentence, without a value', async () => {
    const file = join(folder, 'a-file')
    await writeFile(file, '')
    const port = String(await freePort())
    for (const [env, code, text] of [
      [{ YUNYING_DATA: file }, 78, sentence('YUNYING_DATA: what it names is not a folder')],
      [{ YUNYING_HOST: '192.0.2.5' }, 78, sentence('YUNYING_HOST: this machine has no such address')],
      [{ YUNYING_RUN: 'dimse', YUNYING_QUEUE_URL: 'redis://x' }, 78, sentence('YUNYING_RUN: dimse')],
      [
        { YUNYING_AUDIT_SYSLOG_URL: `syslog+tls://localhost?ca=${file}` },
        78,
        sentence('YUNYING_AUDIT_SYSLOG_URL: the file of ca cannot be read by this user, or holds no PEM'),
      ],
      [
        { YUNYING_DATABASE_URL: `postgres://me:secret@127.0.0.1:${port}/x` },
        1,
        /^Yunying did not start: The database cannot be reached\. Try again in a moment\. \(ECONNREFUSED\)\n$/,
      ],
    ] as const) {
      const ended = await start({ ...env }).ends()
      expect([env, ended]).toEqual([env, { code, said: expect.stringMatching(text) }])
      expect(ended.said).not.toMatch(/a-file|192\.0|secret/)
    }
  }, 60_000)
})
