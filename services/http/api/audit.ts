import { Readable } from 'node:stream'
import { auditCsv, auditFhir } from '../../../core/audit/present-audit.ts'
import { recordAudit } from '../../../core/audit/record-audit.ts'
import { exportAudit, searchAudit } from '../../../core/audit/search-audit.ts'
import { AuditQuery } from '../../../core/contract/api.ts'
import { YunyingError } from '../../../core/errors.ts'
import type { Pacs } from '../../../core/pacs.ts'
import { readQuery } from '../read-json.ts'
import { allowed, type RouteDefinition, type SignedInContext } from '../route.ts'

const FORMATS = {
  csv: { type: 'text/csv; charset=utf-8', write: auditCsv, name: 'audit.csv' },
  fhir: { type: 'application/fhir+json', write: auditFhir, name: 'audit.fhir.json' },
} as const

/** /api/admin/audit: who did what to whom, when and from where. Looking is recorded too. */
export function auditRoutes(pacs: Pacs): RouteDefinition[] {
  return [
    allowed('audit.read', 'GET', '/api/admin/audit', async ({ ctx, principal, query }) => {
      const asked = readQuery(query, AuditQuery)
      const page = await searchAudit(pacs, principal, asked)
      if (asked.before === undefined) {
        await recordAudit(pacs.database, principal, { event: 'audit-log-used', outcome: 'success' })
      }
      ctx.set('Cache-Control', 'no-store')
      ctx.body = page
    }),
    allowed('audit.read', 'GET', '/api/admin/audit/export/:format', (context) => download(pacs, context)),
  ]
}

async function download(pacs: Pacs, { ctx, principal, params, query }: SignedInContext): Promise<void> {
  const format = FORMATS[params['format'] as keyof typeof FORMATS]
  if (format === undefined) throw new YunyingError('not-found', 'format-unknown', 'Exports are csv or fhir.')
  const asked = readQuery(query, AuditQuery)
  await recordAudit(pacs.database, principal, {
    event: 'export',
    outcome: 'success',
    detail: { what: 'audit', format: params['format'] ?? '' },
  })
  ctx.set('Cache-Control', 'no-store')
  ctx.set('Content-Disposition', `attachment; filename="${format.name}"`)
  ctx.type = format.type
  ctx.body = Readable.from(format.write(exportAudit(pacs, principal, asked)))
}
