import { z } from 'zod'
import { PersonName } from './api.ts'
import { EmergencyReason } from './emergency.ts'

/** Days. */
export const SLIP_DAYS = 90
export const SLIP_LONGEST = 365

/** Why a patient cannot be given a slip. */
export const SLIP_OBSTACLES = ['no-patient-id', 'no-birth-date', 'birth-dates-differ'] as const

// --- GET, POST, DELETE /api/studies/{study}/patient-slip: the slip of the study's patient
export const SlipState = z.object({
  patientName: PersonName.nullable(),
  /** DICOM DA, which the patient will be asked for. */
  birthDate: z.string(),
  obstacle: z.enum(SLIP_OBSTACLES).nullable(),
  /** The one that is out; a new one replaces it. */
  current: z
    .object({ issuedAt: z.string(), expiresAt: z.string(), openedAt: z.string().nullable() })
    .nullable(),
})
export type SlipState = z.infer<typeof SlipState>
export const IssueSlip = z.object({ days: z.number().int().min(1).max(SLIP_LONGEST).default(SLIP_DAYS) })
/** The code is said once and kept nowhere. `address`: the page that asks for it. */
export const IssuedSlip = z.object({
  code: z.string(),
  address: z.string(),
  expiresAt: z.string(),
  patientName: PersonName.nullable(),
  organisationName: z.string(),
})
export type IssuedSlip = z.infer<typeof IssuedSlip>

// --- POST /api/patient/session: opens the patient's page; answers SessionUser
export const OpenSlip = z.object({
  code: z.string().max(100),
  /** `YYYYMMDD` */
  birthDate: z.string().regex(/^\d{8}$/),
})

/** A person as a patient is told of them: by name only where the organisation wants that. */
const Told = z.object({
  name: z.string().nullable(),
  role: z.enum(['staff', 'administrator', 'technician', 'radiologist', 'referring', 'reviewer', 'guest']),
})
export type Told = z.infer<typeof Told>

// --- GET /api/patient
export const PatientStudy = z.object({
  studyInstanceUid: z.string(),
  studyDate: z.string(),
  studyDescription: z.string(),
  modalities: z.array(z.string()),
  bodyParts: z.array(z.string()),
  /** Where it was made: an institution of that name, or the organisation. */
  place: z.string(),
  imageCount: z.number(),
  thumbnailUrl: z.string().nullable(),
})
export type PatientStudy = z.infer<typeof PatientStudy>
export const PatientEmergency = z.object({
  who: Told,
  reasonCode: EmergencyReason,
  beganAt: z.string(),
  /** When it ended, or will. */
  endsAt: z.string(),
  lasts: z.boolean(),
  /** A person of the hospital has looked into it. */
  reviewedAt: z.string().nullable(),
})
export type PatientEmergency = z.infer<typeof PatientEmergency>
export const PatientPage = z.object({
  patientName: PersonName.nullable(),
  organisationName: z.string(),
  studies: z.array(PatientStudy),
  emergencies: z.array(PatientEmergency),
})
export type PatientPage = z.infer<typeof PatientPage>

// --- GET /api/patient/looks: who looked at what, the last first
export const PatientLook = z.object({
  at: z.string(),
  who: Told,
  what: z.enum(['opened', 'seen', 'downloaded']),
  studyInstanceUid: z.string(),
  emergency: z.boolean(),
})
export type PatientLook = z.infer<typeof PatientLook>
export const PatientLooks = z.object({ looks: z.array(PatientLook) })

// --- GET /api/patient/access: who may look, beside those who treat me
export const PatientAccess = z.object({
  grants: z.array(z.object({ who: Told, studyInstanceUid: z.string(), expiresAt: z.string().nullable() })),
  links: z.array(
    z.object({
      shareId: z.string(),
      studyInstanceUid: z.string(),
      recipientName: z.string(),
      /** I made it, and may take it back: DELETE /api/shares/{shareId}. */
      mine: z.boolean(),
      createdAt: z.string(),
      expiresAt: z.string(),
      opens: z.number(),
      lastOpenedAt: z.string().nullable(),
    }),
  ),
})
export type PatientAccess = z.infer<typeof PatientAccess>

// --- GET /api/patient/studies/{study}: what can be looked at, in its order
export const PatientImages = z.object({
  series: z.array(
    z.object({
      seriesInstanceUid: z.string(),
      modality: z.string(),
      description: z.string(),
      images: z.array(z.object({ sopInstanceUid: z.string(), frames: z.number() })),
    }),
  ),
})
export type PatientImages = z.infer<typeof PatientImages>

// --- GET, PUT /api/admin/patients/settings
export const PatientSettings = z.object({
  /** Patients read the names of who looked; else what they are. */
  namesShown: z.boolean(),
})
export type PatientSettings = z.infer<typeof PatientSettings>
// --- GET /api/admin/patients: slips that are out; DELETE /api/admin/patients/{userId}/slip
export const IssuedSlips = z.object({
  slips: z.array(
    z.object({
      userId: z.string(),
      patientName: z.string(),
      patientId: z.string(),
      issuedAt: z.string(),
      expiresAt: z.string(),
      openedAt: z.string().nullable(),
      /** Too many wrong dates: for an hour, or for good. */
      locked: z.boolean(),
    }),
  ),
})
export type IssuedSlips = z.infer<typeof IssuedSlips>
