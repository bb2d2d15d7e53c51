import { explainStart } from './explain-start.ts'
import type { Logger } from './ports/logger.ts'

/** Requests and work under way have this long to end. Milliseconds. */
const END_MS = 9_500

/** Remembers how to close what was opened. */
export type Opened = (close: () => Promise<void>) => void

/**
 * Starts a process and ends it: on SIGTERM or SIGINT, also in the middle of its start, what was opened last is closed
 * first, and it exits 0 within 10 s. A start that fails closes what it had opened, says why, and exits otherwise.
 */
export async function live(start: (opened: Opened) => Promise<Logger>): Promise<void> {
  const closers: (() => Promise<void>)[] = []
  const closeAll = async (log: Logger | undefined): Promise<void> => {
    for (const close of closers.reverse()) {
      await close().catch((error: unknown) => log?.error({ err: error }, 'a part did not close'))
    }
  }
  let ending = false
  const started = start((close) => closers.push(close))
  const end = (signal: NodeJS.Signals): void => {
    if (ending) return
    ending = true
    // Everything acknowledged is safe, and work is taken over when its lease runs out.
    setTimeout(() => process.exit(0), END_MS)
    void started
      .then(
        (log) => (log.info({ signal }, 'ending'), closeAll(log)),
        () => closeAll(undefined),
      )
      .then(() => process.exit(0))
  }
  process.on('SIGTERM', end)
  process.on('SIGINT', end)
  try {
    await started
  } catch (error) {
    if (ending) return
    const { text, exitCode } = explainStart(error)
    process.stderr.write(`${text}\n`)
    await closeAll(undefined)
    process.exit(exitCode)
  }
}
