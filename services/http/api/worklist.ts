import { accessScope } from '../../../core/access/access-scope.ts'
import { WorklistQuery } from '../../../core/contract/api.ts'
import type { Pacs } from '../../../core/pacs.ts'
import { listWorklist } from '../../../core/worklist/list-worklist.ts'
import { chargeSearch, type Limits } from '../limits.ts'
import { readQuery } from '../read-json.ts'
import { signedIn, type RouteDefinition } from '../route.ts'

/** GET /api/worklist: the studies somebody may see, filtered, sorted, by page. */
export function worklistRoutes(pacs: Pacs, limits: Limits): RouteDefinition[] {
  return [
    signedIn('GET', '/api/worklist', async ({ ctx, principal, spender, query }) => {
      const wanted = readQuery(query, WorklistQuery)
      await limits.searches.spend(principal, spender)
      const scope = accessScope(principal, pacs.clock.now())
      ctx.set('Cache-Control', 'private, no-store')
      const page = await listWorklist(pacs, scope, wanted)
      chargeSearch(limits, spender, page.studies.length)
      ctx.body = page
    }),
  ]
}
