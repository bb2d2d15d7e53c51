import { SaveMeasurements } from '../../../core/contract/api.ts'
import { listMeasurements } from '../../../core/measurements/report/list-measurements.ts'
import { saveMeasurements } from '../../../core/measurements/report/save-measurements.ts'
import type { Pacs } from '../../../core/pacs.ts'
import { readJson } from '../read-json.ts'
import { allowedOnStudy, ofStudy, type RouteDefinition } from '../route.ts'

const PATH = '/api/studies/:study/reports/measurements'

/** Measurements that are in a DICOM Structured Report: read from those of the study, and made of the caller's draft. */
export function measurementReportRoutes(pacs: Pacs): RouteDefinition[] {
  return [
    ofStudy('GET', PATH, async ({ ctx, study }) => {
      ctx.set('Cache-Control', 'private, no-store')
      ctx.body = { reports: await listMeasurements(pacs, study) }
    }),
    allowedOnStudy('measurement.save', 'POST', PATH, async ({ ctx, principal, study }) => {
      const wanted = await readJson(ctx, SaveMeasurements)
      ctx.body = await saveMeasurements(pacs, principal, study, wanted)
      ctx.status = 201
    }),
  ]
}
