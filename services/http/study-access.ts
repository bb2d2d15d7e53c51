import { accessScope } from '../../core/access/access-scope.ts'
import type { Principal } from '../../core/access/principal.ts'
import { findReadableStudy, studyNotFound, type ReadableStudy } from '../../core/access/require-study.ts'
import { recordAudit } from '../../core/audit/record-audit.ts'
import { emergencyOverStudy } from '../../core/emergency/emergency-over-study.ts'
import type { Pacs } from '../../core/pacs.ts'
import { createRemembered } from '../../core/remembered.ts'

/** What is read of a study: something of it, what it is opened with, or that ahead of one who may never look at it. */
export type Purpose = 'reading' | 'opening' | 'prefetch'

/** Decides, for the hot path, whether a principal may read a study; remembers a yes for a few seconds. */
export interface StudyAccess {
  /** Errors: 'not-found' code 'study-not-found', whether absent or not allowed; the reason is in the audit. */
  require(principal: Principal, studyInstanceUid: string, purpose?: Purpose): Promise<ReadableStudy>
  /** Whether the study may be read now; nothing is recorded of it. */
  allows(principal: Principal, studyInstanceUid: string): Promise<boolean>
  forget(): void
}

const REMEMBER = { forMs: 5_000, most: 20_000 }
/** One reading of a study is one event, not one a frame. */
const AUDIT_EVERY = { forMs: 600_000, most: 20_000 }

export function createStudyAccess(pacs: Pacs): StudyAccess {
  const allowed = createRemembered<ReadableStudy>(pacs.clock, REMEMBER)
  const audited = createRemembered<true>(pacs.clock, AUDIT_EVERY)

  async function decide(principal: Principal, studyInstanceUid: string): Promise<ReadableStudy> {
    const study = await findReadableStudy(pacs, principal, studyInstanceUid)
    if (study !== undefined) return study
    const exists = await pacs.database.query(
      'select 1 from study where organisation_id = $1 and study_instance_uid = $2',
      [principal.organisationId, studyInstanceUid],
    )
    if (exists.length > 0) {
      await recordAudit(pacs.database, principal, {
        event: 'instances-accessed',
        outcome: 'denied',
        studyInstanceUid,
        detail: { scope: accessScope(principal, pacs.clock.now()).everything ? 'organisation' : 'narrow' },
      })
    }
    throw studyNotFound()
  }

  async function auditOnce(
    who: string,
    principal: Principal,
    study: ReadableStudy,
    purpose: Purpose,
  ): Promise<void> {
    const emergency = await emergencyOverStudy(pacs.database, principal, study.studyId)
    const key = `${who}|${purpose}|${emergency ?? ''}`
    if (audited.get(key) === true) return
    audited.set(key, true)
    try {
      await recordAudit(pacs.database, principal, {
        event: 'instances-accessed',
        outcome: 'success',
        studyId: study.studyId,
        studyInstanceUid: study.studyInstanceUid,
        detail: {
          ...(purpose === 'reading' ? {} : { purpose }),
          ...(emergency === undefined ? {} : { emergency }),
        },
      })
      // Whoever opened it reads it.
      if (purpose === 'opening') audited.set(`${who}|reading|${emergency ?? ''}`, true)
    } catch (error) {
      // No record, no pixels: the next request tries to write it again.
      audited.delete(key)
      throw error
    }
  }

  return {
    async require(principal, studyInstanceUid, purpose = 'reading') {
      const name = principal.kind === 'user' ? principal.userId : principal.reason
      const who = `${principal.organisationId}|${name}|${studyInstanceUid}`
      // What was fetched ahead, or seen small in a list, was not opened yet: each is remembered, and recorded, by itself.
      const key = `${who}|${purpose}`
      const known = allowed.get(key)
      if (known !== undefined) return known
      const study = await decide(principal, studyInstanceUid)
      await auditOnce(who, principal, study, purpose)
      allowed.set(key, study)
      return study
    },
    allows: async (principal, studyInstanceUid) =>
      (await findReadableStudy(pacs, principal, studyInstanceUid)) !== undefined,
    forget: allowed.clear,
  }
}
