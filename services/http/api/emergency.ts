import type Koa from 'koa'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import type { z } from 'zod'
import { readsEverything } from '../../../core/access/policy.ts'
import type { Principal } from '../../../core/access/principal.ts'
import {
  EmergencyQuery,
  EmergencySearch,
  EmergencySettings,
  RequestEmergency,
  ReviewEmergency,
  type EmergencyList,
  type EmergencyMatches,
  type EmergencyState,
  type EmergencyWaiting,
} from '../../../core/contract/emergency.ts'
import { endEmergency, reviewEmergency } from '../../../core/emergency/end-emergency.ts'
import { changeEmergencySettings, emergencySettings } from '../../../core/emergency/emergency-settings.ts'
import { countWaiting, listEmergencies, ownEmergencies } from '../../../core/emergency/list-emergencies.ts'
import { requestEmergency, searchEmergency } from '../../../core/emergency/request-emergency.ts'
import { YunyingError } from '../../../core/errors.ts'
import { proofsOf } from '../../../core/identity/reauthenticate.ts'
import type { Pacs } from '../../../core/pacs.ts'
import type { Authenticated, Authenticator } from '../authenticator.ts'
import { consume } from '../rate-limit.ts'
import { readJson, readQuery } from '../read-json.ts'
import { allowed, type RouteDefinition } from '../route.ts'

/** /api/emergency: breaking the glass; /api/admin/emergency: who did, and whether they had to. */
export function emergencyRoutes(pacs: Pacs, authenticator: Authenticator): RouteDefinition[] {
  return [...ownRoutes(pacs, authenticator), ...reviewRoutes(pacs), ...settingsRoutes(pacs)]
}

function ownRoutes(pacs: Pacs, authenticator: Authenticator): RouteDefinition[] {
  // Enough for whoever mistypes in a hurry; too little for going through numbers.
  const searches = new RateLimiterMemory({ points: 20, duration: 600 })
  const who = async (ctx: Koa.Context): Promise<Authenticated> => {
    const found = await authenticator.authenticate(ctx)
    if (found === undefined) throw new YunyingError('unauthenticated', 'sign-in-needed', 'Sign in first.')
    return found
  }
  return [
    allowed('emergency.request', 'GET', '/api/emergency', async ({ ctx, principal }) => {
      const person = personOf(principal)
      ctx.set('Cache-Control', 'no-store')
      ctx.body = {
        ...(await emergencySettings(pacs.database, person.organisationId)),
        needed: !readsEverything(person),
        proofs: await proofsOf(pacs, (await who(ctx)).user),
        mine: await ownEmergencies(pacs, person),
      } satisfies EmergencyState
    }),
    allowed('emergency.request', 'POST', '/api/emergency/search', async ({ ctx, principal }) => {
      const person = personOf(principal)
      const search = await readJson(ctx, EmergencySearch)
      await consume(searches, person.userId)
      ctx.set('Cache-Control', 'no-store')
      ctx.body = { matches: await searchEmergency(pacs, person, search) } satisfies z.infer<
        typeof EmergencyMatches
      >
    }),
    allowed('emergency.request', 'POST', '/api/emergency', async ({ ctx, principal }) => {
      const person = personOf(principal)
      const request = await readJson(ctx, RequestEmergency)
      const emergencyId = await requestEmergency(pacs, person, await who(ctx), request)
      ctx.status = 201
      ctx.body = { emergencyId }
    }),
    allowed('emergency.request', 'DELETE', '/api/emergency/:emergency', async (context) => {
      await endEmergency(pacs, personOf(context.principal), context.params['emergency'] ?? '')
      context.ctx.status = 204
    }),
  ]
}

function reviewRoutes(pacs: Pacs): RouteDefinition[] {
  return [
    allowed('emergency.review', 'GET', '/api/admin/emergency', async ({ ctx, principal, query }) => {
      const { state } = readQuery(query, EmergencyQuery)
      ctx.set('Cache-Control', 'no-store')
      ctx.body = { emergencies: await listEmergencies(pacs, principal, state) } satisfies z.infer<
        typeof EmergencyList
      >
    }),
    allowed('emergency.review', 'GET', '/api/admin/emergency/waiting', async ({ ctx, principal }) => {
      ctx.set('Cache-Control', 'no-store')
      ctx.body = { waiting: await countWaiting(pacs, principal) } satisfies z.infer<typeof EmergencyWaiting>
    }),
    allowed('emergency.review', 'POST', '/api/admin/emergency/:emergency/review', async (context) => {
      const review = await readJson(context.ctx, ReviewEmergency)
      const person = personOf(context.principal)
      await reviewEmergency(pacs, person, context.params['emergency'] ?? '', review)
      context.ctx.status = 204
    }),
  ]
}

const SETTINGS = '/api/admin/emergency/settings'

function settingsRoutes(pacs: Pacs): RouteDefinition[] {
  return [
    allowed('emergency.review', 'GET', SETTINGS, async ({ ctx, principal }) => {
      ctx.body = await emergencySettings(pacs.database, principal.organisationId)
    }),
    allowed('access.manage', 'PUT', SETTINGS, async ({ ctx, principal }) => {
      await changeEmergencySettings(pacs, principal, await readJson(ctx, EmergencySettings))
      ctx.status = 204
    }),
  ]
}

/** Only a person breaks the glass, and only a person reviews it. */
function personOf(principal: Principal): Principal & { kind: 'user' } {
  if (principal.kind === 'user') return principal
  throw new YunyingError('forbidden', 'not-allowed', 'Only a person can do this.')
}
