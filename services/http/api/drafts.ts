import { MarkDraft } from '../../../core/contract/api.ts'
import { readDraft, saveDraft } from '../../../core/measurements/drafts.ts'
import type { Pacs } from '../../../core/pacs.ts'
import { readJson } from '../read-json.ts'
import { ofStudy, type RouteDefinition } from '../route.ts'

/** Some dozens of outlines drawn by hand, with all their vertices. */
const LARGEST = { mebibytes: 8 }

/** /api/studies/{study}/draft: what the reader who asks measured and has not saved yet. Nobody else's is reachable. */
export function draftRoutes(pacs: Pacs): RouteDefinition[] {
  return [
    ofStudy('GET', '/api/studies/:study/draft', async ({ ctx, principal, study }) => {
      ctx.set('Cache-Control', 'private, no-store')
      ctx.body = await readDraft(pacs, principal, study)
    }),
    ofStudy('PUT', '/api/studies/:study/draft', async ({ ctx, principal, study }) => {
      const draft = await readJson(ctx, MarkDraft, LARGEST)
      ctx.body = { version: await saveDraft(pacs, principal, study, draft) }
    }),
  ]
}
