import type { Principal } from '../access/principal.ts'
import { isReindexNeeded } from '../archive/reindex-mark.ts'
import type { DueStudy } from '../contract/retention.ts'
import type { Pacs } from '../pacs.ts'
import type { SqlValue } from '../ports/database.ts'
import { notifyWork, requestWork, type WorkRequest } from '../work/request-work.ts'
import { enabledRules, judgedStudies } from './judge-studies.ts'
import { presentRetained, retainedColumns, type RetainedStudyRow } from './retained-study.ts'

const MOST_LISTED = 500
/** Studies whose removal is asked for at once. */
const MOST_REMOVED = 500

/**
 * Brings the list of what is due up to date: what became due is listed with its days of grace, and what is not any more leaves
 * it. Other rules never shorten what was promised.
 */
export async function listDueStudies(pacs: Pick<Pacs, 'database'>, organisationId: string): Promise<void> {
  const rules = await enabledRules(pacs.database, organisationId)
  const params: SqlValue[] = []
  await pacs.database.query(
    `with ${judgedStudies(rules, organisationId, params)}, left_it as (
       delete from retention_due r where r.organisation_id = $2 and not exists (select from due d where d.study_id = r.study_id)
     )
     insert into retention_due (study_id, organisation_id, rule_id, remove_after)
     select study_id, organisation_id, rule_id, now() + make_interval(days => grace_days) from due
     on conflict (study_id) do update set rule_id = excluded.rule_id, remove_after = greatest(retention_due.remove_after,
       retention_due.found_at + (excluded.remove_after - now()))`,
    params,
  )
}

/**
 * Once an hour, in one process: every organisation's list, and the removal of what has been on it for its days of grace. Not
 * while a reindex is needed: then what keeps a study may be missing. Returns for how many the removal was asked.
 */
export async function removeWhatIsDue(
  pacs: Pick<Pacs, 'database' | 'objects' | 'queue'>,
): Promise<number | undefined> {
  if (await isReindexNeeded(pacs.objects)) return 0
  return pacs.database.withLock('retention', async () => {
    const organisations = await pacs.database.query<{ id: string }>(
      `select organisation_id as id from retention_rule where enabled_at is not null
       union select organisation_id from retention_due`,
    )
    for (const { id } of organisations) await listDueStudies(pacs, id)
    const ready = await pacs.database.query<{ study_id: string; organisation_id: string }>(
      `select study_id, organisation_id from retention_due where remove_after <= now() order by remove_after limit ${MOST_REMOVED}`,
    )
    const work = ready.map((row): WorkRequest => ({
      kind: 'remove-study',
      key: row.study_id,
      organisationId: row.organisation_id,
    }))
    await requestWork(pacs.database, work)
    await notifyWork(pacs.queue, work)
    return work.length
  })
}

/** What is on the list, the next first, at most 500. */
export async function readDueStudies(
  pacs: Pick<Pacs, 'database' | 'clock'>,
  principal: Principal,
): Promise<DueStudy[]> {
  const params: SqlValue[] = [principal.organisationId]
  const rows = await pacs.database.query<RetainedStudyRow & { remove_after: Date; rule_id: string }>(
    `select ${retainedColumns(pacs, principal, 's', params)}, d.remove_after, d.rule_id
     from retention_due d join study s using (study_id) where d.organisation_id = $1
     order by d.remove_after, s.study_date, s.study_id limit ${MOST_LISTED}`,
    params,
  )
  return rows.map((row) => ({
    ...presentRetained(row),
    removeAfter: row.remove_after.toISOString(),
    ruleId: row.rule_id,
  }))
}

/** How much is on the list, and when the first of it goes. */
export async function sumDueStudies(
  pacs: Pick<Pacs, 'database'>,
  organisationId: string,
): Promise<{ studies: number; bytes: number; first: string | null }> {
  const [row] = await pacs.database.query<{ studies: number; bytes: number; first: Date | null }>(
    `select count(*) as studies, min(remove_after) as first, (select coalesce(sum(i.size), 0)::bigint from instance i
       where i.study_id in (select study_id from retention_due where organisation_id = $1)) as bytes
     from retention_due where organisation_id = $1`,
    [organisationId],
  )
  return { studies: row?.studies ?? 0, bytes: row?.bytes ?? 0, first: row?.first?.toISOString() ?? null }
}
