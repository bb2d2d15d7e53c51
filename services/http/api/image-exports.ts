import { recordAudit } from '../../../core/audit/record-audit.ts'
import { ImageExport } from '../../../core/contract/image-export.ts'
import type { Pacs } from '../../../core/pacs.ts'
import { readJson } from '../read-json.ts'
import { allowedOnStudy, type RouteDefinition } from '../route.ts'

/**
 * Pictures are made where they are looked at, and never sent anywhere: what the archive has of an export is its record,
 * without which the viewer gives nothing.
 */
export function imageExportRoutes(pacs: Pacs): RouteDefinition[] {
  return [
    allowedOnStudy(
      'image.export',
      'POST',
      '/api/studies/:study/exports',
      async ({ ctx, principal, study }) => {
        const { format, seriesInstanceUids, count, identified } = await readJson(ctx, ImageExport)
        await recordAudit(pacs.database, principal, {
          event: 'export',
          outcome: 'success',
          studyId: study.studyId,
          studyInstanceUid: study.studyInstanceUid,
          detail: { format, series: seriesInstanceUids.join(' '), images: count, identified },
        })
        ctx.status = 204
      },
    ),
  ]
}
