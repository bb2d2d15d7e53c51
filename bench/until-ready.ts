import { setTimeout as sleep } from 'node:timers/promises'
import type { SlowLink } from './slow-link.ts'
import type { Target } from './target.ts'

const RENDITIONS_MS = 600_000
/** Looks in a row at which nothing may be left to do: what follows from one piece of work is asked for a moment later. */
const LOOKS = 3

/** Until everything that follows from what was stored is made; the forms that a slow link wants are made last of all. */
export async function untilRenditions(target: Target): Promise<void> {
  const deadline = performance.now() + RENDITIONS_MS
  for (let idle = 0; idle < LOOKS;) {
    idle = ((await target.workLeft?.()) ?? 0) === 0 ? idle + 1 : 0
    if (performance.now() > deadline) throw new Error('The renditions are not made.')
    await sleep(500)
  }
}

/** The list fetches the code when it has nothing else to do: until nothing came over the link for a while. */
export async function untilQuiet(link: SlowLink): Promise<void> {
  await sleep(3_000)
  for (let before = -1; before !== link.bytes();) {
    before = link.bytes()
    await sleep(1_500)
  }
}
