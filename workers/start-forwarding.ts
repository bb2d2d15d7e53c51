import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { asArchive } from '../core/access/organisation-wall.ts'
import { forwardAudit } from '../core/audit/forward-audit.ts'
import type { SyslogAddress } from '../core/audit/syslog-address.ts'
import type { Pacs } from '../core/pacs.ts'
import { openSyslogChannel } from './syslog-channel.ts'

const LOOK_MS = 2_000
const IDLE_MS = 5_000
const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 60_000
/** What a receiver has not confirmed by then is sent again by whoever forwards next. */
const STOP_MS = 3_000

/**
 * Forwards the record until `stop()`, which has what was sent confirmed. A receiver that is away is asked again after 1, 2, 4 …
 * 60 seconds; nothing else waits for it.
 */
export function startForwarding(
  pacs: Pick<Pacs, 'database' | 'clock' | 'log'>,
  address: SyslogAddress,
): { stop(): Promise<void> } {
  const ending = new AbortController()
  const { signal } = ending
  const run = async (): Promise<void> => {
    for (let failures = 0; !signal.aborted;) {
      try {
        const forwarding = {
          open: (given: AbortSignal) => openSyslogChannel(address, given),
          host: hostname(),
          processId: process.pid,
          // A receiver that ends idle connections by itself would never confirm one.
          idleMs: failures === 0 ? IDLE_MS : 0,
        }
        const confirmed = await asArchive(() => forwardAudit(pacs, forwarding, signal))
        if (confirmed === undefined || confirmed === 0) await pause(LOOK_MS, signal)
        if (confirmed === 0) continue
        if (failures > 0) pacs.log.info({ confirmed }, 'the audit trail is forwarded again')
        failures = 0
      } catch (error) {
        if (signal.aborted) return
        const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures)
        failures += 1
        pacs.log.warn({ err: error, waitMs }, 'the audit trail was not forwarded; it is tried again')
        await pause(waitMs, signal)
      }
    }
  }
  const running = run()
  return {
    async stop() {
      ending.abort()
      await Promise.race([running, sleep(STOP_MS, undefined, { ref: false })])
    },
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal }).catch(() => undefined)
