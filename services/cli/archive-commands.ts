import { archiveStatus } from '../../core/archive/archive-status.ts'
import { reindex } from '../../core/archive/reindex.ts'
import { sweepOrphans } from '../../core/archive/sweep-orphans.ts'
import { verify } from '../../core/archive/verify.ts'
import { forwardingLag } from '../../core/audit/forwarding-lag.ts'
import { sealAudit } from '../../core/audit/seal-audit.ts'
import { verifyAudit, type AuditVerification } from '../../core/audit/verify-audit.ts'
import { YunyingError } from '../../core/errors.ts'
import type { Pacs } from '../../core/pacs.ts'
import { hastenRenditions, workCounts } from '../../core/work/work-table.ts'
import type { Command } from './command.ts'

const WAIT_STEP_MS = 100
const HASTEN_MS = 1_000

export const archiveCommands: readonly Command[] = [
  {
    words: ['wait'],
    usage: 'wait [--timeout SECONDS]',
    purpose: 'Returns when no work is pending.',
    options: ['timeout'],
    run: async (pacs, options) => waitForWork(pacs, Number(options['timeout'] ?? '600')),
  },
  {
    words: ['status'],
    usage: 'status',
    purpose: 'What the archive keeps and what is still to do, as JSON.',
    options: [],
    run: async (pacs) => {
      const isForwarded = pacs.config.auditSyslog !== undefined
      const auditForwarding = isForwarded ? await forwardingLag(pacs) : undefined
      return JSON.stringify({ ...(await archiveStatus(pacs, null)), auditForwarding }, null, 2)
    },
  },
  {
    words: ['reindex'],
    usage: 'reindex',
    purpose: 'Rebuilds the database from the object store alone.',
    options: [],
    run: async (pacs) => JSON.stringify(await reindex(pacs, showProgress('instances read')), null, 2),
  },
  {
    words: ['verify'],
    usage: 'verify',
    purpose: 'Hashes every object again; reports what is missing, changed or orphaned.',
    options: [],
    run: async (pacs) => {
      const report = await verify(pacs, showProgress('objects verified'))
      const text = JSON.stringify(report, null, 2)
      if (report.missing.length > 0 || report.changed.length > 0) {
        throw new YunyingError('conflict', 'verify-failed', text)
      }
      return text
    },
  },
  {
    words: ['audit', 'verify'],
    usage: 'audit verify',
    purpose: 'Follows the audit chain of each organisation; says where it first breaks.',
    options: [],
    run: async (pacs) => {
      await sealAudit(pacs)
      const organisations = await pacs.database.query<{ organisation_id: string }>(
        'select organisation_id from organisation union select organisation_id from audit_head order by 1',
      )
      const reports: AuditVerification[] = []
      for (const { organisation_id: id } of organisations) reports.push(await verifyAudit(pacs, id))
      const text = JSON.stringify(reports, null, 2)
      if (reports.some(({ fault }) => fault !== undefined))
        throw new YunyingError('conflict', 'audit-chain-broken', text)
      return text
    },
  },
  {
    words: ['sweep'],
    usage: 'sweep',
    purpose: 'Removes what interrupted uploads left behind.',
    options: [],
    run: async (pacs) => JSON.stringify(await sweepOrphans(pacs), null, 2),
  },
]

async function waitForWork(pacs: Pacs, seconds: number): Promise<string> {
  const deadline = Date.now() + seconds * 1000
  let hastenedAt = 0
  for (;;) {
    // Somebody waits: what was put off is due.
    if (Date.now() - hastenedAt > HASTEN_MS) {
      await hastenRenditions(pacs.database)
      hastenedAt = Date.now()
    }
    const { pending, running, failed } = await workCounts(pacs.database)
    if (pending + running === 0) return JSON.stringify({ pending: 0, failed })
    if (Date.now() > deadline) {
      throw new YunyingError(
        'unavailable',
        'wait-timeout',
        `${pending + running} items of work are still to do.`,
      )
    }
    await new Promise((resolve) => setTimeout(resolve, WAIT_STEP_MS))
  }
}

/** Says on standard error how far it is, at most once a second. */
function showProgress(what: string): (done: number) => void {
  let last = 0
  return (done) => {
    if (Date.now() - last < 1000) return
    last = Date.now()
    process.stderr.write(`${done} ${what}\n`)
  }
}
