import { accessScope } from '../../../core/access/access-scope.ts'
import { WorklistQuery } from '../../../core/contract/api.ts'
import type { Pacs } from '../../../core/pacs.ts'
import { listWorklist } from '../../../core/worklist/list-worklist.ts'
import { readQuery } from '../read-json.ts'
import { signedIn, type RouteDefinition } from '../route.ts'

/** GET /api/worklist: the studies somebody may see, filtered, sorted, by page. */
export function worklistRoutes(pacs: Pacs): RouteDefinition[] {
  return [
    signedIn('GET', '/api/worklist', async ({ ctx, principal, query }) => {
      const scope = accessScope(principal, pacs.clock.now())
      ctx.set('Cache-Control', 'private, no-store')
      ctx.body = await listWorklist(pacs, scope, readQuery(query, WorklistQuery))
    }),
  ]
}
