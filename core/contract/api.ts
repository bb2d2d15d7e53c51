import { z } from 'zod'
import { REPORT_LANGUAGES } from '../measurements/report/identifier.ts'
import { SeriesFacts } from './hanging.ts'
import { Measurement } from '../measurements/shapes.ts'
import { ROLES } from '../access/principal.ts'
import { AUDIT_EVENTS } from '../audit/audit-events.ts'

/** Shapes of our JSON API (`/api`), shared by the server and the viewer. Times are ISO 8601, UTC. */

export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  /** Stable; the viewer has a sentence for it in each language. */
  code: z.string(),
  detail: z.string(),
})
export type Problem = z.infer<typeof Problem>

export const Role = z.enum(ROLES)
/** Also those of accounts that are made for a purpose. */
export const AnyRole = z.enum([...ROLES, 'guest', 'patient'])

export const PersonName = z.object({
  Alphabetic: z.string().optional(),
  Ideographic: z.string().optional(),
  Phonetic: z.string().optional(),
})
export type PersonName = z.infer<typeof PersonName>

// --- GET /api/session
export const SessionUser = z.object({
  userId: z.string(),
  email: z.string(),
  displayName: z.string(),
  organisationName: z.string(),
  organisationLogoUrl: z.string().nullable(),
  roles: z.array(AnyRole),
  /** What this person may do, so that the page shows only that (the server decides again). */
  actions: z.array(z.string()),
  language: z.string().nullable(),
  mustChangePassword: z.boolean(),
  /** A role needs a second factor, and none was shown: nothing else can be done before one is set up. */
  mustAddSecondFactor: z.boolean(),
  /** The link that was opened: its guest sees this one study. */
  share: z
    .object({
      handle: z.string(),
      studyInstanceUid: z.string(),
      watermark: z.string().nullable(),
      expiresAt: z.string(),
    })
    .nullable(),
})
export type SessionUser = z.infer<typeof SessionUser>
// POST /api/session/password
export const ChangePassword = z.object({
  currentPassword: z.string().min(1).max(1024),
  newPassword: z.string().min(8).max(1024),
})
// PATCH /api/session
export const SessionSettings = z.object({ language: z.enum(['en', 'zh-CN']) })

// --- GET /api/worklist?q=&modality=CT&modality=MR&from=YYYYMMDD&to=YYYYMMDD&status=&sort=&direction=&offset=&after=&limit=
export const WORKLIST_SORTS = [
  'received',
  'studyDate',
  'patientName',
  'patientId',
  'modality',
  'instances',
  'description',
] as const
export const WORKLIST_STATUSES = ['arriving', 'ready', 'attention'] as const
export const WorklistQuery = z.object({
  q: z.string().max(200).optional(),
  modality: z
    .union([z.string(), z.array(z.string())])
    .transform((value) => (Array.isArray(value) ? value : [value]))
    .optional(),
  from: z
    .string()
    .regex(/^\d{8}$/)
    .optional(),
  to: z
    .string()
    .regex(/^\d{8}$/)
    .optional(),
  status: z.enum(WORKLIST_STATUSES).optional(),
  sort: z.enum(WORKLIST_SORTS).default('received'),
  direction: z.enum(['asc', 'desc']).default('desc'),
  offset: z.coerce.number().int().min(0).default(0),
  /** Id of the study just before this page: what comes after it is found without a walk over all that is before. */
  after: z.uuid().optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
})
export type WorklistQuery = z.infer<typeof WorklistQuery>

export const WorklistStudy = z.object({
  studyId: z.string(),
  studyInstanceUid: z.string(),
  patientName: PersonName.nullable(),
  patientId: z.string(),
  patientSex: z.string(),
  /** DICOM DA, or empty. */
  patientBirthDate: z.string(),
  studyDate: z.string(),
  studyTime: z.string(),
  studyDescription: z.string(),
  accessionNumber: z.string(),
  modalities: z.array(z.string()),
  seriesCount: z.number(),
  instanceCount: z.number(),
  /** arriving: work is pending; attention: work failed; else ready. */
  status: z.enum(WORKLIST_STATUSES),
  firstReceivedAt: z.string(),
  lastReceivedAt: z.string(),
  /** Path of the representative thumbnail, with a version so that it can be cached for ever; null until there is one. */
  thumbnailUrl: z.string().nullable(),
})
export type WorklistStudy = z.infer<typeof WorklistStudy>
export const WorklistPage = z.object({
  studies: z.array(WorklistStudy),
  total: z.number(),
  /** False: there are more than `total`, which were not counted because there are many. */
  totalIsExact: z.boolean(),
  /** Counts of the modalities among all studies that the other filters allow; null where there are too many to count. */
  modalities: z.array(z.object({ modality: z.string(), count: z.number().nullable() })),
})
export type WorklistPage = z.infer<typeof WorklistPage>

// --- GET /api/studies/{studyInstanceUid}: what the reading room needs before pixels
export const StudySeries = z.object({
  seriesInstanceUid: z.string(),
  modality: z.string(),
  seriesNumber: z.number().nullable(),
  seriesDescription: z.string(),
  bodyPartExamined: z.string(),
  instanceCount: z.number(),
  /** Total number of frames (instances without pixels count none). */
  frameCount: z.number(),
  thumbnailUrl: z.string().nullable(),
  /** What decides where it hangs. */
  facts: SeriesFacts.optional(),
})
export type StudySeries = z.infer<typeof StudySeries>
export const StudyOpening = z.object({ study: WorklistStudy, series: z.array(StudySeries) })
export type StudyOpening = z.infer<typeof StudyOpening>

// --- GET /api/studies/{studyInstanceUid}/priors: other studies of the patient, best to compare with first
export const PriorStudy = WorklistStudy.extend({ sameModality: z.boolean(), sameBodyPart: z.boolean() })
export type PriorStudy = z.infer<typeof PriorStudy>
export const PriorPage = z.object({ priors: z.array(PriorStudy) })

// --- GET, PUT /api/studies/{studyInstanceUid}/draft: what I measured on the study and have not saved yet
export const DraftMark = Measurement.omit({ text: true, findingSite: true }).extend({
  studyInstanceUid: z.string().max(100),
  seriesInstanceUid: z.string().max(100),
  /** Not drawn, but kept. */
  hidden: z.boolean(),
})
export type DraftMark = z.infer<typeof DraftMark>
/** `version` is that of the draft that was changed, 0 when there was none: another window's work is never written over. */
export const MarkDraft = z.object({ version: z.number().int().min(0), marks: z.array(DraftMark).max(500) })
export type MarkDraft = z.infer<typeof MarkDraft>
export const SavedDraft = z.object({ version: z.number().int() })

// --- GET, POST /api/studies/{studyInstanceUid}/reports/measurements: marks that are in a DICOM Structured Report; posted, key images become Key Object Selections
export const MeasurementReport = z.object({
  sopInstanceUid: z.string(),
  seriesInstanceUid: z.string(),
  /** Who measured, as the report names them. */
  observer: PersonName.nullable(),
  /** DICOM DA and TM, or empty. */
  contentDate: z.string(),
  contentTime: z.string(),
  marks: z.array(DraftMark),
  /** Measurements in the report that cannot be drawn here. */
  undrawn: z.number(),
})
export type MeasurementReport = z.infer<typeof MeasurementReport>
/** The oldest first: of marks with the same tracking UID the last is the one that counts. */
export const MeasurementReports = z.object({ reports: z.array(MeasurementReport) })
export type MeasurementReports = z.infer<typeof MeasurementReports>
export const SaveMeasurements = z.object({
  language: z.enum(REPORT_LANGUAGES),
  /** Of the draft: what is saved is what the reader has seen. */
  version: z.number().int().min(1),
  /** Tracking UIDs. */
  marks: z.array(z.string().max(64)).min(1).max(500),
})
export type SaveMeasurements = z.infer<typeof SaveMeasurements>
/** `version`: of the draft, without what was saved. A report of what was measured, a selection of key images for each title and remark. */
export const SavedMeasurements = z.object({
  documents: z.array(
    z.object({
      kind: z.enum(['report', 'key-objects']),
      sopInstanceUid: z.string(),
      seriesInstanceUid: z.string(),
    }),
  ),
  version: z.number().int(),
})
export type SavedMeasurements = z.infer<typeof SavedMeasurements>

// --- GET /api/events: Server-Sent Events; `event: study` data StudyEvent; `event: settings` data {version}, to whose they are; `event: work` data {}; `event: gap` (refetch everything)
export const StudyEvent = z.object({ studyInstanceUid: z.string(), studyId: z.string() })
export type StudyEvent = z.infer<typeof StudyEvent>
export const SettingsEvent = z.object({ version: z.number().int() })

// --- uploads
// POST /api/uploads/known: which of these files the archive already has (same bytes, this organisation)
export const KnownQuery = z.object({ sha256: z.array(z.string().regex(/^[0-9a-f]{64}$/)).max(5000) })
export const KnownAnswer = z.object({
  known: z.array(
    z.object({
      sha256: z.string(),
      studyInstanceUid: z.string(),
      seriesInstanceUid: z.string(),
      sopInstanceUid: z.string(),
    }),
  ),
})
/**
 * One uploaded file's outcome. POST /api/uploads (multipart/related; one part a file, each with
 * `Content-Location: <number of the file in this batch>`) answers {results: UploadResult[]} in order of arrival;
 * a file sent by tus (/api/uploads/resumable) is answered in the JSON body of its last PATCH.
 */
export const UploadResult = z.object({
  file: z.string(),
  outcome: z.enum(['stored', 'duplicate', 'conflict', 'rejected']),
  /** Stable, when refused: a RejectionReason or 'instance-differs'. */
  reason: z.string().nullable(),
  studyInstanceUid: z.string().nullable(),
  seriesInstanceUid: z.string().nullable(),
  sopInstanceUid: z.string().nullable(),
  patientName: PersonName.nullable(),
  patientId: z.string().nullable(),
  studyDescription: z.string().nullable(),
  studyDate: z.string().nullable(),
  modality: z.string().nullable(),
  warnings: z.array(z.string()),
})
export type UploadResult = z.infer<typeof UploadResult>
export const UploadAnswer = z.object({ results: z.array(UploadResult) })

// --- administrator
// GET /api/admin/work
export const FailedWork = z.object({
  kind: z.string(),
  key: z.string(),
  state: z.string(),
  attempts: z.number(),
  requestedAt: z.string(),
  errorCode: z.string().nullable(),
  errorMessage: z.string().nullable(),
  studyInstanceUid: z.string().nullable(),
  seriesInstanceUid: z.string().nullable(),
})
export const WorkPage = z.object({
  pending: z.number(),
  running: z.number(),
  failed: z.array(FailedWork),
})
export type WorkPage = z.infer<typeof WorkPage>
// POST /api/admin/work/retry {kind,key} (or {} for all failed)
export const RetryWork = z.object({ kind: z.string().optional(), key: z.string().optional() })
// GET /api/admin/quarantine; DELETE /api/admin/quarantine/{quarantineId} discards the kept bytes
export const QuarantineEntry = z.object({
  quarantineId: z.string(),
  studyInstanceUid: z.string(),
  seriesInstanceUid: z.string(),
  sopInstanceUid: z.string(),
  patientName: PersonName.nullable(),
  patientId: z.string(),
  size: z.number(),
  sha256: z.string(),
  receivedAt: z.string(),
  receivedBy: z.string().nullable(),
  source: z.string(),
})
export const QuarantinePage = z.object({ entries: z.array(QuarantineEntry) })
export type QuarantinePage = z.infer<typeof QuarantinePage>
// GET /api/admin/quarantine/{quarantineId}/instance: the bytes, as a file to keep
// GET /api/admin/quarantine/{quarantineId}/differences
/** Of one side; null where the element is absent. */
export const DifferingValue = z
  .union([z.object({ text: z.string() }), z.object({ bytes: z.number() }), z.object({ items: z.number() })])
  .nullable()
export const QuarantineComparison = z.object({
  /** The stored instance of the same SOP Instance UID. */
  kept: z
    .object({
      studyInstanceUid: z.string(),
      seriesInstanceUid: z.string(),
      size: z.number(),
      receivedAt: z.string(),
      receivedBy: z.string().nullable(),
      source: z.string(),
    })
    .nullable(),
  elements: z.array(
    z.object({
      /** `tag`, or `tag/item/tag…`; items counted from 0. */
      path: z.string(),
      keyword: z.string().nullable(),
      kept: DifferingValue,
      received: DifferingValue,
    }),
  ),
  /** How many more there are. */
  more: z.number(),
  pixels: z.enum(['same', 'differ', 'none', 'unknown']),
})
export type QuarantineComparison = z.infer<typeof QuarantineComparison>
// GET /api/admin/users, POST /api/admin/users (answers the one-time password once), PATCH /api/admin/users/{userId}
export const AdminUser = z.object({
  userId: z.string(),
  email: z.string(),
  displayName: z.string(),
  roles: z.array(Role),
  disabled: z.boolean(),
  createdAt: z.string(),
})
export const UserPage = z.object({ users: z.array(AdminUser) })
export type UserPage = z.infer<typeof UserPage>
export const CreateUser = z.object({
  email: z.string().min(3).max(320),
  displayName: z.string().max(200).default(''),
  roles: z.array(Role).min(1),
})
export const CreatedUser = z.object({ user: AdminUser, oneTimePassword: z.string() })
export const UpdateUser = z.object({
  roles: z.array(Role).min(1).optional(),
  disabled: z.boolean().optional(),
})
// GET /api/admin/status
export const ArchiveStatus = z.object({
  version: z.string(),
  studies: z.number(),
  series: z.number(),
  instances: z.number(),
  bytes: z.number(),
  /** Instances that have an HTJ2K rendition, and what those cost. */
  renditions: z.number(),
  renditionBytes: z.number(),
  /** Of which series they are kept, as the operator set it; null: however old, of all modalities. */
  renditionPolicy: z.object({
    enabled: z.boolean(),
    maxAgeDays: z.number().nullable(),
    modalities: z.array(z.string()).nullable(),
  }),
  /** The disk is so full that no more are made. */
  renditionsWithoutRoom: z.boolean(),
  pendingWork: z.number(),
  failedWork: z.number(),
  quarantined: z.number(),
})
export type ArchiveStatus = z.infer<typeof ArchiveStatus>

// GET /api/admin/audit; GET /api/admin/audit/export/{csv|fhir} with the same query
export const AuditEvent = z.enum(AUDIT_EVENTS)
export const AuditQuery = z.object({
  event: AuditEvent.optional(),
  outcome: z.enum(['success', 'denied', 'failure']).optional(),
  /** Part of a name or an e-mail address. */
  person: z.string().max(200).optional(),
  /** Part of a patient's name or ID. */
  patient: z.string().max(200).optional(),
  study: z.string().max(64).optional(),
  address: z.string().max(100).optional(),
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
  /** `next` of the page before. */
  before: z.string().max(80).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
})
export const AuditEntryView = z.object({
  id: z.string(),
  occurredAt: z.string(),
  event: z.string(),
  outcome: z.string(),
  person: z.object({ userId: z.string(), email: z.string(), displayName: z.string() }).nullable(),
  /** Whose account it was done to, where it is one of the organisation. */
  subject: z.object({ userId: z.string(), email: z.string(), displayName: z.string() }).nullable(),
  address: z.string().nullable(),
  studyInstanceUid: z.string().nullable(),
  patientId: z.string().nullable(),
  patientName: PersonName.nullable(),
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
})
export const AuditPage = z.object({ entries: z.array(AuditEntryView), next: z.string().nullable() })
export type AuditPage = z.infer<typeof AuditPage>

// --- POST /api/samples: makes the sample studies (answers 202 at once; they arrive like any study)
// GET /api/samples
export const SampleState = z.object({ state: z.enum(['none', 'loading', 'loaded']) })
