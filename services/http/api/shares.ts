import { RateLimiterMemory } from 'rate-limiter-flexible'
import {
  CreateShare,
  LookShared,
  OpenShared,
  type CreatedShare,
  type PixelRisks,
  type SharedLook,
} from '../../../core/contract/sharing.ts'
import { findTokenOwner, principalOf } from '../../../core/identity/token-owner.ts'
import { YunyingError } from '../../../core/errors.ts'
import { findLogo } from '../../../core/organisations/organisation-logo.ts'
import type { Pacs } from '../../../core/pacs.ts'
import {
  getShare,
  listOpenings,
  listShares,
  renewCode,
  revokeShare,
} from '../../../core/sharing/change-share.ts'
import { createShare } from '../../../core/sharing/create-share.ts'
import { listPixelRisks } from '../../../core/sharing/list-pixel-risks.ts'
import { getShareByToken, openShare } from '../../../core/sharing/open-share.ts'
import { shareState } from '../../../core/sharing/share-link.ts'
import { shareCookie } from '../authenticator.ts'
import { originOf } from '../origin.ts'
import { bySecret } from '../by-secret.ts'
import { limitFailures } from '../rate-limit.ts'
import { readJson } from '../read-json.ts'
import { allowed, allowedOnStudy, type RouteDefinition } from '../route.ts'
import { setSessionCookie } from '../session-cookie.ts'
import { presentSession } from './present-session.ts'
import { lockOf, presentShare } from './present-share.ts'

const OF_STUDY = '/api/studies/:study/shares'
const SHARE = '/api/shares/:share'
/** Some thousand instances by UID. */
const LARGEST = { mebibytes: 1 }

/** Links: made and looked after by those who may share; looked at and opened by whoever holds one. */
export function shareRoutes(pacs: Pacs): RouteDefinition[] {
  return [...makerRoutes(pacs), ...holderRoutes(pacs)]
}

function makerRoutes(pacs: Pacs): RouteDefinition[] {
  const now = (): number => pacs.clock.now()
  return [
    allowedOnStudy('study.share', 'GET', OF_STUDY, async ({ ctx, principal, study }) => {
      const shares = await listShares(pacs, principal, { studyId: study.studyId })
      ctx.set('Cache-Control', 'private, no-store')
      ctx.body = { shares: shares.map((share) => presentShare(share, now())) }
    }),
    allowedOnStudy('study.share', 'POST', OF_STUDY, async ({ ctx, principal, study }) => {
      const wanted = await readJson(ctx, CreateShare, LARGEST)
      const made = await createShare(pacs, principal, study, {
        ...wanted,
        expiresAt: new Date(wanted.expiresAt),
      })
      const share = await getShare(pacs, principal, made.shareId)
      ctx.status = 201
      ctx.set('Cache-Control', 'no-store')
      ctx.body = {
        share: presentShare(share, now()),
        url: `${originOf(pacs, ctx)}/s/${made.token}`,
        code: made.code ?? null,
      } satisfies CreatedShare
    }),
    allowedOnStudy('study.download', 'GET', '/api/studies/:study/pixel-risks', async ({ ctx, study }) => {
      ctx.set('Cache-Control', 'private, no-store')
      ctx.body = { series: await listPixelRisks(pacs, study.studyId) } satisfies PixelRisks
    }),
    allowed('study.share', 'GET', '/api/shares', async ({ ctx, principal }) => {
      const shares = await listShares(pacs, principal)
      ctx.set('Cache-Control', 'private, no-store')
      ctx.body = { shares: shares.map((share) => presentShare(share, now())) }
    }),
    allowed('study.share', 'GET', `${SHARE}/openings`, async ({ ctx, principal, params }) => {
      const openings = await listOpenings(pacs, await getShare(pacs, principal, params['share'] ?? ''))
      ctx.set('Cache-Control', 'private, no-store')
      ctx.body = {
        openings: openings.map((opening) => ({
          openedAt: opening.opened_at.toISOString(),
          address: opening.address,
          userAgent: opening.user_agent,
        })),
      }
    }),
    allowed('study.share', 'POST', `${SHARE}/code`, async ({ ctx, principal, params }) => {
      ctx.set('Cache-Control', 'no-store')
      ctx.body = { code: await renewCode(pacs, principal, params['share'] ?? '') }
    }),
    allowed('study.share', 'DELETE', SHARE, async ({ ctx, principal, params }) => {
      await revokeShare(pacs, principal, params['share'] ?? '')
      ctx.status = 204
    }),
  ]
}

function holderRoutes(pacs: Pacs): RouteDefinition[] {
  // By address: a clinic behind one address may open as many as it likes, and guess few.
  const tries = new RateLimiterMemory({ points: 20, duration: 300 })
  const guesses = ['share-unknown', 'share-secret-wrong']
  return [
    bySecret('POST', '/api/shared/look', async ({ ctx }) => {
      const { token, withLogo } = await readJson(ctx, LookShared)
      const share = await limitFailures(tries, ctx.ip, guesses, () => getShareByToken(pacs, token))
      ctx.set('Cache-Control', 'no-store')
      ctx.body = {
        handle: share.handle,
        state: shareState(share, pacs.clock.now()),
        lock: lockOf(share),
        recipientName: share.recipient_name,
        makerName: share.maker_name,
        organisationName: await organisationName(pacs, share.organisation_id),
        logo: withLogo ? await logoOf(pacs, share.organisation_id) : null,
        expiresAt: share.expires_at.toISOString(),
        rights: share.rights,
        deidentified: share.deidentify !== null,
        instancesDone: share.instances_done,
        instancesTotal: share.instances_total,
      } satisfies SharedLook
    }),
    bySecret('POST', '/api/shared/open', async ({ ctx }) => {
      const input = await readJson(ctx, OpenShared)
      const { share, session } = await limitFailures(tries, ctx.ip, guesses, () =>
        openShare(pacs, { ...input, address: ctx.ip, userAgent: ctx.get('User-Agent') }),
      )
      const owner = await findTokenOwner(pacs, session.token)
      if (owner?.share === undefined)
        throw new YunyingError('conflict', 'share-revoked', 'This link was taken back by whoever sent it.')
      setSessionCookie(pacs, ctx, shareCookie(share.handle), session)
      ctx.set('Cache-Control', 'no-store')
      ctx.body = presentSession({
        user: owner.user,
        share: owner.share,
        needsSecondFactor: owner.needsSecondFactor,
        principal: principalOf(owner, ctx.ip, pacs.clock.now()),
      })
    }),
  ]
}

async function logoOf(pacs: Pacs, organisationId: string): Promise<string | null> {
  const logo = await findLogo(pacs, organisationId)
  return logo === undefined ? null : `data:image/webp;base64,${Buffer.from(logo).toString('base64')}`
}

async function organisationName(pacs: Pacs, organisationId: string): Promise<string> {
  const [row] = await pacs.database.query<{ name: string }>(
    'select name from organisation where organisation_id = $1',
    [organisationId],
  )
  return row?.name ?? ''
}
