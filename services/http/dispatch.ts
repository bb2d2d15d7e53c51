import Router from '@koa/router'
import type Koa from 'koa'
import { admitRequest } from '../../core/access/organisation-wall.ts'
import { principalCan, type Action } from '../../core/access/policy.ts'
import type { Principal } from '../../core/access/principal.ts'
import { recordAudit } from '../../core/audit/record-audit.ts'
import { YunyingError } from '../../core/errors.ts'
import type { UsageLedger } from '../../core/organisations/usage-ledger.ts'
import type { Pacs } from '../../core/pacs.ts'
import type { Authenticated, Authenticator } from './authenticator.ts'
import { wasSentWhole } from './messages.ts'
import { meter } from './meter.ts'
import { keepWithinReach } from './patient-reach.ts'
import type { RouteContext, RouteDefinition, StudyReference } from './route.ts'
import { createSendBuffers, type SendBuffers } from './send-buffers.ts'
import type { Purpose, StudyAccess } from './study-access.ts'
import { watchAccess } from './watch-access.ts'

interface Deciders {
  readonly authenticator: Authenticator
  readonly studyAccess: StudyAccess
  readonly usage: UsageLedger
}

/** One router from all definitions. The decision comes before the handler, here and nowhere else. */
export function dispatch(pacs: Pacs, deciders: Deciders, routes: readonly RouteDefinition[]): Koa.Middleware {
  // One for each first segment: what is asked in a hurry is looked for among a few dozen patterns, not among all.
  const routers = new Map<string, Router>()
  const buffers = createSendBuffers()
  /** Routes without parameters need no pattern: they are most of what is asked. */
  const exact = new Map<string, RouteDefinition>()
  const answer = async (koa: Koa.Context, route: RouteDefinition, params: RouteContext['params']) => {
    koa.state['route'] = route.path
    // PostgreSQL refuses NUL in text, and nothing has one in its name.
    if (Object.values(params).some((value) => value.includes('\0'))) {
      throw new YunyingError('not-found', 'route-not-found', 'There is nothing at this address.')
    }
    await decideAndHandle(pacs, deciders, route, openContext(pacs, koa, params, buffers))
  }
  for (const route of routes) {
    if (!route.path.includes(':')) exact.set(`${route.method} ${route.path}`, route)
    const segment = firstSegment(route.path)
    const router = routers.get(segment) ?? new Router()
    routers.set(segment, router)
    // koa-router answers HEAD by a GET route itself.
    router.register(route.path, [route.method], (ctx) =>
      answer(ctx as unknown as Koa.Context, route, ctx.params as Record<string, string>),
    )
  }
  const byPattern = new Map(
    [...routers].map(([segment, router]) => [segment, router.routes() as unknown as Koa.Middleware]),
  )
  return (ctx, next) => {
    const { path } = ctx
    const route = exact.get(`${ctx.method} ${path}`)
    if (route !== undefined) return answer(ctx, route, {})
    const among = byPattern.get(firstSegment(path))
    return among === undefined ? next() : among(ctx, next)
  }
}

/** What most requests never ask for is made when one does. */
function openContext(
  pacs: Pacs,
  ctx: Koa.Context,
  params: RouteContext['params'],
  buffers: SendBuffers,
): RouteContext {
  let signal: AbortSignal | undefined
  let query: URLSearchParams | undefined
  return {
    pacs,
    ctx,
    params,
    buffers,
    get query() {
      return (query ??= new URLSearchParams(ctx.querystring))
    },
    get signal() {
      return (signal ??= clientSignal(ctx))
    },
  }
}

/** `/api`, `/dicom-web`. */
function firstSegment(path: string): string {
  const end = path.indexOf('/', 1)
  return end < 0 ? path : path.slice(0, end)
}

async function decideAndHandle(
  pacs: Pacs,
  deciders: Deciders,
  route: RouteDefinition,
  context: RouteContext,
): Promise<void> {
  if (route.access === 'anonymous') return route.handle(context)
  const who = await signedInOnly(deciders.authenticator, context)
  const { principal } = who
  const asked = Object.assign(context, { principal, spender: spenderOf(who) })
  admitRequest(principal.organisationId)
  meter(context.ctx, deciders.usage, principal)
  keepWithinReach(principal, route)
  if (route.access === 'signed-in') return route.handle(asked)
  if (route.access === 'action') {
    await requireAction(pacs, principal, route.action)
    return route.handle(asked)
  }
  const study = await deciders.studyAccess.require(
    principal,
    context.params['study'] ?? '',
    purposeOf(route, context.ctx),
  )
  if (route.action !== undefined) await requireAction(pacs, principal, route.action, study)
  watchAccess(context.ctx, () => mayGoOn(deciders, context, route.action))
  return route.handle(Object.assign(asked, { study }))
}

/** Whether who asked may still read the study, and do with it what they do. */
async function mayGoOn(
  { authenticator, studyAccess }: Deciders,
  { ctx, params }: RouteContext,
  action: Action | undefined,
): Promise<boolean> {
  const who = await authenticator.authenticate(ctx)
  if (who === undefined || (action !== undefined && !principalCan(who.principal, action))) return false
  return studyAccess.allows(who.principal, params['study'] ?? '')
}

/** What a person opens a study with. */
const OPENINGS = new Set(['/api/studies/:study', '/api/studies/:study/opening'])

/** The viewer names it so when it fetches what a person may want next; nothing is changed ahead of anybody. */
function purposeOf({ method, path }: RouteDefinition, ctx: Koa.Context): Purpose {
  if (method !== 'GET') return 'reading'
  if (ctx.get('Purpose') === 'prefetch') return 'prefetch'
  return OPENINGS.has(path) ? 'opening' : 'reading'
}

async function requireAction(
  pacs: Pacs,
  principal: Principal,
  action: Action,
  study?: StudyReference,
): Promise<void> {
  if (principalCan(principal, action)) return
  await recordAudit(pacs.database, principal, {
    event: 'security-alert',
    outcome: 'denied',
    studyId: study?.studyId,
    studyInstanceUid: study?.studyInstanceUid,
    detail: { action },
  })
  throw new YunyingError('forbidden', 'not-allowed', 'Your role does not allow this. Ask an administrator.')
}

/** A person in their browsers does not pay for a program that runs in their name. A link's guest is an account of the link alone. */
const spenderOf = ({ user, bySession }: Authenticated): string =>
  `${bySession ? 'session' : 'token'}|${user.user_id}`

async function signedInOnly(authenticator: Authenticator, context: RouteContext): Promise<Authenticated> {
  const who = await authenticator.authenticate(context.ctx)
  if (who === undefined) {
    throw new YunyingError('unauthenticated', 'sign-in-needed', 'Sign in, or send a valid bearer token.')
  }
  const passwordFirst = who.principal.kind === 'user' && who.principal.mustChangePassword === true
  if (passwordFirst && !context.ctx.path.startsWith('/api/session')) {
    throw new YunyingError('forbidden', 'password-change-needed', 'Change your one-time password first.')
  }
  if (who.needsSecondFactor && !SETTING_UP.some((prefix) => context.ctx.path.startsWith(prefix))) {
    throw new YunyingError('forbidden', 'second-factor-setup-needed', 'Set up a second factor first.')
  }
  return who
}

/** What is open to somebody whose role needs a second factor and who has shown none. */
const SETTING_UP = ['/api/session', '/api/account/codes', '/api/account/passkeys', '/api/account/proof']

function clientSignal(ctx: Koa.Context): AbortSignal {
  const controller = new AbortController()
  const closed = (): void => {
    if (!wasSentWhole(ctx.res)) controller.abort()
  }
  if (ctx.res.closed) closed()
  else ctx.res.once('close', closed)
  return controller.signal
}
