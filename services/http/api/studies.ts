import { accessScope } from '../../../core/access/access-scope.ts'
import type { Pacs } from '../../../core/pacs.ts'
import { findPriors } from '../../../core/worklist/find-priors.ts'
import { openStudy } from '../../../core/worklist/open-study.ts'
import { openingPacket } from '../../../core/worklist/opening-packet.ts'
import { ofStudy, type RouteDefinition } from '../route.ts'
import { sendTexts } from '../send-texts.ts'

/**
 * GET /api/studies/{study}: a study and its series, before any pixel; all that it is opened with; and the priors it is
 * compared with.
 */
export function studyRoutes(pacs: Pacs): RouteDefinition[] {
  return [
    ofStudy('GET', '/api/studies/:study', async ({ ctx, study }) => {
      ctx.set('Cache-Control', 'private, no-store')
      ctx.body = await openStudy(pacs, study)
    }),
    ofStudy('GET', '/api/studies/:study/opening', async ({ ctx, study, principal }) => {
      ctx.set('Cache-Control', 'private, no-store')
      sendTexts(ctx, 'application/json', await openingPacket(pacs, principal, study))
    }),
    ofStudy('GET', '/api/studies/:study/priors', async ({ ctx, study, principal }) => {
      const scope = accessScope(principal, pacs.clock.now())
      ctx.set('Cache-Control', 'private, no-store')
      ctx.body = { priors: await findPriors(pacs, scope, study.studyId) }
    }),
  ]
}
