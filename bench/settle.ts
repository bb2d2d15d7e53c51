import { setTimeout as sleep } from 'node:timers/promises'
import type { Target } from './target.ts'

/** How long a server is looked at before it counts as quiet. */
export interface Quiet {
  readonly looks: number
  readonly lookMs: number
  readonly patienceMs: number
}

/** Three quiet looks in a row with no work put off, or a minute. */
export const THOROUGH: Quiet = { looks: 3, lookMs: 400, patienceMs: 60_000 }
/** For figures that mean little: a server that still works off what it was sent is not waited for. */
export const BRIEF: Quiet = { looks: 1, lookMs: 100, patienceMs: 2_000 }

/**
 * Of one core: what timers and checkpoints of an idle server use at most. 1 to 2 % as a rule; where the host takes away memory that
 * was not touched for a second, waking is so dear that it is 8 %, and 15 in the look that a sweep falls into. Work uses more.
 */
const IDLE_SHARE = 0.2

/**
 * Waits until a server does nothing any more, so that what it still derives from earlier work (metadata, thumbnails, its
 * index) falls neither on the next row nor on the next server, but is counted.
 */
export async function settle(
  target: Pick<Target, 'usage' | 'workLeft'>,
  { looks, lookMs, patienceMs }: Quiet,
): Promise<void> {
  const deadline = performance.now() + patienceMs
  for (let quiet = 0; quiet < looks && performance.now() < deadline;) {
    const before = target.usage().cpuMs
    const began = performance.now()
    await sleep(lookMs)
    const share = (target.usage().cpuMs - before) / (performance.now() - began)
    // Asked between looks, and only of a server that may be quiet: answering is work, too.
    quiet = share < IDLE_SHARE && ((await target.workLeft?.()) ?? 0) === 0 ? quiet + 1 : 0
  }
}
