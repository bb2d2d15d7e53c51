import { RateLimiterMemory } from 'rate-limiter-flexible'
import type { z } from 'zod'
import type { Principal } from '../../../core/access/principal.ts'
import {
  IssueSlip,
  OpenSlip,
  PatientSettings,
  type IssuedSlip,
  type IssuedSlips,
  type PatientLooks,
} from '../../../core/contract/patient.ts'
import { YunyingError } from '../../../core/errors.ts'
import { findTokenOwner, principalOf } from '../../../core/identity/token-owner.ts'
import type { Pacs } from '../../../core/pacs.ts'
import { issueSlip, revokeSlip, slipState } from '../../../core/patients/issue-slip.ts'
import { openSlip } from '../../../core/patients/open-slip.ts'
import { patientAccess, patientLooks } from '../../../core/patients/patient-access.ts'
import { patientImages, patientPage } from '../../../core/patients/patient-page.ts'
import { changePatientSettings, listSlips, patientSettings } from '../../../core/patients/patient-settings.ts'
import { SESSION_COOKIE } from '../authenticator.ts'
import { bySecret } from '../by-secret.ts'
import { originOf } from '../origin.ts'
import { limitFailures } from '../rate-limit.ts'
import { readJson } from '../read-json.ts'
import { allowed, allowedOnStudy, type RouteDefinition } from '../route.ts'
import { setSessionCookie } from '../session-cookie.ts'
import { presentSession } from './present-session.ts'

/** Slips for patients; the patient's own page, /api/patient; what an administrator says of both. */
export function patientRoutes(pacs: Pacs): RouteDefinition[] {
  return [...slipRoutes(pacs), ...pageRoutes(pacs), ...adminRoutes(pacs)]
}

const SLIP = '/api/studies/:study/patient-slip'

function slipRoutes(pacs: Pacs): RouteDefinition[] {
  // By address, whatever code: each code has a limit of its own, which is kept with it.
  const tries = new RateLimiterMemory({ points: 20, duration: 600 })
  return [
    allowedOnStudy('patient.slip', 'GET', SLIP, async ({ ctx, study }) => {
      ctx.set('Cache-Control', 'private, no-store')
      ctx.body = await slipState(pacs, study)
    }),
    allowedOnStudy('patient.slip', 'POST', SLIP, async ({ ctx, principal, study }) => {
      const { days } = await readJson(ctx, IssueSlip)
      const { code, expiresAt, patientName, organisationName } = await issueSlip(pacs, principal, study, days)
      ctx.status = 201
      ctx.set('Cache-Control', 'no-store')
      ctx.body = {
        code,
        address: `${originOf(pacs, ctx)}/p`,
        expiresAt: expiresAt.toISOString(),
        patientName,
        organisationName,
      } satisfies IssuedSlip
    }),
    bySecret('POST', '/api/patient/session', async ({ ctx }) => {
      const input = await readJson(ctx, OpenSlip)
      const session = await limitFailures(tries, ctx.ip, ['slip-wrong'], () =>
        openSlip(pacs, { ...input, address: ctx.ip, userAgent: ctx.get('User-Agent') }),
      )
      const owner = await findTokenOwner(pacs, session.token)
      if (owner === undefined) throw new YunyingError('unauthenticated', 'sign-in-needed', 'Sign in again.')
      setSessionCookie(pacs, ctx, SESSION_COOKIE, session)
      ctx.set('Cache-Control', 'no-store')
      ctx.body = presentSession({ ...owner, principal: principalOf(owner, ctx.ip, pacs.clock.now()) })
    }),
  ]
}

function pageRoutes(pacs: Pacs): RouteDefinition[] {
  return [
    allowed('study.read.own', 'GET', '/api/patient', async ({ ctx, principal }) => {
      ctx.set('Cache-Control', 'private, no-store')
      ctx.body = await patientPage(pacs, patientOf(principal))
    }),
    allowed('study.read.own', 'GET', '/api/patient/looks', async ({ ctx, principal }) => {
      ctx.set('Cache-Control', 'private, no-store')
      ctx.body = { looks: await patientLooks(pacs, patientOf(principal)) } satisfies z.infer<
        typeof PatientLooks
      >
    }),
    allowed('study.read.own', 'GET', '/api/patient/access', async ({ ctx, principal }) => {
      ctx.set('Cache-Control', 'private, no-store')
      ctx.body = await patientAccess(pacs, patientOf(principal))
    }),
    allowedOnStudy('study.read.own', 'GET', '/api/patient/studies/:study', async ({ ctx, study }) => {
      ctx.set('Cache-Control', 'private, no-store')
      ctx.body = await patientImages(pacs, study)
    }),
  ]
}

const ADMIN = '/api/admin/patients'

function adminRoutes(pacs: Pacs): RouteDefinition[] {
  return [
    allowed('access.manage', 'GET', ADMIN, async ({ ctx, principal }) => {
      ctx.set('Cache-Control', 'private, no-store')
      ctx.body = { slips: await listSlips(pacs, principal.organisationId) } satisfies IssuedSlips
    }),
    allowed('access.manage', 'DELETE', `${ADMIN}/:patient/slip`, async ({ ctx, principal, params }) => {
      await revokeSlip(pacs, principal, params['patient'] ?? '')
      ctx.status = 204
    }),
    allowed('access.manage', 'GET', `${ADMIN}/settings`, async ({ ctx, principal }) => {
      ctx.body = await patientSettings(pacs.database, principal.organisationId)
    }),
    allowed('access.manage', 'PUT', `${ADMIN}/settings`, async ({ ctx, principal }) => {
      await changePatientSettings(pacs, principal, await readJson(ctx, PatientSettings))
      ctx.status = 204
    }),
  ]
}

function patientOf(principal: Principal): Principal & { kind: 'user' } {
  if (principal.kind === 'user') return principal
  throw new YunyingError('forbidden', 'not-allowed', 'Only a patient has such a page.')
}
