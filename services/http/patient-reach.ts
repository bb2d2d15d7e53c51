import { studyNotFound } from '../../core/access/require-study.ts'
import type { Principal } from '../../core/access/principal.ts'
import { YunyingError } from '../../core/errors.ts'
import type { RouteDefinition } from './route.ts'

const RENDERED = '/dicom-web/studies/:study/series/:series/instances/:instance'

/** All that a patient's session reaches; each route still decides about the study. */
const REACH: ReadonlySet<string> = new Set([
  'GET /api/session',
  'PATCH /api/session',
  'DELETE /api/session',
  'GET /api/patient',
  'GET /api/patient/looks',
  'GET /api/patient/access',
  'GET /api/patient/studies/:study',
  'GET /api/studies/:study/archive',
  'POST /api/studies/:study/shares',
  'DELETE /api/shares/:share',
  `GET ${RENDERED}/rendered`,
  `GET ${RENDERED}/frames/:frames/rendered`,
  'GET /dicom-web/studies/:study/series/:series/thumbnail',
])

/**
 * Keeps a patient to their own page, whatever roles will be allowed some day. Errors: 'not-found' code 'study-not-found' for
 * whatever is of a study; 'forbidden' code 'not-allowed'.
 */
export function keepWithinReach(principal: Principal, route: RouteDefinition): void {
  if (principal.kind !== 'user' || !principal.roles.includes('patient')) return
  if (REACH.has(`${route.method} ${route.path}`)) return
  if (route.access === 'study') throw studyNotFound()
  throw new YunyingError('forbidden', 'not-allowed', 'This is not part of your page.')
}
