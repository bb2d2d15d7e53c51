import Koa from 'koa'
import { answerRequest } from '../../core/access/organisation-wall.ts'
import { openTransferLedger, type TransferLedger } from '../../core/audit/transfer-ledger.ts'
import { openUsageLedger, type UsageLedger } from '../../core/organisations/usage-ledger.ts'
import type { Pacs } from '../../core/pacs.ts'
import type { StudyEvents } from '../realtime/study-events.ts'
import { accessRoutes } from './api/access.ts'
import { accountRoutes } from './api/account.ts'
import { adminRoutes } from './api/admin.ts'
import { auditRoutes } from './api/audit.ts'
import { emergencyRoutes } from './api/emergency.ts'
import { eventRoutes } from './api/events.ts'
import { draftRoutes } from './api/drafts.ts'
import { grantRoutes } from './api/grants.ts'
import { hangingRoutes } from './api/hanging-protocols.ts'
import { healthRoutes } from './api/health.ts'
import { imageExportRoutes } from './api/image-exports.ts'
import { invitationRoutes } from './api/invitations.ts'
import { measurementReportRoutes } from './api/measurement-reports.ts'
import { organisationRoutes } from './api/organisations.ts'
import { openApiRoutes } from './api/openapi.ts'
import { patientRoutes } from './api/patients.ts'
import { presentationRoutes } from './api/presentations.ts'
import { providerAdminRoutes } from './api/providers.ts'
import { readingSettingsRoutes } from './api/reading-settings.ts'
import { openSamples } from './api/samples.ts'
import { retentionRoutes } from './api/retention.ts'
import { segmentRoutes } from './api/segments.ts'
import { sessionRoutes } from './api/session.ts'
import { shareRoutes } from './api/shares.ts'
import { studyRoutes } from './api/studies.ts'
import { studyArchiveRoutes } from './api/study-archive.ts'
import { uploadRoutes } from './api/uploads.ts'
import { worklistRoutes } from './api/worklist.ts'
import { createAuthenticator, type Authenticator } from './authenticator.ts'
import { providerRoutes } from './api/provider-sign-in.ts'
import { qidoRoutes } from './dicomweb/qido-rs.ts'
import { stowRoutes } from './dicomweb/stow-rs.ts'
import { wadoRoutes } from './dicomweb/wado-rs.ts'
import { dispatch } from './dispatch.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { clientAddress } from './middleware/client-address.ts'
import type { Handler } from './messages.ts'
import { errors } from './middleware/errors.ts'
import { requestLog } from './middleware/request-log.ts'
import { sameOrigin } from './middleware/same-origin.ts'
import { securityHeaders } from './middleware/security-headers.ts'
import type { RouteDefinition } from './route.ts'
import { createLimits, type Limits } from './limits.ts'
import { openStaticFiles } from './static-files.ts'
import { createStudyAccess } from './study-access.ts'
import { viewerPages } from './viewer-pages.ts'

export interface App {
  /** Answers a request, behind the wall between organisations from its first byte to its last. */
  readonly handle: Handler
  /** Every route, with its decision: the access test walks this list. */
  readonly routes: readonly RouteDefinition[]
  close(): Promise<void>
}

/** The whole HTTP side: every middleware in order, and every router. */
export async function createApp(
  pacs: Pacs,
  parts: { events: StudyEvents; viewerFolder: string },
): Promise<App> {
  const authenticator = createAuthenticator(pacs)
  const studyAccess = createStudyAccess(pacs)
  const metrics = createMetrics(pacs)
  const forget = (): void => {
    authenticator.forget()
    studyAccess.forget()
  }
  const stopListening = await pacs.database.listen('access_changed', forget, forget)
  const samples = openSamples(pacs)
  const usage = openUsageLedger(pacs)
  const transfers = openTransferLedger(pacs)
  const routes = allRoutes(pacs, {
    authenticator,
    metrics,
    events: parts.events,
    usage,
    transfers,
    limits: createLimits(pacs),
    sampleRoutes: samples.routes,
  })
  const files = await openStaticFiles(parts.viewerFolder)

  const koa = new Koa()
  koa.silent = true
  // Only what `clientAddress` leaves standing.
  koa.proxy = !pacs.config.trustedProxies.none
  koa.use(clientAddress(pacs.config.trustedProxies))
  koa.use(requestLog(pacs.log, metrics))
  koa.use(errors(pacs.log))
  koa.use(securityHeaders(pacs.config.publicUrl))
  koa.use(sameOrigin(pacs.config.publicUrl))
  koa.use(dispatch(pacs, { authenticator, studyAccess, usage }, routes))
  koa.use(viewerPages(files))
  const answer = koa.callback()
  return {
    handle: (request, response) => void answerRequest(() => answer(request, response)),
    routes,
    async close() {
      await Promise.all([samples.close(), usage.close(), transfers.close(), stopListening()])
    },
  }
}

interface RouteParts {
  readonly authenticator: Authenticator
  readonly metrics: Metrics
  readonly events: StudyEvents
  readonly usage: UsageLedger
  readonly transfers: TransferLedger
  readonly limits: Limits
  readonly sampleRoutes: readonly RouteDefinition[]
}

function allRoutes(
  pacs: Pacs,
  { authenticator, metrics, events, usage, transfers, limits, sampleRoutes }: RouteParts,
): RouteDefinition[] {
  const routes = [
    ...stowRoutes(pacs, limits),
    ...qidoRoutes(pacs, limits),
    ...wadoRoutes(pacs, transfers),
    ...sessionRoutes(pacs, authenticator),
    ...accountRoutes(pacs, authenticator),
    ...invitationRoutes(pacs),
    ...providerRoutes(pacs),
    ...providerAdminRoutes(pacs),
    ...worklistRoutes(pacs, limits),
    ...studyRoutes(pacs),
    ...studyArchiveRoutes(pacs),
    ...accessRoutes(pacs),
    ...grantRoutes(pacs),
    ...shareRoutes(pacs),
    ...emergencyRoutes(pacs, authenticator),
    ...patientRoutes(pacs),
    ...draftRoutes(pacs),
    ...hangingRoutes(pacs),
    ...readingSettingsRoutes(pacs),
    ...measurementReportRoutes(pacs),
    ...imageExportRoutes(pacs),
    ...presentationRoutes(pacs),
    ...segmentRoutes(pacs),
    ...uploadRoutes(pacs, limits),
    ...sampleRoutes,
    ...adminRoutes(pacs),
    ...organisationRoutes(pacs, usage),
    ...retentionRoutes(pacs),
    ...auditRoutes(pacs),
    ...eventRoutes(events),
    ...healthRoutes(pacs, authenticator, metrics),
  ]
  return [...routes, ...openApiRoutes(routes)]
}
