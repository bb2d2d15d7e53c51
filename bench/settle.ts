import { setTimeout as sleep } from 'node:timers/promises'
import type { Target } from './target.ts'

const LOOK_MS = 400
/** Of one core: what timers and checkpoints of an idle server use. */
const IDLE_SHARE = 0.08
const PATIENCE_MS = 60_000

/**
 * Waits until a server does nothing any more, so that what it still derives from earlier work (metadata, thumbnails, its
 * index) falls neither on the next row nor on the next server, but is counted. Three quiet looks in a row with no work
 * put off, or a minute.
 */
export async function settle(target: Target): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS
  let before = target.usage().cpuMs
  for (let quiet = 0; quiet < 3 && performance.now() < deadline;) {
    const began = performance.now()
    await sleep(LOOK_MS)
    const now = target.usage().cpuMs
    const isQuiet = (now - before) / (performance.now() - began) < IDLE_SHARE
    quiet = isQuiet && ((await target.workLeft?.()) ?? 0) === 0 ? quiet + 1 : 0
    before = now
  }
}
