import { ConfigError, loadConfig } from '../core/config.ts'
import { createPacs } from '../core/create-pacs.ts'
import { openLog } from '../core/open-log.ts'
import { openBacking } from '../storage-config/open-backing.ts'
import { openCodec } from './codec/open-codec.ts'
import { startWorkers } from './start-workers.ts'

const EXIT_CONFIG = 78

/** Composition root of a process that only works: no door is open. */
async function main(): Promise<void> {
  const config = loadConfig({ ...process.env, YUNYING_RUN: 'worker' })
  const log = openLog(config.logLevel, { run: 'worker' })
  const backing = await openBacking(config, log)
  const codec = openCodec({ threadUrl: new URL('./codec/codec-thread.js', import.meta.url), threads: 2 })
  const workers = startWorkers(createPacs({ config, ...backing, codec, log }))
  log.info({ pid: process.pid }, 'working')
  const end = (): void => {
    void (async () => {
      await workers.stop()
      await codec.close()
      await backing.close()
      process.exit(0)
    })()
    // Work that does not end in time is taken over by another worker when its lease runs out.
    setTimeout(() => process.exit(0), 9_500).unref()
  }
  process.once('SIGTERM', end)
  process.once('SIGINT', end)
}

main().catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof ConfigError ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
  )
  process.exit(error instanceof ConfigError ? EXIT_CONFIG : 1)
})
