import { SavePresentation } from '../../../core/contract/presentation.ts'
import { savePresentation } from '../../../core/presentation/save-presentation.ts'
import type { Pacs } from '../../../core/pacs.ts'
import { readJson } from '../read-json.ts'
import { allowedOnStudy, type RouteDefinition } from '../route.ts'

/** How a person looks at a series, kept as a DICOM presentation state. */
export function presentationRoutes(pacs: Pacs): RouteDefinition[] {
  return [
    allowedOnStudy(
      'annotation.save',
      'POST',
      '/api/studies/:study/presentations',
      async ({ ctx, principal, study }) => {
        const wanted = await readJson(ctx, SavePresentation)
        ctx.body = await savePresentation(pacs, principal, study, wanted)
        ctx.status = 201
      },
    ),
  ]
}
