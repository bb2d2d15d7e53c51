import type { Principal } from '../../../core/access/principal.ts'
import { recordAudit } from '../../../core/audit/record-audit.ts'
import { patientGuide } from '../../../core/media/patient-guide.ts'
import { studyZip } from '../../../core/media/study-zip.ts'
import type { Pacs } from '../../../core/pacs.ts'
import { sendStream } from '../dicomweb/send.ts'
import { allowedOnStudy, type RouteDefinition } from '../route.ts'

/** GET /api/studies/{study}/archive: the whole study to take away, as a ZIP with a DICOMDIR; for a patient, with how to open it. */
export function studyArchiveRoutes(pacs: Pacs): RouteDefinition[] {
  return [
    allowedOnStudy(
      'study.download',
      'GET',
      '/api/studies/:study/archive',
      async ({ ctx, study, principal, signal }) => {
        const { studyId, studyInstanceUid } = study
        const zip = await studyZip(pacs, studyId, signal, isPatient(principal) ? patientGuide() : [])
        ctx.set('Cache-Control', 'private, no-store')
        // Names nobody: it lies in a folder of downloads.
        ctx.set('Content-Disposition', `attachment; filename="${studyInstanceUid}.zip"`)
        if (ctx.method === 'HEAD') {
          ctx.status = 200
          ctx.type = 'application/zip'
          ctx.length = zip.size
          return
        }
        const detail = { what: 'study', format: 'zip', instances: zip.instances }
        await recordAudit(pacs.database, principal, {
          event: 'export',
          outcome: 'success',
          studyId,
          studyInstanceUid,
          detail,
        })
        sendStream(ctx, 'application/zip', zip.size, zip.body)
      },
    ),
  ]
}

const isPatient = (principal: Principal): boolean =>
  principal.kind === 'user' && principal.roles.includes('patient')
