import { fileURLToPath } from 'node:url'
import { ConfigError, loadConfig } from '../core/config.ts'
import { createPacs } from '../core/create-pacs.ts'
import { ensureFirstStart } from '../core/identity/first-start.ts'
import { publishRegistry } from '../core/identity/registry.ts'
import type { Pacs } from '../core/pacs.ts'
import { openBacking } from '../storage-config/open-backing.ts'
import { openCodec } from '../workers/codec/open-codec.ts'
import { startWorkers } from '../workers/start-workers.ts'
import { createApp } from './http/app.ts'
import { listen } from './http/listen.ts'
import { openLog } from '../core/open-log.ts'
import { openStudyEvents } from './realtime/study-events.ts'

/** EX_CONFIG of sysexits.h. */
const EXIT_CONFIG = 78
const DRAIN_MS = 6_000

/** Composition root: configuration, backing, then the parts this process runs. */
async function main(): Promise<void> {
  const config = loadConfig(process.env)
  const log = openLog(config.logLevel, { run: config.run.join(',') })
  const backing = await openBacking(config, log)
  const codec = openCodec({
    threadUrl: new URL('../workers/codec/codec-thread.js', import.meta.url),
    threads: 2,
  })
  const pacs = createPacs({ config, ...backing, codec, log })
  const first = await ensureFirstStart(pacs)
  const closers: (() => Promise<void>)[] = [() => backing.close(), () => codec.close()]

  if (config.run.includes('worker')) {
    const workers = startWorkers(pacs)
    closers.push(() => workers.stop())
  }
  if (config.run.includes('web')) {
    await publishRegistry(pacs)
    const events = await openStudyEvents(pacs)
    const viewerFolder = fileURLToPath(new URL('../viewer', import.meta.url))
    const app = await createApp(pacs, { events, viewerFolder })
    const listening = await listen(pacs, app)
    closers.push(
      () => events.close(),
      () => app.close(),
      () => listening.close(DRAIN_MS),
    )
    sayWhereItIs(config.publicUrl ?? listening.url, first)
  }
  endOnSignal(log, closers)
  log.info({ pid: process.pid }, 'started')
}

function sayWhereItIs(url: string, first: Awaited<ReturnType<typeof ensureFirstStart>>): void {
  const lines = ['', `  Yunying 云影 is running at ${url}`, '']
  if (first !== undefined) {
    lines.push(`  Sign in as  ${first.email}`)
    if (first.oneTimePassword !== undefined) {
      lines.push(
        `  Password    ${first.oneTimePassword}   (shown once; you choose your own at the first sign-in)`,
      )
    }
    lines.push('')
  }
  process.stdout.write(`${lines.join('\n')}\n`)
}

/** SIGTERM or SIGINT: what was opened last is closed first; exits 0 within 10 s. */
function endOnSignal(log: Pacs['log'], closers: readonly (() => Promise<void>)[]): void {
  let ending = false
  const end = (signal: string): void => {
    if (ending) return
    ending = true
    log.info({ signal }, 'ending')
    const tooLate = setTimeout(() => {
      log.error({}, 'something did not close in time; everything acknowledged is safe')
      process.exit(0)
    }, 9_500)
    void (async () => {
      for (const close of [...closers].reverse()) {
        await close().catch((error: unknown) => log.error({ err: error }, 'a part did not close'))
      }
      clearTimeout(tooLate)
      process.exit(0)
    })()
  }
  process.on('SIGTERM', () => end('SIGTERM'))
  process.on('SIGINT', () => end('SIGINT'))
}

main().catch((error: unknown) => {
  if (error instanceof ConfigError) {
    process.stderr.write(`${error.message}\n`)
    process.exit(EXIT_CONFIG)
  }
  process.stderr.write(
    `Yunying did not start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  )
  process.exit(1)
})
