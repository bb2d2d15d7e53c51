import { setTimeout as sleep } from 'node:timers/promises'
import { hotp, STEP_SECONDS } from '../../core/identity/totp.ts'
import { secretOf } from './cookie-browser.ts'

/** What is left of a step in which a code is still begun with. Milliseconds. */
const LEAST_LEFT = 5_000

/** The code of an authenticator, so many steps from now; never at the end of a step, so that it arrives within it. */
export async function codeNow(secret: string, steps = 0): Promise<string> {
  const step = STEP_SECONDS * 1000
  const left = step - (Date.now() % step)
  if (left < LEAST_LEFT) await sleep(left)
  return hotp(secretOf(secret), Math.floor(Date.now() / step) + steps)
}
