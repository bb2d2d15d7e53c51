import type Koa from 'koa'
import { CreateUser } from '../../../core/contract/api.ts'
import {
  AcceptInvitation,
  LookInvitation,
  type InvitationLink,
  type InvitationLook,
} from '../../../core/contract/people.ts'
import { countAttempt } from '../../../core/identity/attempts.ts'
import {
  acceptInvitation,
  getInvitationByToken,
  invitationState,
  invite,
  listInvitations,
  renewInvitation,
  revokeInvitation,
} from '../../../core/identity/invitations.ts'
import type { Pacs } from '../../../core/pacs.ts'
import { bySecret } from '../by-secret.ts'
import { originOf } from '../origin.ts'
import { readJson } from '../read-json.ts'
import { allowed, type RouteDefinition } from '../route.ts'
import { answerSignedIn, comerOf } from './session.ts'

/** Of one address: 256 bits are not guessed; this only bounds the work. */
const LOOKS = { most: 60, seconds: 300 }

const INVITATIONS = '/api/admin/invitations'

/** People are invited by whoever manages them, and come by their link. */
export function invitationRoutes(pacs: Pacs): RouteDefinition[] {
  const linkOf = (ctx: Koa.Context, token: string): InvitationLink => ({
    url: `${originOf(pacs, ctx)}/invite/${token}`,
  })
  return [
    allowed('user.manage', 'GET', INVITATIONS, async ({ ctx, principal }) => {
      const rows = await listInvitations(pacs.database, principal.organisationId)
      ctx.body = {
        invitations: rows.map((row) => ({
          invitationId: row.invitation_id,
          email: row.email,
          displayName: row.display_name,
          roles: row.roles,
          isExpired: invitationState(row, pacs.clock.now()) === 'expired',
          createdAt: row.created_at.toISOString(),
          expiresAt: row.expires_at.toISOString(),
        })),
      }
    }),
    allowed('user.manage', 'POST', INVITATIONS, async ({ ctx, principal }) => {
      const { token } = await invite(pacs, principal, await readJson(ctx, CreateUser))
      ctx.status = 201
      ctx.set('Cache-Control', 'no-store')
      ctx.body = linkOf(ctx, token)
    }),
    allowed('user.manage', 'POST', `${INVITATIONS}/:invitation/link`, async ({ ctx, principal, params }) => {
      const { token } = await renewInvitation(pacs, principal, params['invitation'] ?? '')
      ctx.set('Cache-Control', 'no-store')
      ctx.body = linkOf(ctx, token)
    }),
    allowed('user.manage', 'DELETE', `${INVITATIONS}/:invitation`, async ({ ctx, principal, params }) => {
      await revokeInvitation(pacs, principal, params['invitation'] ?? '')
      ctx.status = 204
    }),

    bySecret('POST', '/api/invitations/look', async ({ ctx }) => {
      await countAttempt(pacs.database, `invitation|${ctx.ip}`, LOOKS)
      const { token } = await readJson(ctx, LookInvitation)
      const found = await getInvitationByToken(pacs, token)
      ctx.set('Cache-Control', 'no-store')
      ctx.body = {
        organisationName: found.organisation_name,
        email: found.email,
        displayName: found.display_name,
        roles: found.roles,
      } satisfies InvitationLook
    }),
    bySecret('POST', '/api/invitations/accept', async ({ ctx }) => {
      await countAttempt(pacs.database, `invitation|${ctx.ip}`, LOOKS)
      const input = await readJson(ctx, AcceptInvitation)
      await answerSignedIn(pacs, ctx, await acceptInvitation(pacs, { ...input, ...comerOf(ctx) }))
    }),
  ]
}
