import { asArchive } from '../access/organisation-wall.ts'
import type { Principal } from '../access/principal.ts'
import type { Pacs } from '../pacs.ts'
import { recordAudit } from './record-audit.ts'

/** Instances that are taken one by one are one event so often. Milliseconds. */
const EVERY_MS = 60_000

interface TransferredStudy {
  readonly studyId: string
  readonly studyInstanceUid: string
}

/**
 * What is taken away of studies, instance by instance: the first is recorded before it is sent, and those that follow within a
 * minute together, with how many they were. Whoever retrieves a CT leaves two events, not five hundred, and waits for one
 * commit. A process that is killed loses the count of its last minute, not that something was taken.
 */
export interface TransferLedger {
  /** One more instance of the study is about to be sent. Errors: as `recordAudit`; then nothing may be sent. */
  sent(principal: Principal, study: TransferredStudy): Promise<void>
  /** Records what is counted and not recorded yet. */
  flush(): Promise<void>
  close(): Promise<void>
}

interface Count {
  readonly principal: Principal
  readonly study: TransferredStudy
  /** The record of the first. */
  readonly begun: Promise<void>
  /** Beside the first. */
  instances: number
}

export function openTransferLedger(pacs: Pick<Pacs, 'database' | 'log'>): TransferLedger {
  let counts = new Map<string, Count>()

  const record = (
    principal: Principal,
    { studyId, studyInstanceUid }: TransferredStudy,
    instances: number,
  ): Promise<void> =>
    recordAudit(pacs.database, principal, {
      event: 'instances-transferred',
      outcome: 'success',
      studyId,
      studyInstanceUid,
      detail: { instances },
    })

  async function flush(): Promise<void> {
    const counted = [...counts.entries()].filter(([, { instances }]) => instances > 0)
    counts = new Map()
    for (const [key, { principal, study, begun, instances }] of counted) {
      try {
        await begun
      } catch {
        // Nothing of it was sent.
        continue
      }
      try {
        await asArchive(() => record(principal, study, instances))
      } catch (error) {
        pacs.log.warn({ err: error }, 'a count of instances was not recorded; it is kept')
        const since = counts.get(key)
        counts.set(key, { principal, study, begun, instances: instances + (since?.instances ?? 0) })
      }
    }
  }
  const timer = setInterval(() => void flush(), EVERY_MS).unref()

  return {
    async sent(principal, study) {
      const key = keyOf(principal, study)
      const known = counts.get(key)
      if (known !== undefined) {
        known.instances++
        return known.begun
      }
      const begun = record(principal, study, 1)
      const count: Count = { principal, study, begun, instances: 0 }
      counts.set(key, count)
      try {
        await begun
      } catch (error) {
        if (counts.get(key) === count) counts.delete(key)
        throw error
      }
    },
    flush,
    close: async () => {
      clearInterval(timer)
      await flush()
    },
  }
}

/** By person, link and address: each is an event of its own. */
function keyOf(principal: Principal, { studyId }: TransferredStudy): string {
  const { organisationId } = principal
  if (principal.kind === 'system') return [organisationId, principal.reason, studyId].join('|')
  return [organisationId, principal.userId, principal.address ?? '', studyId].join('|')
}
