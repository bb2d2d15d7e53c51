import { z } from 'zod'
import { roleCan } from '../../../core/access/policy.ts'
import type { Principal } from '../../../core/access/principal.ts'
import { grantStudy, listGrants, revokeStudy } from '../../../core/access/study-grants.ts'
import { YunyingError } from '../../../core/errors.ts'
import type { Pacs } from '../../../core/pacs.ts'
import { readJson } from '../read-json.ts'
import { ofStudy, type RouteDefinition } from '../route.ts'

const Grant = z.object({ expiresAt: z.iso.datetime().optional() })

/** /api/studies/{study}/grants: which reviewers may read one study. */
export function grantRoutes(pacs: Pacs): RouteDefinition[] {
  return [
    ofStudy('GET', '/api/studies/:study/grants', async ({ ctx, principal, study }) => {
      requireGrantRight(principal)
      const grants = await listGrants(pacs, study)
      ctx.body = {
        grants: grants.map((grant) => ({
          userId: grant.user_id,
          email: grant.email,
          displayName: grant.display_name,
          expiresAt: grant.expires_at?.toISOString() ?? null,
        })),
      }
    }),
    ofStudy('PUT', '/api/studies/:study/grants/:user', async ({ ctx, principal, study, params }) => {
      requireGrantRight(principal)
      const { expiresAt } = await readJson(ctx, Grant)
      await grantStudy(pacs, principal, study, {
        userId: params['user'] ?? '',
        expiresAt: expiresAt === undefined ? undefined : new Date(expiresAt),
      })
      ctx.status = 204
    }),
    ofStudy('DELETE', '/api/studies/:study/grants/:user', async ({ ctx, principal, study, params }) => {
      requireGrantRight(principal)
      await revokeStudy(pacs, principal, study, params['user'] ?? '')
      ctx.status = 204
    }),
  ]
}

/** Reading a study does not give the right to pass it on. */
function requireGrantRight(principal: Principal): void {
  if (principal.kind === 'user' && !roleCan(principal.roles, 'study.grant')) {
    throw new YunyingError('forbidden', 'not-allowed', 'Your role does not allow this. Ask an administrator.')
  }
}
