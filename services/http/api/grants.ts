import { z } from 'zod'
import { grantStudy, listGrants, revokeStudy } from '../../../core/access/study-grants.ts'
import type { Pacs } from '../../../core/pacs.ts'
import { readJson } from '../read-json.ts'
import { allowedOnStudy, type RouteDefinition } from '../route.ts'

const Grant = z.object({ expiresAt: z.iso.datetime().optional() })

/** /api/studies/{study}/grants: which reviewers may read one study. Reading it does not give the right to pass it on. */
export function grantRoutes(pacs: Pacs): RouteDefinition[] {
  return [
    allowedOnStudy('study.grant', 'GET', '/api/studies/:study/grants', async ({ ctx, study }) => {
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
    allowedOnStudy(
      'study.grant',
      'PUT',
      '/api/studies/:study/grants/:user',
      async ({ ctx, principal, study, params }) => {
        const { expiresAt } = await readJson(ctx, Grant)
        await grantStudy(pacs, principal, study, {
          userId: params['user'] ?? '',
          expiresAt: expiresAt === undefined ? undefined : new Date(expiresAt),
        })
        ctx.status = 204
      },
    ),
    allowedOnStudy(
      'study.grant',
      'DELETE',
      '/api/studies/:study/grants/:user',
      async ({ ctx, principal, study, params }) => {
        await revokeStudy(pacs, principal, study, params['user'] ?? '')
        ctx.status = 204
      },
    ),
  ]
}
