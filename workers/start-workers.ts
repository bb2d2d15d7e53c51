import { asArchive } from '../core/access/organisation-wall.ts'
import { addUpStudyTally } from '../core/archive/study-tally.ts'
import { sealAudit } from '../core/audit/seal-audit.ts'
import { measureUsage } from '../core/organisations/measure-usage.ts'
import { endExpiredEmergencies } from '../core/emergency/end-emergency.ts'
import type { Pacs } from '../core/pacs.ts'
import { claimWork, extendLease, failWork, finishWork } from '../core/work/claim-work.ts'
import { JOB_KINDS, type JobKind } from '../core/work/job-kind.ts'
import { sweepWork } from '../core/work/sweep-work.ts'
import { isYunyingError } from '../core/errors.ts'
import { HANDLERS } from './handlers.ts'
import { startForwarding } from './start-forwarding.ts'
import { tidyUp } from './tidy-up.ts'

const SWEEP_MS = 2_000
const TALLY_MS = 15_000
const TIDY_MS = 3_600_000
/** How often it is counted what each organisation keeps. */
const USAGE_MS = 900_000
/** How long an event waits for its place in the chain, at most. */
const SEAL_MS = 5_000
/** The scope itself knows the minute; this only records it. */
const EMERGENCY_MS = 5_000

/** Works for all organisations until `stop()`, which lets what is under way end. */
export function startWorkers(pacs: Pacs): { stop(): Promise<void> } {
  const ending = new AbortController()
  const lanes = JOB_KINDS.map((kind) =>
    pacs.queue.work(kind, HANDLERS[kind].concurrency, (key) =>
      asArchive(() => perform(pacs, kind, key, ending.signal)),
    ),
  )
  const sweep = repeat(pacs, SWEEP_MS, () => sweepWork(pacs))
  const tally = repeat(pacs, TALLY_MS, () => addUpStudyTally(pacs.database))
  const tidy = repeat(pacs, TIDY_MS, () => tidyUp(pacs))
  const usage = repeat(pacs, USAGE_MS, () => measureUsage(pacs))
  const seal = repeat(pacs, SEAL_MS, () => sealAudit(pacs))
  const { auditSyslog } = pacs.config
  const forwarding = auditSyslog === undefined ? undefined : startForwarding(pacs, auditSyslog)
  const emergencies = repeat(pacs, EMERGENCY_MS, () => endExpiredEmergencies(pacs))
  // What an earlier process left is due now.
  sweep.run()
  usage.run()
  return {
    async stop() {
      ending.abort()
      const regular = [sweep, tally, tidy, usage, seal, emergencies].map((task) => task.stop())
      await Promise.all([...regular, ...lanes.map((lane) => lane.stop()), forwarding?.stop()])
    },
  }
}

/** Runs the task again and again, never twice at once; a run that fails is logged, and the next one comes. */
function repeat(
  pacs: Pick<Pacs, 'log'>,
  everyMs: number,
  task: () => Promise<unknown>,
): { run(): void; stop(): Promise<void> } {
  let running: Promise<void> | undefined
  const run = (): void => {
    running ??= asArchive(task)
      .then(
        () => undefined,
        (error: unknown) => pacs.log.warn({ err: error }, 'a regular task failed; the next run comes'),
      )
      .finally(() => (running = undefined))
  }
  const timer = setInterval(run, everyMs)
  return {
    run,
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}

/** One run of one piece of work: claim its row, do it, and settle the row by how it ended. */
async function perform(pacs: Pacs, kind: JobKind, key: string, signal: AbortSignal): Promise<void> {
  const { leaseMs, run } = HANDLERS[kind]
  const outcome = await claimWork(pacs.database, kind, key, leaseMs)
  if (outcome.kind === 'early') {
    await pacs.queue.notify(kind, key, { delayMs: outcome.waitMs })
    return
  }
  if (outcome.kind === 'none') return
  const { claim } = outcome
  const alive = setInterval(() => {
    extendLease(pacs.database, claim, leaseMs).catch((error: unknown) =>
      pacs.log.warn({ err: error, kind, key }, 'a lease was not extended'),
    )
  }, leaseMs / 3)
  try {
    await run(pacs, key, signal)
  } catch (error) {
    const level = signal.aborted ? 'info' : isYunyingError(error) ? 'warn' : 'error'
    pacs.log[level]({ err: error, kind, key, attempt: claim.attempts }, 'work failed')
    const waitMs = await failWork(pacs.database, claim, error)
    if (waitMs !== undefined) await pacs.queue.notify(kind, key, { delayMs: waitMs })
    return
  } finally {
    clearInterval(alive)
  }
  const again = await finishWork(pacs.database, claim)
  if (again) await pacs.queue.notify(kind, key)
}
