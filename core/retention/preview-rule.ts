import type { Principal } from '../access/principal.ts'
import { isUuid } from '../archive/instance-id.ts'
import type { RetentionPreview } from '../contract/retention.ts'
import { notFound } from '../errors.ts'
import type { Pacs } from '../pacs.ts'
import type { SqlValue } from '../ports/database.ts'
import { enabledRules, judgedStudies, type JudgingRule } from './judge-studies.ts'
import { presentRetained, retainedColumns, type RetainedStudyRow } from './retained-study.ts'

const MOST_LISTED = 100

interface Sums {
  readonly studies: number
  readonly bytes: number
  readonly hold: number
  readonly emergency: number
  readonly link: number
  readonly quarantine: number
  readonly age_unknown: number
}

/**
 * What would be due today if this rule were on beside those that are: of the studies that it fits. Errors: 'not-found' code
 * 'retention-rule-not-found'.
 */
export async function previewRule(
  pacs: Pick<Pacs, 'database' | 'clock'>,
  principal: Principal,
  ruleId: string,
): Promise<RetentionPreview> {
  const { organisationId } = principal
  const [rule] = isUuid(ruleId)
    ? await pacs.database.query<JudgingRule>(
        `select rule_id, modalities, years, counted_from, minors_until, grace_days, removes_shared from retention_rule
         where rule_id = $1 and organisation_id = $2`,
        [ruleId, organisationId],
      )
    : []
  if (rule === undefined)
    throw notFound('retention-rule-not-found', 'This rule is not there any more. Reload the page.')
  const others = (await enabledRules(pacs.database, organisationId)).filter((each) => each.rule_id !== ruleId)
  const rules = [...others, rule]
  const fits = (alias: string, params: SqlValue[]): string =>
    rule.modalities.length === 0 ? 'true' : `${alias}.modalities && $${params.push(rule.modalities)}::text[]`

  const params: SqlValue[] = []
  const [sums] = await pacs.database.query<Sums>(
    `with ${judgedStudies(rules, organisationId, params)},
       fitting as (select * from judged j where ${fits('j', params)})
     select (select count(*) from due d where d.study_id in (select study_id from fitting)) as studies,
       (select coalesce(sum(i.size), 0)::bigint from instance i
          where i.study_id in (select study_id from due) and i.study_id in (select study_id from fitting)) as bytes,
       count(*) filter (where held) as hold, count(*) filter (where not held and emergency) as emergency,
       count(*) filter (where not held and not emergency and shared) as link,
       count(*) filter (where not held and not emergency and not shared and quarantined) as quarantine,
       count(*) filter (where not is_over and not (held or emergency or shared or quarantined)) as age_unknown
     from fitting`,
    params,
  )
  const listed: SqlValue[] = []
  const rows = await pacs.database.query<RetainedStudyRow>(
    `with ${judgedStudies(rules, organisationId, listed)}
     select ${retainedColumns(pacs, principal, 's', listed)} from due d join study s using (study_id) where ${fits('d', listed)}
     order by s.study_date, s.study_instance_uid limit ${MOST_LISTED}`,
    listed,
  )
  return {
    studies: sums?.studies ?? 0,
    bytes: sums?.bytes ?? 0,
    list: rows.map(presentRetained),
    kept: {
      hold: sums?.hold ?? 0,
      emergency: sums?.emergency ?? 0,
      link: sums?.link ?? 0,
      quarantine: sums?.quarantine ?? 0,
      'age-unknown': sums?.age_unknown ?? 0,
    },
  }
}
