import { fileURLToPath } from 'node:url'
import { asArchive } from '../core/access/organisation-wall.ts'
import { checkSyslogCredentials } from '../core/audit/syslog-credentials.ts'
import { loadConfig, type Config } from '../core/config.ts'
import { createPacs } from '../core/create-pacs.ts'
import { ensureFirstStart, type FirstStart } from '../core/identity/first-start.ts'
import { publishRegistry } from '../core/identity/registry.ts'
import { openLog } from '../core/open-log.ts'
import { live } from '../core/process-life.ts'
import { openBacking } from '../storage-config/open-backing.ts'
import { openCodec } from '../workers/codec/open-codec.ts'
import { startWorkers } from '../workers/start-workers.ts'
import { createApp } from './http/app.ts'
import { listen, type Listening } from './http/listen.ts'
import { openStudyEvents } from './realtime/study-events.ts'

const DRAIN_MS = 6_000

/** Composition root: configuration, address, backing, then the parts this process runs. */
await live(async (opened) => {
  const config = loadConfig(process.env)
  checkSyslogCredentials(config)
  const log = openLog(config.logLevel, { run: config.run.join(',') })
  // Before anything is made: a second start by mistake must not find out later.
  const listening = config.run.includes('web') ? await listen(config, log) : undefined
  if (listening !== undefined) opened(() => listening.close(0))
  const backing = await openBacking(config, log, {
    writeThreadUrl: new URL('../storage-config/write-thread.js', import.meta.url),
  })
  opened(() => backing.close())
  const codec = openCodec({
    threadUrl: new URL('../workers/codec/codec-thread.js', import.meta.url),
    threads: 2,
  })
  opened(() => codec.close())
  const pacs = createPacs({ config, ...backing, codec, log })

  if (listening !== undefined) {
    const events = await openStudyEvents(pacs)
    opened(() => events.close())
    const viewerFolder = fileURLToPath(new URL('../viewer', import.meta.url))
    const app = await createApp(pacs, { events, viewerFolder })
    opened(() => app.close())
    // After all that can fail: a password that is shown once must not get lost.
    const first = await asArchive(() => ensureFirstStart(pacs))
    listening.serve(app.handle)
    sayWhereItIs(config, listening, first)
    await publishRegistry(pacs)
  }
  if (config.run.includes('worker')) {
    const workers = startWorkers(pacs)
    opened(() => workers.stop())
  }
  // Requests under way end while everything they need is still there.
  if (listening !== undefined) opened(() => listening.close(DRAIN_MS))
  log.info({ pid: process.pid }, 'started')
  return log
})

function sayWhereItIs(config: Config, listening: Listening, first: FirstStart | undefined): void {
  const lines = ['', `  Yunying 云影 is running at ${config.publicUrl ?? listening.url}`, '']
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
