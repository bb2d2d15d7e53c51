import type { Principal } from '../access/principal.ts'
import { studyNotFound, type ReadableStudy } from '../access/require-study.ts'
import { isReindexNeeded } from '../archive/reindex-mark.ts'
import type { RemoveStudy, StudyRemoval } from '../contract/retention.ts'
import { YunyingError } from '../errors.ts'
import type { Pacs } from '../pacs.ts'
import type { Queryable, SqlValue } from '../ports/database.ts'
import { notifyWork, requestWork, type WorkRequest } from '../work/request-work.ts'
import { beginRemoval, lockStudy } from './begin-removal.ts'
import { finishRemoval } from './finish-removal.ts'
import {
  enabledRules,
  HELD,
  IN_QUARANTINE,
  judgedStudies,
  SHOWN_BY_LINK,
  UNDER_REVIEW,
} from './judge-studies.ts'
import { lockRetention } from './study-holds.ts'

const MOST_LISTED = 100

/**
 * The work `remove-study`: goes on with a removal that was begun; else begins it where the study is on the list of what is due,
 * its days are over and everything that was true then is true now. Otherwise nothing happens. Errors: as `finishRemoval`.
 */
export async function removeDueStudy(pacs: Pacs, studyId: string, signal: AbortSignal): Promise<void> {
  const [begun] = await pacs.database.query<{ removal_id: string }>(
    'select removal_id from study_removal where study_id = $1',
    [studyId],
  )
  const removalId = begun?.removal_id ?? (await beginWhenDue(pacs, studyId))
  if (removalId !== undefined) await finishRemoval(pacs, removalId, signal)
}

async function beginWhenDue(pacs: Pacs, studyId: string): Promise<string | undefined> {
  if (await isReindexNeeded(pacs.objects)) return undefined
  const [listed] = await pacs.database.query<{ organisation_id: string }>(
    'select organisation_id from retention_due where study_id = $1 and remove_after <= now()',
    [studyId],
  )
  if (listed === undefined) return undefined
  const { organisation_id: organisationId } = listed
  return pacs.database.transaction(async (tx) => {
    await lockRetention(tx, organisationId)
    const study = await lockStudy(tx, organisationId, studyId)
    const rules = await enabledRules(tx, organisationId)
    const params: SqlValue[] = []
    const [due] = await tx.query<{ rule_id: string }>(
      `with ${judgedStudies(rules, organisationId, params, studyId)} select d.rule_id
       from due d join retention_due r using (study_id) where r.remove_after <= now()`,
      params,
    )
    if (study === undefined || due === undefined) return undefined
    const archive: Principal = { kind: 'system', organisationId, reason: 'retention' }
    return beginRemoval(tx, archive, study, { ruleId: due.rule_id })
  })
}

/**
 * Removes one study at once, because a person says so and why; its objects follow within moments. Errors: 'not-found' code
 * 'study-not-found'; 'conflict' codes 'study-held', 'study-under-review', 'study-shared' (unless the removal says also then) and
 * 'study-in-quarantine', which say what keeps it, and 'reindex-needed'.
 */
export async function removeByHand(
  pacs: Pacs,
  principal: Principal,
  { studyId, organisationId }: ReadableStudy,
  { reason, removesShared }: RemoveStudy,
): Promise<void> {
  if (await isReindexNeeded(pacs.objects))
    throw new YunyingError(
      'conflict',
      'reindex-needed',
      'The archive is being rebuilt. Try again when it is done.',
    )
  const work: WorkRequest[] = [{ kind: 'remove-study', key: studyId, organisationId }]
  await pacs.database.transaction(async (tx) => {
    await lockRetention(tx, organisationId)
    const study = await lockStudy(tx, organisationId, studyId)
    if (study === undefined) throw studyNotFound()
    await refuseWhatIsKept(tx, studyId, removesShared)
    await beginRemoval(tx, principal, study, { reason })
    await requestWork(tx, work)
  })
  await notifyWork(pacs.queue, work)
}

async function refuseWhatIsKept(tx: Queryable, studyId: string, removesShared: boolean): Promise<void> {
  const [kept] = await tx.query<Record<'held' | 'reviewed' | 'shared' | 'quarantined', boolean>>(
    `select ${HELD('s', '(now() at time zone o.time_zone)::date')} as held, ${UNDER_REVIEW('s')} as reviewed, ${SHOWN_BY_LINK('s')} as shared,
       ${IN_QUARANTINE('s')} as quarantined from study s join organisation o using (organisation_id) where s.study_id = $1`,
    [studyId],
  )
  const refuse = (code: string, message: string): never => {
    throw new YunyingError('conflict', code, message)
  }
  if (kept?.held === true) refuse('study-held', 'A hold keeps this study. Lift it first.')
  if (kept?.reviewed === true)
    refuse('study-under-review', 'An emergency access to this patient waits for its review. Review it first.')
  if (kept?.quarantined === true)
    refuse('study-in-quarantine', 'Images of this study wait in quarantine. Decide about them first.')
  if (kept?.shared === true && !removesShared)
    refuse('study-shared', 'An open link shows this study. Take it back, or say that it goes too.')
}

/** What was removed of the organisation, the last first, at most 100. */
export async function listRemovals(database: Queryable, organisationId: string): Promise<StudyRemoval[]> {
  const rows = await database.query<{
    removal_id: string
    study_instance_uid: string
    rule_id: string | null
    reason: string
    removed_by: string | null
    removed_at: Date
    instances: number
    bytes: number
    done: boolean
  }>(
    `select r.removal_id, r.study_instance_uid, r.rule_id, r.reason, coalesce(nullif(u.display_name, ''), u.email) as removed_by,
       r.removed_at, r.instances, r.bytes, r.done_at is not null as done
     from study_removal r left join app_user u on u.user_id = r.removed_by
     where r.organisation_id = $1 order by r.removed_at desc limit ${MOST_LISTED}`,
    [organisationId],
  )
  return rows.map((row) => ({
    removalId: row.removal_id,
    studyInstanceUid: row.study_instance_uid,
    ruleId: row.rule_id,
    reason: row.reason,
    removedBy: row.removed_by,
    removedAt: row.removed_at.toISOString(),
    instances: row.instances,
    bytes: row.bytes,
    done: row.done,
  }))
}
