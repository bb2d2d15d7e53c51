import { checkSyslogCredentials } from '../core/audit/syslog-credentials.ts'
import { loadConfig } from '../core/config.ts'
import { createPacs } from '../core/create-pacs.ts'
import { openLog } from '../core/open-log.ts'
import { live } from '../core/process-life.ts'
import { openBacking } from '../storage-config/open-backing.ts'
import { openCodec } from './codec/open-codec.ts'
import { startWorkers } from './start-workers.ts'

/** Composition root of a process that only works: no door is open. */
await live(async (opened) => {
  const config = loadConfig({ ...process.env, YUNYING_RUN: 'worker' })
  checkSyslogCredentials(config)
  const log = openLog(config.logLevel, { run: 'worker' })
  const backing = await openBacking(config, log)
  opened(() => backing.close())
  const codec = openCodec({ threadUrl: new URL('./codec/codec-thread.js', import.meta.url), threads: 2 })
  opened(() => codec.close())
  const workers = startWorkers(createPacs({ config, ...backing, codec, log }))
  opened(() => workers.stop())
  log.info({ pid: process.pid }, 'working')
  return log
})
