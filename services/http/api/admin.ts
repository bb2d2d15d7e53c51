import type { z } from 'zod'
import { compareQuarantined } from '../../../core/archive/compare-quarantined.ts'
import { openQuarantined } from '../../../core/archive/read-quarantined.ts'
import { discardQuarantined, listQuarantine } from '../../../core/archive/quarantine.ts'
import { ROLES } from '../../../core/access/principal.ts'
import { archiveStatus } from '../../../core/archive/archive-status.ts'
import {
  CreateUser,
  RetryWork,
  UpdateUser,
  type AdminUser,
  type CreatedUser,
} from '../../../core/contract/api.ts'
import { SignInSettings } from '../../../core/contract/people.ts'
import { changeUser, createUser, resetPassword } from '../../../core/identity/administer-users.ts'
import { resetSecondFactors } from '../../../core/identity/second-factor.ts'
import { changeSignInSettings, readSignInSettings } from '../../../core/identity/sign-in-settings.ts'
import { getUser, listUsers, type UserRow } from '../../../core/identity/user-table.ts'
import type { Pacs } from '../../../core/pacs.ts'
import { listFailedWork, retryWork, workCounts } from '../../../core/work/work-table.ts'
import { sendStream } from '../dicomweb/send.ts'
import { readJson } from '../read-json.ts'
import { allowed, type RouteDefinition } from '../route.ts'

/** /api/admin: people, work that failed, instances in quarantine, the state of the archive. */
export function adminRoutes(pacs: Pacs): RouteDefinition[] {
  return [...userRoutes(pacs), ...workRoutes(pacs), ...quarantineRoutes(pacs)]
}

function userRoutes(pacs: Pacs): RouteDefinition[] {
  return [
    allowed('user.manage', 'GET', '/api/admin/users', async ({ ctx, principal }) => {
      const users = await listUsers(pacs.database, principal.organisationId)
      ctx.body = { users: users.map(presentUser) }
    }),
    allowed('user.manage', 'POST', '/api/admin/users', async ({ ctx, principal }) => {
      const created = await createUser(pacs, principal, await readJson(ctx, CreateUser))
      ctx.status = 201
      ctx.set('Cache-Control', 'no-store')
      ctx.body = {
        user: presentUser(created.user),
        oneTimePassword: created.oneTimePassword ?? '',
      } satisfies z.infer<typeof CreatedUser>
    }),
    allowed('user.manage', 'PATCH', '/api/admin/users/:user', async ({ ctx, principal, params }) => {
      const change = await readJson(ctx, UpdateUser)
      ctx.body = presentUser(await changeUser(pacs, principal, params['user'] ?? '', change))
    }),
    allowed('user.manage', 'POST', '/api/admin/users/:user/password', async ({ ctx, principal, params }) => {
      const user = await getUser(pacs.database, principal.organisationId, params['user'] ?? '')
      const oneTimePassword = (await resetPassword(pacs, principal, user)) ?? ''
      ctx.set('Cache-Control', 'no-store')
      ctx.body = { user: presentUser(user), oneTimePassword } satisfies z.infer<typeof CreatedUser>
    }),
    allowed('user.manage', 'DELETE', '/api/admin/users/:user/factors', async ({ ctx, principal, params }) => {
      const user = await getUser(pacs.database, principal.organisationId, params['user'] ?? '')
      await resetSecondFactors(pacs, principal, user)
      ctx.status = 204
    }),
    allowed('user.manage', 'GET', '/api/admin/sign-in', async ({ ctx, principal }) => {
      ctx.body = await readSignInSettings(pacs.database, principal.organisationId)
    }),
    allowed('user.manage', 'PUT', '/api/admin/sign-in', async ({ ctx, principal }) => {
      await changeSignInSettings(pacs, principal, await readJson(ctx, SignInSettings))
      ctx.status = 204
    }),
  ]
}

function workRoutes(pacs: Pacs): RouteDefinition[] {
  return [
    allowed('work.read', 'GET', '/api/admin/work', async ({ ctx, principal }) => {
      const counts = await workCounts(pacs.database, principal.organisationId)
      const failed = await listFailedWork(pacs.database, principal.organisationId)
      ctx.body = { pending: counts.pending, running: counts.running, failed }
    }),
    allowed('work.retry', 'POST', '/api/admin/work/retry', async ({ ctx, principal }) => {
      const which = await readJson(ctx, RetryWork)
      const retried = await retryWork(pacs, principal.organisationId, which)
      ctx.body = { retried }
    }),
    allowed('work.read', 'GET', '/api/admin/status', async ({ ctx, principal }) => {
      ctx.body = await archiveStatus(pacs, principal.organisationId)
    }),
  ]
}

const ENTRY = '/api/admin/quarantine/:entry'

function quarantineRoutes(pacs: Pacs): RouteDefinition[] {
  return [
    allowed('quarantine.read', 'GET', '/api/admin/quarantine', async ({ ctx, principal }) => {
      ctx.body = { entries: await listQuarantine(pacs, principal) }
    }),
    allowed('quarantine.read', 'GET', `${ENTRY}/differences`, async ({ ctx, principal, params, signal }) => {
      ctx.set('Cache-Control', 'no-store')
      ctx.body = await compareQuarantined(pacs, principal, params['entry'] ?? '', signal)
    }),
    allowed('quarantine.read', 'GET', `${ENTRY}/instance`, async ({ ctx, principal, params, signal }) => {
      const { size, body } = await openQuarantined(pacs, principal, params['entry'] ?? '', signal)
      ctx.set('Cache-Control', 'no-store')
      ctx.set('Content-Disposition', `attachment; filename="quarantine-${params['entry']}.dcm"`)
      sendStream(ctx, 'application/dicom', size, body)
    }),
    allowed('quarantine.decide', 'DELETE', ENTRY, async ({ ctx, principal, params }) => {
      await discardQuarantined(pacs, principal, params['entry'] ?? '')
      ctx.status = 204
    }),
  ]
}

function presentUser(user: UserRow): z.infer<typeof AdminUser> {
  return {
    userId: user.user_id,
    email: user.email,
    displayName: user.display_name,
    roles: ROLES.filter((role) => user.roles.includes(role)),
    disabled: user.disabled_at !== null,
    createdAt: user.created_at.toISOString(),
  }
}
