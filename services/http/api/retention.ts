import type { z } from 'zod'
import { recordAudit } from '../../../core/audit/record-audit.ts'
import type { Principal } from '../../../core/access/principal.ts'
import {
  EnableRule,
  PlaceHold,
  RemoveStudy,
  RetentionTerms,
  type CreatedRule,
  type DueStudies,
  type RetentionPage,
} from '../../../core/contract/retention.ts'
import type { Pacs } from '../../../core/pacs.ts'
import { readDueStudies, sumDueStudies } from '../../../core/retention/list-due-studies.ts'
import { previewRule } from '../../../core/retention/preview-rule.ts'
import { listRemovals, removeByHand } from '../../../core/retention/remove-study.ts'
import {
  changeRule,
  createRule,
  deleteRule,
  disableRule,
  enableRule,
  listRules,
} from '../../../core/retention/retention-rules.ts'
import { liftHold, listHolds, placeHold } from '../../../core/retention/study-holds.ts'
import { readJson } from '../read-json.ts'
import { allowed, allowedOnStudy, type RouteDefinition } from '../route.ts'

/** How long studies are kept, what keeps them longer, and what is removed. */
export function retentionRoutes(pacs: Pacs): RouteDefinition[] {
  return [...pageRoutes(pacs), ...ruleRoutes(pacs), ...holdRoutes(pacs)]
}

const RETENTION = '/api/admin/retention'
const RULE = `${RETENTION}/rules/:rule`

function pageRoutes(pacs: Pacs): RouteDefinition[] {
  return [
    allowed('retention.manage', 'GET', RETENTION, async ({ ctx, principal }) => {
      ctx.set('Cache-Control', 'private, no-store')
      const { database } = pacs
      ctx.body = {
        rules: await listRules(database, principal.organisationId),
        due: await sumDueStudies(pacs, principal.organisationId),
        holds: await listHolds(pacs, principal),
        removals: await listRemovals(database, principal.organisationId),
      } satisfies RetentionPage
    }),
    allowed('retention.manage', 'GET', `${RETENTION}/due`, async ({ ctx, principal }) => {
      const studies = await readDueStudies(pacs, principal)
      await recordLook(pacs, principal, 'due', studies.length)
      ctx.set('Cache-Control', 'private, no-store')
      ctx.body = { studies } satisfies DueStudies
    }),
  ]
}

function ruleRoutes(pacs: Pacs): RouteDefinition[] {
  return [
    allowed('retention.manage', 'POST', `${RETENTION}/rules`, async ({ ctx, principal }) => {
      const ruleId = await createRule(pacs, principal, await readJson(ctx, RetentionTerms))
      ctx.status = 201
      ctx.body = { ruleId } satisfies z.infer<typeof CreatedRule>
    }),
    allowed('retention.manage', 'PUT', RULE, async ({ ctx, principal, params }) => {
      await changeRule(pacs, principal, params['rule'] ?? '', await readJson(ctx, RetentionTerms))
      ctx.status = 204
    }),
    allowed('retention.manage', 'DELETE', RULE, async ({ ctx, principal, params }) => {
      await deleteRule(pacs, principal, params['rule'] ?? '')
      ctx.status = 204
    }),
    allowed('retention.manage', 'GET', `${RULE}/preview`, async ({ ctx, principal, params }) => {
      const preview = await previewRule(pacs, principal, params['rule'] ?? '')
      await recordLook(pacs, principal, 'preview', preview.studies)
      ctx.set('Cache-Control', 'private, no-store')
      ctx.body = preview
    }),
    allowed('retention.manage', 'PUT', `${RULE}/enabled`, async ({ ctx, principal, params }) => {
      const { studies } = await readJson(ctx, EnableRule)
      await enableRule(pacs, principal, params['rule'] ?? '', studies)
      ctx.status = 204
    }),
    allowed('retention.manage', 'DELETE', `${RULE}/enabled`, async ({ ctx, principal, params }) => {
      await disableRule(pacs, principal, params['rule'] ?? '')
      ctx.status = 204
    }),
  ]
}

function holdRoutes(pacs: Pacs): RouteDefinition[] {
  return [
    allowedOnStudy(
      'retention.manage',
      'POST',
      '/api/studies/:study/hold',
      async ({ ctx, principal, study }) => {
        await placeHold(pacs, principal, study, await readJson(ctx, PlaceHold))
        ctx.status = 204
      },
    ),
    allowed('retention.manage', 'DELETE', `${RETENTION}/holds/:hold`, async ({ ctx, principal, params }) => {
      await liftHold(pacs, principal, params['hold'] ?? '')
      ctx.status = 204
    }),
    allowedOnStudy('retention.manage', 'POST', '/api/studies/:study/removal', async (context) => {
      const { ctx, principal, study } = context
      await removeByHand(pacs, principal, study, await readJson(ctx, RemoveStudy))
      ctx.status = 204
    }),
  ]
}

/** A list that names patients was read. */
const recordLook = (pacs: Pacs, principal: Principal, list: string, studies: number): Promise<void> =>
  recordAudit(pacs.database, principal, {
    event: 'query',
    outcome: 'success',
    detail: { list: `retention-${list}`, studies },
  })
