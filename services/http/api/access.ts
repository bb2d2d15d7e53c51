import type { z } from 'zod'
import {
  addRule,
  keepGroup,
  readAccess,
  removeGroup,
  removeRule,
  setReferrerNames,
  setRuledRoles,
  type OrganisationAccess,
} from '../../../core/access/reading-rules.ts'
import type { PersonRole } from '../../../core/access/principal.ts'
import {
  KeepGroup,
  NewRule,
  ReferrerNames,
  RuledRoles,
  type AccessPage,
} from '../../../core/contract/access.ts'
import type { Pacs } from '../../../core/pacs.ts'
import { readJson } from '../read-json.ts'
import { allowed, type RouteDefinition } from '../route.ts'

const ACCESS = '/api/admin/access'
const GROUP = `${ACCESS}/groups/:group`

/** /api/admin/access: who may read what. */
export function accessRoutes(pacs: Pacs): RouteDefinition[] {
  return [
    allowed('access.manage', 'GET', ACCESS, async ({ ctx, principal }) => {
      ctx.set('Cache-Control', 'private, no-store')
      ctx.body = presentAccess(await readAccess(pacs, principal))
    }),
    allowed('access.manage', 'PUT', `${ACCESS}/ruled-roles`, async ({ ctx, principal }) => {
      const { roles } = await readJson(ctx, RuledRoles)
      await setRuledRoles(pacs, principal, roles)
      ctx.status = 204
    }),
    allowed('access.manage', 'POST', `${ACCESS}/rules`, async ({ ctx, principal }) => {
      const rule = await readJson(ctx, NewRule)
      const expiresAt = rule.expiresAt === null ? null : new Date(rule.expiresAt)
      ctx.status = 201
      ctx.body = { ruleId: await addRule(pacs, principal, { ...rule, expiresAt }) }
    }),
    allowed('access.manage', 'DELETE', `${ACCESS}/rules/:rule`, async ({ ctx, principal, params }) => {
      await removeRule(pacs, principal, params['rule'] ?? '')
      ctx.status = 204
    }),
    allowed('access.manage', 'POST', `${ACCESS}/groups`, async ({ ctx, principal }) => {
      ctx.status = 201
      ctx.body = { groupId: await keepGroup(pacs, principal, await readJson(ctx, KeepGroup)) }
    }),
    allowed('access.manage', 'PUT', GROUP, async ({ ctx, principal, params }) => {
      const group = await readJson(ctx, KeepGroup)
      await keepGroup(pacs, principal, { ...group, groupId: params['group'] ?? '' })
      ctx.status = 204
    }),
    allowed('access.manage', 'DELETE', GROUP, async ({ ctx, principal, params }) => {
      await removeGroup(pacs, principal, params['group'] ?? '')
      ctx.status = 204
    }),
    allowed('access.manage', 'PUT', `${ACCESS}/referrers/:user`, async ({ ctx, principal, params }) => {
      const { names } = await readJson(ctx, ReferrerNames)
      await setReferrerNames(pacs, principal, params['user'] ?? '', names)
      ctx.status = 204
    }),
  ]
}

const presentAccess = ({ ruledRoles, rules, groups, people }: OrganisationAccess): AccessPage => ({
  ruledRoles,
  rules: rules.map((rule) => ({
    ruleId: rule.rule_id,
    subject: subjectOf(rule),
    modalities: rule.modalities,
    referrers: rule.referrers,
    days: rule.days,
    expiresAt: rule.expires_at?.toISOString() ?? null,
  })),
  groups: groups.map(({ group_id: groupId, name, members }) => ({ groupId, name, members })),
  people: people.map((person) => ({
    userId: person.user_id,
    name: person.display_name || person.email,
    roles: person.roles,
    referrerNames: person.referrer_names,
  })),
})

function subjectOf(rule: OrganisationAccess['rules'][number]): z.infer<typeof NewRule>['subject'] {
  if (rule.group_id !== null) return { kind: 'group', groupId: rule.group_id }
  if (rule.user_id !== null) return { kind: 'person', userId: rule.user_id }
  return { kind: 'role', role: rule.role as PersonRole }
}
