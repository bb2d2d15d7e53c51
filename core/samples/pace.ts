import { setImmediate as nextTurn } from 'node:timers/promises'

/** How long the event loop may be held in one go, ms. */
const SLICE_MS = 8

/** Lets the event loop turn when enough time has gone by. */
export type Pause = () => Promise<void>

/** A pause to call often in long computations: it lets the event loop turn when enough time has gone by. */
export function openPace(): Pause {
  let since = performance.now()
  return async () => {
    if (performance.now() - since < SLICE_MS) return
    await nextTurn()
    since = performance.now()
  }
}
