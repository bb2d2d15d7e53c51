import { randomUUID } from 'node:crypto'
import { recordAudit } from '../audit/record-audit.ts'
import { YunyingError, notFound } from '../errors.ts'
import { publishRegistry } from '../identity/registry.ts'
import type { Pacs } from '../pacs.ts'
import { UniqueViolation, type Queryable } from '../ports/database.ts'
import type { Principal, Role } from './principal.ts'

/** Who a rule is for. */
export type RuleSubject =
  | { readonly kind: 'role'; readonly role: Role }
  | { readonly kind: 'group'; readonly groupId: string }
  | { readonly kind: 'person'; readonly userId: string }

export interface NewRule {
  readonly subject: RuleSubject
  readonly modalities: readonly string[]
  /** Names as typed. */
  readonly referrers: readonly string[]
  readonly days: number | null
  readonly expiresAt: Date | null
}

interface RuleRow {
  readonly rule_id: string
  readonly role: string | null
  readonly group_id: string | null
  readonly user_id: string | null
  readonly modalities: string[]
  readonly referrers: string[]
  readonly days: number | null
  readonly expires_at: Date | null
}

/** Who may read what in the organisation, beside the page of rules that all have (core/access/policy.ts). */
export interface OrganisationAccess {
  readonly ruledRoles: string[]
  readonly rules: RuleRow[]
  readonly groups: { group_id: string; name: string; members: string[] }[]
  readonly people: {
    user_id: string
    email: string
    display_name: string
    roles: Role[]
    referrer_names: string[]
  }[]
}

export async function readAccess(
  { database }: Pick<Pacs, 'database'>,
  { organisationId }: Principal,
): Promise<OrganisationAccess> {
  const own = [organisationId]
  const [[organisation], rules, groups, people] = await Promise.all([
    database.query<{ ruled_roles: string[] }>(
      'select ruled_roles from organisation where organisation_id = $1',
      own,
    ),
    database.query<RuleRow>(
      `select rule_id, role, group_id, user_id, modalities, referrers, days, expires_at from access_rule
       where organisation_id = $1 order by created_at, rule_id`,
      own,
    ),
    database.query<OrganisationAccess['groups'][number]>(
      `select g.group_id, g.name, coalesce(array_agg(m.user_id::text) filter (where m.user_id is not null), '{}') as members
       from user_group g left join user_group_member m using (group_id) where g.organisation_id = $1
       group by g.group_id order by lower(g.name)`,
      own,
    ),
    database.query<OrganisationAccess['people'][number]>(
      `select user_id, email, display_name, roles, referrer_names from app_user
       where organisation_id = $1 and kind = 'person' and disabled_at is null order by lower(email)`,
      own,
    ),
  ])
  return { ruledRoles: organisation?.ruled_roles ?? [], rules, groups, people }
}

/** These roles read what rules say, and no longer every study by themselves. */
export const setRuledRoles = (pacs: Pacs, principal: Principal, roles: readonly Role[]): Promise<void> =>
  change(pacs, principal, { change: 'ruled-roles', roles: roles.join(',') }, async (tx) => {
    await tx.query('update organisation set ruled_roles = $2 where organisation_id = $1', [
      principal.organisationId,
      roles,
    ])
  })

/** Errors: 'not-found' code 'rule-subject-not-found' for a group or a person that is not of the organisation. */
export async function addRule(pacs: Pacs, principal: Principal, rule: NewRule): Promise<string> {
  const ruleId = randomUUID()
  const { subject } = rule
  const [role, groupId, userId] = [
    subject.kind === 'role' ? subject.role : null,
    subject.kind === 'group' ? subject.groupId : null,
    subject.kind === 'person' ? subject.userId : null,
  ]
  await change(pacs, principal, { change: 'rule-added', subject: ruleId }, async (tx) => {
    await requireSubject(tx, principal.organisationId, groupId, userId)
    await tx.query(
      `insert into access_rule (rule_id, organisation_id, role, group_id, user_id, modalities, referrers, days, expires_at,
         created_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        ruleId,
        principal.organisationId,
        role,
        groupId,
        userId,
        rule.modalities,
        rule.referrers,
        rule.days,
        rule.expiresAt,
        principal.kind === 'user' ? principal.userId : null,
      ],
    )
  })
  return ruleId
}

async function requireSubject(
  tx: Queryable,
  organisationId: string,
  groupId: string | null,
  userId: string | null,
): Promise<void> {
  const found = await tx.query(
    `select 1 where ($2::text is null or exists (select 1 from user_group where organisation_id = $1 and group_id::text = $2))
       and ($3::text is null or exists (select 1 from app_user where organisation_id = $1 and user_id::text = $3 and kind = 'person'))`,
    [organisationId, groupId, userId],
  )
  if (found.length === 0)
    throw notFound('rule-subject-not-found', 'Whoever the rule is for is not in this organisation.')
}

export const removeRule = (pacs: Pacs, principal: Principal, ruleId: string): Promise<void> =>
  change(pacs, principal, { change: 'rule-removed', subject: ruleId }, async (tx) => {
    const gone = await tx.query(
      'delete from access_rule where organisation_id = $1 and rule_id::text = $2 returning 1',
      [principal.organisationId, ruleId],
    )
    if (gone.length === 0) throw notFound('rule-not-found', 'There is no such rule. Reload the page.')
  })

/**
 * A group, new without an id, and who is in it. Errors: 'conflict' code 'group-exists'; 'not-found' codes 'group-not-found',
 * 'rule-subject-not-found'.
 */
export async function keepGroup(
  pacs: Pacs,
  principal: Principal,
  group: { groupId?: string; name: string; members: readonly string[] },
): Promise<string> {
  const { organisationId } = principal
  const groupId = group.groupId ?? randomUUID()
  await change(
    pacs,
    principal,
    { change: 'group-kept', subject: groupId, count: group.members.length },
    async (tx) => {
      if (group.groupId === undefined) {
        await tx.query('insert into user_group (group_id, organisation_id, name) values ($1, $2, $3)', [
          groupId,
          organisationId,
          group.name,
        ])
      } else {
        const kept = await tx.query(
          'update user_group set name = $3 where organisation_id = $1 and group_id::text = $2 returning 1',
          [organisationId, groupId, group.name],
        )
        if (kept.length === 0) throw notFound('group-not-found', 'There is no such group. Reload the page.')
        await tx.query('delete from user_group_member where group_id = $1', [groupId])
      }
      const added = await tx.query(
        `insert into user_group_member (organisation_id, group_id, user_id)
         select organisation_id, $2::uuid, user_id from app_user
         where organisation_id = $1 and kind = 'person' and user_id::text = any($3::text[]) returning 1`,
        [organisationId, groupId, group.members],
      )
      if (added.length < new Set(group.members).size)
        throw notFound('rule-subject-not-found', 'Somebody of the group is not in this organisation.')
    },
  )
  return groupId
}

export const removeGroup = (pacs: Pacs, principal: Principal, groupId: string): Promise<void> =>
  change(pacs, principal, { change: 'group-removed', subject: groupId }, async (tx) => {
    const gone = await tx.query(
      'delete from user_group where organisation_id = $1 and group_id::text = $2 returning 1',
      [principal.organisationId, groupId],
    )
    if (gone.length === 0) throw notFound('group-not-found', 'There is no such group. Reload the page.')
  })

/** The names under which a person refers patients. Errors: 'not-found' code 'user-not-found'. */
export const setReferrerNames = (
  pacs: Pacs,
  principal: Principal,
  userId: string,
  names: readonly string[],
): Promise<void> =>
  change(pacs, principal, { change: 'referrer-names', subject: userId, count: names.length }, async (tx) => {
    const set = await tx.query(
      `update app_user set referrer_names = $3
       where organisation_id = $1 and user_id::text = $2 and kind = 'person' returning 1`,
      [principal.organisationId, userId, names],
    )
    if (set.length === 0) throw notFound('user-not-found', 'There is no such user in this organisation.')
  })

/** One change of who may read what: recorded with it, known to every process at once, and kept beside the instances. */
async function change(
  pacs: Pacs,
  principal: Principal,
  detail: Readonly<Record<string, string | number>>,
  write: (tx: Queryable) => Promise<void>,
): Promise<void> {
  try {
    await pacs.database.transaction(async (tx) => {
      await write(tx)
      await tx.query(`select pg_notify('access_changed', '')`)
      await recordAudit(tx, principal, { event: 'configuration-changed', outcome: 'success', detail })
    })
  } catch (error) {
    if (!(error instanceof UniqueViolation)) throw error
    throw new YunyingError('conflict', 'group-exists', 'There is a group of this name.', { cause: error })
  }
  await publishRegistry(pacs)
}
