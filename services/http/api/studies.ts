import type { Pacs } from '../../../core/pacs.ts'
import { openStudy } from '../../../core/worklist/open-study.ts'
import { ofStudy, type RouteDefinition } from '../route.ts'

/** GET /api/studies/{study}: a study and its series, before any pixel. */
export function studyRoutes(pacs: Pacs): RouteDefinition[] {
  return [
    ofStudy('GET', '/api/studies/:study', async ({ ctx, study }) => {
      ctx.set('Cache-Control', 'private, no-store')
      ctx.body = await openStudy(pacs, study)
    }),
  ]
}
