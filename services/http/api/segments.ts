import { SaveSegments, SegmentDraft } from '../../../core/contract/segments.ts'
import { saveSegments } from '../../../core/measurements/segments/save-segments.ts'
import { readSegmentDraft, saveSegmentDraft } from '../../../core/measurements/segments/segment-drafts.ts'
import type { Pacs } from '../../../core/pacs.ts'
import { readJson } from '../read-json.ts'
import { allowedOnStudy, ofStudy, type RouteDefinition } from '../route.ts'

/** Organs outlined on every image of a thin CT: some hundred bytes an image and segment, ragged edges ten times as many. */
const LARGEST = { mebibytes: 32 }

/** What a reader outlines on a study: a draft of theirs, which nobody else reaches, and the segmentations made of it. */
export function segmentRoutes(pacs: Pacs): RouteDefinition[] {
  return [
    ofStudy('GET', '/api/studies/:study/segments', async ({ ctx, principal, study }) => {
      ctx.set('Cache-Control', 'private, no-store')
      ctx.body = await readSegmentDraft(pacs, principal, study)
    }),
    ofStudy('PUT', '/api/studies/:study/segments', async ({ ctx, principal, study }) => {
      const draft = await readJson(ctx, SegmentDraft, LARGEST)
      ctx.body = { version: await saveSegmentDraft(pacs, principal, study, draft) }
    }),
    allowedOnStudy(
      'measurement.save',
      'POST',
      '/api/studies/:study/segmentations',
      async ({ ctx, principal, study }) => {
        const wanted = await readJson(ctx, SaveSegments)
        ctx.body = await saveSegments(pacs, principal, study, wanted)
        ctx.status = 201
      },
    ),
  ]
}
