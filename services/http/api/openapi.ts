import { z } from 'zod'
import { OpeningPacket } from '../../../core/contract/opening.ts'
import * as access from '../../../core/contract/access.ts'
import * as account from '../../../core/contract/account.ts'
import * as api from '../../../core/contract/api.ts'
import * as emergency from '../../../core/contract/emergency.ts'
import * as patient from '../../../core/contract/patient.ts'
import * as hanging from '../../../core/contract/hanging.ts'
import * as readingSettings from '../../../core/contract/reading-settings.ts'
import { FrameStreamRequest } from '../../../core/contract/frame-stream.ts'
import { ImageExport } from '../../../core/contract/image-export.ts'
import { SavedPresentation, SavePresentation } from '../../../core/contract/presentation.ts'
import { SavedSegments, SaveSegments, SegmentDraft } from '../../../core/contract/segments.ts'
import * as organisations from '../../../core/contract/organisations.ts'
import * as sharing from '../../../core/contract/sharing.ts'
import { VERSION } from '../../../core/version.ts'
import { anonymous, type RouteDefinition } from '../route.ts'
import type { Operation } from './operation.ts'
import { PEOPLE_OPERATIONS } from './people-operations.ts'
import { RETENTION_OPERATIONS } from './retention-operations.ts'

/** What each route of our JSON API is for and the shapes it takes and gives. A route without an entry fails a test. */
const OPERATIONS: Record<string, Operation> = {
  'GET /api/admin/organisation': { summary: 'My organisation', answer: organisations.Organisation },
  'PATCH /api/admin/organisation': {
    summary: 'Change my organisation',
    body: organisations.ChangeOrganisation,
    answer: organisations.Organisation,
  },
  'PUT /api/admin/organisation/logo': {
    summary: 'Show this picture as the logo of my organisation (the body: PNG, JPEG or WebP)',
    answer: organisations.Organisation,
  },
  'DELETE /api/admin/organisation/logo': {
    summary: 'Show no logo of my organisation',
    answer: organisations.Organisation,
  },
  'GET /api/organisation/logo': { summary: 'The logo of my organisation (WebP)' },
  'GET /api/admin/usage': {
    summary: 'What my organisation kept and was sent, and how many were there, by day',
    query: organisations.UsageQuery,
    answer: organisations.Usage,
  },
  'GET /api/uploads/room': {
    summary: 'How much more my organisation may keep',
    answer: organisations.UploadRoom,
  },
  'GET /api/admin/organisations': {
    summary: 'Every organisation (for the operator)',
    answer: organisations.OrganisationList,
  },
  'POST /api/admin/organisations': {
    summary: 'A new organisation and its administrator (for the operator)',
    body: organisations.CreateOrganisation,
    answer: organisations.CreatedOrganisation,
  },
  'PATCH /api/admin/organisations/:organisation': {
    summary: 'Change an organisation (for the operator)',
    body: organisations.ManageOrganisation,
    answer: organisations.Organisation,
  },
  'POST /api/session': { summary: 'Sign in', body: account.SignIn, answer: api.SessionUser },
  'GET /api/session': { summary: 'Who is signed in', answer: api.SessionUser },
  'PATCH /api/session': { summary: 'Change my settings', body: api.SessionSettings },
  'DELETE /api/session': { summary: 'Sign out' },
  'POST /api/session/password': { summary: 'Change my password', body: api.ChangePassword },
  'POST /api/session/passkey/options': {
    summary: 'Begin to sign in with a passkey',
    answer: account.PasskeyBegun,
  },
  'POST /api/session/passkey': {
    summary: 'Sign in with a passkey',
    body: account.PasskeyAnswer,
    answer: api.SessionUser,
  },
  ...PEOPLE_OPERATIONS,
  ...RETENTION_OPERATIONS,
  'GET /api/worklist': { summary: 'Studies I may see', query: api.WorklistQuery, answer: api.WorklistPage },
  'GET /api/studies/:study': { summary: 'A study and its series', answer: api.StudyOpening },
  'GET /api/studies/:study/opening': {
    summary:
      'All that a reading room begins with: series, hanging protocols, first metadata, a picture. Recorded as fetched ahead with the header Purpose: prefetch',
    answer: OpeningPacket,
  },
  'GET /api/studies/:study/priors': {
    summary: 'Other studies of the patient, best to compare with first',
    answer: api.PriorPage,
  },
  'POST /api/studies/:study/series/:series/frames': {
    summary:
      'Frames of a series in one answer (multipart/related), in this order or from the middle outwards; as DICOMweb gives each alone',
    body: FrameStreamRequest,
  },
  'GET /api/studies/:study/archive': { summary: 'The study to take away: a ZIP with a DICOMDIR' },
  'POST /api/studies/:study/archive': {
    summary: 'The study, or a part of it, without names: a ZIP with a DICOMDIR',
    body: sharing.ExportStudy,
  },
  'GET /api/studies/:study/draft': {
    summary: 'What I measured and have not saved yet',
    answer: api.MarkDraft,
  },
  'PUT /api/studies/:study/draft': {
    summary: 'Keep what I measured',
    body: api.MarkDraft,
    answer: api.SavedDraft,
  },
  'GET /api/studies/:study/reports/measurements': {
    summary: 'What was measured on the study and saved, by report',
    answer: api.MeasurementReports,
  },
  'POST /api/studies/:study/reports/measurements': {
    summary: 'Save measurements of my draft as a report (DICOM SR)',
    body: api.SaveMeasurements,
    answer: api.SavedMeasurements,
  },
  'POST /api/studies/:study/presentations': {
    summary: 'Keep how I look at a series and what is drawn on it (DICOM presentation state)',
    body: SavePresentation,
    answer: SavedPresentation,
  },
  'GET /api/studies/:study/segments': {
    summary: 'What I outlined and have not saved yet',
    answer: SegmentDraft,
  },
  'PUT /api/studies/:study/segments': {
    summary: 'Keep what I outlined',
    body: SegmentDraft,
    answer: api.SavedDraft,
  },
  'POST /api/studies/:study/segmentations': {
    summary: 'Save segments of my draft (DICOM segmentation)',
    body: SaveSegments,
    answer: SavedSegments,
  },
  'POST /api/studies/:study/exports': {
    summary: 'Record that images are exported or printed',
    body: ImageExport,
  },
  'GET /api/hanging-protocols': {
    summary: 'Hanging protocols of mine, of my roles and of everyone',
    answer: hanging.KeptProtocols,
  },
  'POST /api/hanging-protocols': {
    summary: 'Keep a hanging protocol',
    body: hanging.NewHangingProtocol,
    answer: hanging.WrittenProtocol,
  },
  'PUT /api/hanging-protocols/:protocol': {
    summary: 'Change a hanging protocol',
    body: hanging.ChangedHangingProtocol,
    answer: hanging.WrittenProtocol,
  },
  'DELETE /api/hanging-protocols/:protocol': { summary: 'Delete a hanging protocol' },
  'GET /api/settings/reading': {
    summary: 'What I changed of the reading room: mouse, keys, windows',
    answer: readingSettings.KeptReadingSettings,
  },
  'PUT /api/settings/reading': {
    summary: 'Change the reading room for me',
    body: readingSettings.KeptReadingSettings,
    answer: readingSettings.WrittenSettings,
  },
  'GET /api/studies/:study/grants': { summary: 'Who was granted the study', answer: access.GrantPage },
  'PUT /api/studies/:study/grants/:user': { summary: 'Grant the study to a person' },
  'DELETE /api/studies/:study/grants/:user': { summary: 'Take a grant back' },
  'GET /api/admin/access': { summary: 'Who may read what', answer: access.AccessPage },
  'PUT /api/admin/access/ruled-roles': {
    summary: 'Roles that read by rules alone',
    body: access.RuledRoles,
  },
  'POST /api/admin/access/rules': { summary: 'A new rule', body: access.NewRule },
  'DELETE /api/admin/access/rules/:rule': { summary: 'Remove a rule' },
  'POST /api/admin/access/groups': { summary: 'A new group of people', body: access.KeepGroup },
  'PUT /api/admin/access/groups/:group': { summary: 'Change a group', body: access.KeepGroup },
  'DELETE /api/admin/access/groups/:group': { summary: 'Remove a group, and the rules for it' },
  'PUT /api/admin/access/referrers/:user': {
    summary: 'Names under which a person refers patients',
    body: access.ReferrerNames,
  },
  'GET /api/studies/:study/shares': { summary: 'Links that show the study', answer: sharing.SharePage },
  'POST /api/studies/:study/shares': {
    summary: 'A link that shows the study to somebody without an account; it is said once',
    body: sharing.CreateShare,
    answer: sharing.CreatedShare,
  },
  'GET /api/studies/:study/pixel-risks': {
    summary: 'Images that may name somebody in their pixels',
    answer: sharing.PixelRisks,
  },
  'GET /api/shares': { summary: 'Links that I look after', answer: sharing.SharePage },
  'GET /api/shares/:share/openings': {
    summary: 'When a link was opened, and from where',
    answer: sharing.ShareOpenings,
  },
  'POST /api/shares/:share/code': { summary: 'A new one-time code', answer: sharing.RenewedCode },
  'DELETE /api/shares/:share': { summary: 'Take a link back' },
  'POST /api/shared/look': {
    summary: 'What a link is, for who holds it',
    body: sharing.LookShared,
    answer: sharing.SharedLook,
  },
  'POST /api/shared/open': {
    summary: 'Open a link: a session for its guest',
    body: sharing.OpenShared,
    answer: api.SessionUser,
  },
  'GET /api/emergency': {
    summary: 'Whether I could break the glass, and which of my accesses last',
    answer: emergency.EmergencyState,
  },
  'POST /api/emergency/search': {
    summary: 'Whether there are studies that I may not read, by an exact identifier',
    body: emergency.EmergencySearch,
    answer: emergency.EmergencyMatches,
  },
  'POST /api/emergency': { summary: 'Break the glass', body: emergency.RequestEmergency },
  'DELETE /api/emergency/:emergency': { summary: 'End an emergency access of mine' },
  'GET /api/admin/emergency': {
    summary: 'Emergency accesses, and what was opened under them',
    query: emergency.EmergencyQuery,
    answer: emergency.EmergencyList,
  },
  'GET /api/admin/emergency/waiting': {
    summary: 'How many wait for a review',
    answer: emergency.EmergencyWaiting,
  },
  'POST /api/admin/emergency/:emergency/review': {
    summary: 'Close an emergency access: justified or not',
    body: emergency.ReviewEmergency,
  },
  'GET /api/admin/emergency/settings': {
    summary: 'Whether the glass can be broken, and for how long',
    answer: emergency.EmergencySettings,
  },
  'PUT /api/admin/emergency/settings': {
    summary: 'Switch emergency access on or off',
    body: emergency.EmergencySettings,
  },
  'GET /api/studies/:study/patient-slip': {
    summary: 'Whether the patient can be given an access slip, and which one is out',
    answer: patient.SlipState,
  },
  'POST /api/studies/:study/patient-slip': {
    summary: 'A code with which the patient opens a page of their own; it is said once',
    body: patient.IssueSlip,
    answer: patient.IssuedSlip,
  },
  'POST /api/patient/session': {
    summary: 'Open the page of a patient by code and date of birth',
    body: patient.OpenSlip,
    answer: api.SessionUser,
  },
  'GET /api/patient': { summary: 'The studies of the patient who asks', answer: patient.PatientPage },
  'GET /api/patient/looks': { summary: 'Who looked at my studies', answer: patient.PatientLooks },
  'GET /api/patient/access': { summary: 'Who may look at my studies', answer: patient.PatientAccess },
  'GET /api/patient/studies/:study': {
    summary: 'Images of a study of mine',
    answer: patient.PatientImages,
  },
  'GET /api/admin/patients': { summary: 'Access slips that are out', answer: patient.IssuedSlips },
  'DELETE /api/admin/patients/:patient/slip': { summary: 'Take an access slip back' },
  'GET /api/admin/patients/settings': {
    summary: 'What patients are told of who looked',
    answer: patient.PatientSettings,
  },
  'PUT /api/admin/patients/settings': {
    summary: 'Change what patients are told',
    body: patient.PatientSettings,
  },
  'GET /api/events': { summary: 'Server-Sent Events: study, emergency, gap, hello' },
  'POST /api/uploads/known': {
    summary: 'Which files the archive has',
    body: api.KnownQuery,
    answer: api.KnownAnswer,
  },
  'POST /api/uploads': { summary: 'Upload files, multipart/related', answer: api.UploadAnswer },
  'GET /api/samples': { summary: 'Whether the sample studies are loaded', answer: api.SampleState },
  'POST /api/samples': { summary: 'Make the sample studies', answer: api.SampleState },
  'GET /api/admin/audit': {
    summary: 'Who did what to whom, when and from where',
    query: api.AuditQuery,
    answer: api.AuditPage,
  },
  'GET /api/admin/audit/export/:format': {
    summary: 'The same as CSV or FHIR AuditEvents',
    query: api.AuditQuery,
  },
  'GET /api/admin/users': { summary: 'People of my organisation', answer: api.UserPage },
  'POST /api/admin/users': { summary: 'A new person', body: api.CreateUser, answer: api.CreatedUser },
  'PATCH /api/admin/users/:user': {
    summary: 'Change roles, or shut an account out',
    body: api.UpdateUser,
    answer: api.AdminUser,
  },
  'POST /api/admin/users/:user/password': { summary: 'A new one-time password', answer: api.CreatedUser },
  'GET /api/admin/work': { summary: 'Work that waits and work that failed', answer: api.WorkPage },
  'POST /api/admin/work/retry': { summary: 'Try failed work again', body: api.RetryWork },
  'GET /api/admin/status': { summary: 'What the archive keeps', answer: api.ArchiveStatus },
  'GET /api/admin/quarantine': { summary: 'Instances in quarantine', answer: api.QuarantinePage },
  'GET /api/admin/quarantine/:entry/differences': {
    summary: 'In what an instance in quarantine differs from the stored one',
    answer: api.QuarantineComparison,
  },
  'GET /api/admin/quarantine/:entry/instance': { summary: 'An instance in quarantine, as a file' },
  'DELETE /api/admin/quarantine/:entry': { summary: 'Discard what is in quarantine' },
  'GET /api/openapi.json': { summary: 'This description' },
}

/** The resumable upload protocol has its own specification (tus 1.0.0); the description only points to it. */
const SPECIFIED_ELSEWHERE = '/api/uploads/resumable'

/** GET /api/openapi.json: OpenAPI 3.1, made from the routes and the shapes themselves. */
export function openApiRoutes(routes: readonly RouteDefinition[]): RouteDefinition[] {
  const own = anonymous('GET', '/api/openapi.json', async ({ ctx }) => {
    ctx.set('Cache-Control', 'no-cache')
    ctx.type = 'application/json'
    ctx.body = description
  })
  const description = JSON.stringify(describeApi([...routes, own]))
  return [own]
}

/** Errors: a route of `/api` that has no entry above is a bug. */
function describeApi(routes: readonly RouteDefinition[]): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const route of routes) {
    if (!route.path.startsWith('/api/') || route.path.startsWith(SPECIFIED_ELSEWHERE)) continue
    const operation = OPERATIONS[`${route.method} ${route.path}`]
    if (operation === undefined) throw new Error(`no description of ${route.method} ${route.path}`)
    const path = route.path.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: describeOperation(route, operation) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Yunying',
      version: VERSION,
      description:
        'DICOMweb is at /dicom-web (PS3.18); resumable uploads at /api/uploads/resumable (tus 1.0.0).',
    },
    components: {
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'yunying_session' },
        bearer: { type: 'http', scheme: 'bearer' },
      },
      schemas: { Problem: shape(api.Problem) },
    },
    security: [{ session: [] }, { bearer: [] }],
    paths,
  }
}

function describeOperation(route: RouteDefinition, operation: Operation): object {
  const inPath = [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
  return {
    summary: operation.summary,
    ...(route.access === 'anonymous' ? { security: [] } : {}),
    ...('action' in route ? { description: `Needs the right ${route.action}.` } : {}),
    parameters: [...inPath, ...queryParameters(operation.query)],
    ...(operation.body === undefined
      ? {}
      : {
          requestBody: { required: true, content: { 'application/json': { schema: shape(operation.body) } } },
        }),
    responses: {
      '2XX': {
        description: 'Done',
        ...(operation.answer === undefined
          ? {}
          : { content: { 'application/json': { schema: shape(operation.answer) } } }),
      },
      default: {
        description: 'What went wrong, and what to do',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  }
}

function queryParameters(query: z.ZodType | undefined): object[] {
  if (query === undefined) return []
  const { properties = {} } = shape(query) as { properties?: Record<string, object> }
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', required: false, schema }))
}

/** What is sent over the wire: the input side of a shape that transforms. */
function shape(type: z.ZodType): object {
  return z.toJSONSchema(type, { io: 'input', target: 'draft-2020-12' })
}
