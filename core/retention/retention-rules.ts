import { randomUUID } from 'node:crypto'
import type { Principal } from '../access/principal.ts'
import { isUuid } from '../archive/instance-id.ts'
import { recordAudit } from '../audit/record-audit.ts'
import type { RetentionRule, RetentionTerms } from '../contract/retention.ts'
import { notFound, YunyingError } from '../errors.ts'
import { publishRegistry } from '../identity/registry.ts'
import type { Pacs } from '../pacs.ts'
import type { Queryable } from '../ports/database.ts'
import type { JudgingRule } from './judge-studies.ts'
import { listDueStudies } from './list-due-studies.ts'
import { previewRule } from './preview-rule.ts'

interface RuleRow extends JudgingRule {
  readonly enabled_at: Date | null
}

const COLUMNS =
  'rule_id, modalities, years, counted_from, minors_until, grace_days, removes_shared, enabled_at'

/** The rules of an organisation, in the order in which they were made. */
export async function listRules(database: Queryable, organisationId: string): Promise<RetentionRule[]> {
  const rows = await database.query<RuleRow>(
    `select ${COLUMNS} from retention_rule where organisation_id = $1 order by created_at, rule_id`,
    [organisationId],
  )
  return rows.map((row) => ({
    ruleId: row.rule_id,
    modalities: [...row.modalities],
    years: row.years,
    countedFrom: row.counted_from,
    minorsUntil: row.minors_until,
    graceDays: row.grace_days,
    removesShared: row.removes_shared,
    enabledAt: row.enabled_at?.toISOString() ?? null,
  }))
}

/** A rule that does nothing yet. Returns its Id. */
export async function createRule(pacs: Pacs, principal: Principal, terms: RetentionTerms): Promise<string> {
  const ruleId = randomUUID()
  await changeRules(pacs, principal, 'retention-rule-made', ruleId, terms, (tx) =>
    tx.query(
      `insert into retention_rule (rule_id, organisation_id, modalities, years, counted_from, minors_until, grace_days,
         removes_shared, created_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning 1`,
      [...valuesOf(principal, ruleId, terms), principal.kind === 'user' ? principal.userId : null],
    ),
  )
  return ruleId
}

/** Other terms for a rule; it is a draft then, whose preview is looked at before it is switched on. Errors: as `enableRule`. */
export async function changeRule(
  pacs: Pacs,
  principal: Principal,
  ruleId: string,
  terms: RetentionTerms,
): Promise<void> {
  await changeRules(pacs, principal, 'retention-rule-changed', ruleId, terms, (tx) =>
    tx.query(
      `update retention_rule set modalities = $3, years = $4, counted_from = $5, minors_until = $6, grace_days = $7,
         removes_shared = $8, enabled_at = null where rule_id = $1 and organisation_id = $2 returning 1`,
      valuesOf(principal, ruleId, terms),
    ),
  )
}

/**
 * Switches a rule on; `seen` is how many studies its preview had. What is due is listed for the days of grace first. Errors:
 * 'not-found' code 'retention-rule-not-found'; 'conflict' code 'retention-preview-changed' when there are more by now.
 */
export async function enableRule(
  pacs: Pacs,
  principal: Principal,
  ruleId: string,
  seen: number,
): Promise<void> {
  const { studies } = await previewRule(pacs, principal, ruleId)
  if (studies > seen) {
    throw new YunyingError(
      'conflict',
      'retention-preview-changed',
      'By now the rule fits more studies than its preview had. Look at the preview again.',
    )
  }
  await changeRules(pacs, principal, 'retention-rule-enabled', ruleId, { studies }, (tx) =>
    tx.query(
      `update retention_rule set enabled_at = coalesce(enabled_at, now())
       where rule_id = $1 and organisation_id = $2 returning 1`,
      [ruleId, principal.organisationId],
    ),
  )
}

/** Switches a rule off. Errors: as `enableRule`. */
export async function disableRule(pacs: Pacs, principal: Principal, ruleId: string): Promise<void> {
  await changeRules(pacs, principal, 'retention-rule-disabled', ruleId, {}, (tx) =>
    tx.query(
      'update retention_rule set enabled_at = null where rule_id = $1 and organisation_id = $2 returning 1',
      [ruleId, principal.organisationId],
    ),
  )
}

/** Errors: as `enableRule`. */
export async function deleteRule(pacs: Pacs, principal: Principal, ruleId: string): Promise<void> {
  await changeRules(pacs, principal, 'retention-rule-deleted', ruleId, {}, (tx) =>
    tx.query('delete from retention_rule where rule_id = $1 and organisation_id = $2 returning 1', [
      ruleId,
      principal.organisationId,
    ]),
  )
}

/** One recorded change, and then the list of what is due by the rules that there are now. */
async function changeRules(
  pacs: Pacs,
  principal: Principal,
  change: string,
  ruleId: string,
  terms: Partial<RetentionTerms> | { studies: number },
  write: (tx: Queryable) => Promise<unknown[]>,
): Promise<void> {
  await pacs.database.transaction(async (tx) => {
    const written = isUuid(ruleId) ? await write(tx) : []
    if (written.length === 0) throw ruleNotFound()
    const said = Object.entries(terms).map(([name, value]): [string, string | number | boolean] => [
      name,
      Array.isArray(value) ? value.join(',') : (value ?? 'none'),
    ])
    await recordAudit(tx, principal, {
      event: 'configuration-changed',
      outcome: 'success',
      detail: { change, subject: ruleId, ...Object.fromEntries(said) },
    })
  })
  await listDueStudies(pacs, principal.organisationId)
  await publishRegistry(pacs)
}

export const ruleNotFound = (): YunyingError =>
  notFound('retention-rule-not-found', 'This rule is not there any more. Reload the page.')

const valuesOf = (principal: Principal, ruleId: string, terms: RetentionTerms) => [
  ruleId,
  principal.organisationId,
  terms.modalities,
  terms.years,
  terms.countedFrom,
  terms.minorsUntil,
  terms.graceDays,
  terms.removesShared,
]
