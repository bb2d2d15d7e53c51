import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { accessScope } from '../../../core/access/access-scope.ts'
import type { Pacs } from '../../../core/pacs.ts'
import { findPriors } from '../../../core/worklist/find-priors.ts'
import { openStudy } from '../../../core/worklist/open-study.ts'
import { openingPacket } from '../../../core/worklist/opening-packet.ts'
import { ofStudy, type RouteDefinition } from '../route.ts'

const compress = promisify(gzip)

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
      const text = JSON.stringify(await openingPacket(pacs, principal, study))
      ctx.set('Cache-Control', 'private, no-store')
      ctx.set('Content-Type', 'application/json')
      ctx.vary('Accept-Encoding')
      if (ctx.acceptsEncodings('gzip', 'identity') === 'gzip') {
        ctx.set('Content-Encoding', 'gzip')
        ctx.body = await compress(text, { level: 4 })
      } else ctx.body = text
    }),
    ofStudy('GET', '/api/studies/:study/priors', async ({ ctx, study, principal }) => {
      const scope = accessScope(principal, pacs.clock.now())
      ctx.set('Cache-Control', 'private, no-store')
      ctx.body = { priors: await findPriors(pacs, scope, study.studyId) }
    }),
  ]
}
