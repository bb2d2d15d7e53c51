import type { Principal } from '../../../core/access/principal.ts'
import { recordAudit } from '../../../core/audit/record-audit.ts'
import { EXPECTED_SIZE, ExportStudy } from '../../../core/contract/sharing.ts'
import { deidentifiedZip } from '../../../core/media/deidentified-zip.ts'
import { patientGuide } from '../../../core/media/patient-guide.ts'
import { studyZip } from '../../../core/media/study-zip.ts'
import type { Pacs } from '../../../core/pacs.ts'
import { sendStream } from '../dicomweb/send.ts'
import { readJson } from '../read-json.ts'
import { allowedOnStudy, type RouteDefinition } from '../route.ts'

const PATH = '/api/studies/:study/archive'
/** Some thousand instances by UID. */
const LARGEST = { mebibytes: 1 }

/**
 * The study to take away, as a ZIP with a DICOMDIR. GET: all of it as it is, for a patient with how to open it. POST: without
 * names, by what the body says.
 */
export function studyArchiveRoutes(pacs: Pacs): RouteDefinition[] {
  return [
    allowedOnStudy('study.download', 'GET', PATH, async ({ ctx, study, principal, signal }) => {
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
    }),
    allowedOnStudy(
      'study.download',
      'POST',
      PATH,
      async ({ ctx, study: { studyId, studyInstanceUid }, principal, signal }) => {
        const wanted = await readJson(ctx, ExportStudy, LARGEST)
        const zip = await deidentifiedZip(pacs, studyId, wanted, signal)
        await recordAudit(pacs.database, principal, {
          event: 'export',
          outcome: 'success',
          studyId,
          studyInstanceUid,
          detail: {
            what: 'study',
            format: 'zip',
            instances: zip.instances,
            deidentified: true,
            partial: wanted.selection !== undefined,
            pixels: wanted.deidentify.pixels,
          },
        })
        ctx.set('Cache-Control', 'private, no-store')
        ctx.set('Content-Disposition', `attachment; filename="${zip.pseudonym}.zip"`)
        ctx.set(EXPECTED_SIZE, String(zip.expectedSize))
        sendStream(ctx, 'application/zip', undefined, zip.body)
      },
    ),
  ]
}

const isPatient = (principal: Principal): boolean =>
  principal.kind === 'user' && principal.roles.includes('patient')
