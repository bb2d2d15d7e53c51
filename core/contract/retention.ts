import { z } from 'zod'
import { PersonName } from './api.ts'
import { saysWhy } from './emergency.ts'

/** Days. */
export const GRACE_SHORTEST = 7
export const GRACE_LONGEST = 365
/** Years of age. */
export const OF_AGE = 18

/** A Value Representation CS (PS3.5 6.2). */
const Modality = z.string().regex(/^[A-Z0-9_ ]{1,16}$/)

export const RetentionTerms = z.object({
  /** An empty list: every study. */
  modalities: z.array(Modality).max(40),
  /** Null: for ever, whatever other rules say. */
  years: z.number().int().min(1).max(200).nullable(),
  countedFrom: z.enum(['study-date', 'received']),
  /** Of a patient who was under age when it was made: also until this age. */
  minorsUntil: z.number().int().min(OF_AGE).max(100).nullable(),
  graceDays: z.number().int().min(GRACE_SHORTEST).max(GRACE_LONGEST),
  /** Also studies that an open link shows. */
  removesShared: z.boolean(),
})
export type RetentionTerms = z.infer<typeof RetentionTerms>

export const RetentionRule = RetentionTerms.extend({
  ruleId: z.string(),
  /** When it was switched on; null: a draft, which does nothing. */
  enabledAt: z.string().nullable(),
})
export type RetentionRule = z.infer<typeof RetentionRule>

/** A study as who keeps it sees it. Without a patient where the administrator may not read it. */
export const RetainedStudy = z.object({
  studyInstanceUid: z.string(),
  patientName: PersonName.nullable(),
  patientId: z.string(),
  /** DICOM DA. */
  studyDate: z.string(),
  studyDescription: z.string(),
  modalities: z.array(z.string()),
  instances: z.number(),
  bytes: z.number(),
  mayRead: z.boolean(),
})
export type RetainedStudy = z.infer<typeof RetainedStudy>
export const DueStudy = RetainedStudy.extend({
  removeAfter: z.string(),
  ruleId: z.string(),
})
export type DueStudy = z.infer<typeof DueStudy>

/** Why a study whose time is over is kept all the same. */
export const KEPT_BECAUSE = ['hold', 'emergency', 'link', 'quarantine', 'age-unknown'] as const
export type KeptBecause = (typeof KEPT_BECAUSE)[number]

export const StudyHold = z.object({
  holdId: z.string(),
  /** One of both. */
  studyInstanceUid: z.string().nullable(),
  patientId: z.string().nullable(),
  issuerOfPatientId: z.string(),
  /** Of the patient, as the last study says it; null where the administrator may not read it. */
  patientName: PersonName.nullable(),
  studyDate: z.string(),
  studyDescription: z.string(),
  /** How many studies it holds. */
  studies: z.number(),
  reason: z.string(),
  placedBy: z.string(),
  placedAt: z.string(),
  /** `YYYY-MM-DD`, the last day. */
  until: z.string().nullable(),
})
export type StudyHold = z.infer<typeof StudyHold>

export const StudyRemoval = z.object({
  removalId: z.string(),
  studyInstanceUid: z.string(),
  ruleId: z.string().nullable(),
  reason: z.string(),
  removedBy: z.string().nullable(),
  removedAt: z.string(),
  instances: z.number(),
  bytes: z.number(),
  /** Nothing of it is left. */
  done: z.boolean(),
})
export type StudyRemoval = z.infer<typeof StudyRemoval>

// --- GET /api/admin/retention
export const RetentionPage = z.object({
  rules: z.array(RetentionRule),
  due: z.object({ studies: z.number(), bytes: z.number(), first: z.string().nullable() }),
  holds: z.array(StudyHold),
  /** The last of them. */
  removals: z.array(StudyRemoval),
})
export type RetentionPage = z.infer<typeof RetentionPage>
// --- GET /api/admin/retention/due: what will be removed, the next first
export const DueStudies = z.object({ studies: z.array(DueStudy) })
export type DueStudies = z.infer<typeof DueStudies>

// --- POST, PUT /api/admin/retention/rules: a draft, or a rule changed, which is a draft then
export const CreatedRule = z.object({ ruleId: z.string() })
// --- GET /api/admin/retention/rules/{rule}/preview: what would be due with this rule and those that are on
export const RetentionPreview = z.object({
  studies: z.number(),
  bytes: z.number(),
  /** The oldest of them. */
  list: z.array(RetainedStudy),
  kept: z.record(z.enum(KEPT_BECAUSE), z.number()),
})
export type RetentionPreview = z.infer<typeof RetentionPreview>
// --- PUT /api/admin/retention/rules/{rule}/enabled: after its preview, whose number of studies is said again
export const EnableRule = z.object({ studies: z.number().int().min(0) })

const Reason = z.string().trim().max(1000).refine(saysWhy, 'say why in a few words')
// --- POST /api/studies/{study}/hold
export const PlaceHold = z.object({
  /** The study alone, or every study of its patient, also those to come. */
  holds: z.enum(['study', 'patient']).default('study'),
  reason: Reason,
  /** `YYYY-MM-DD`, the last day; null: until it is lifted. */
  until: z.iso.date().nullable(),
})
export type PlaceHold = z.infer<typeof PlaceHold>
// --- POST /api/studies/{study}/removal: at once, and for good
export const RemoveStudy = z.object({
  reason: Reason,
  /** Also where an open link shows it. */
  removesShared: z.boolean().default(false),
})
export type RemoveStudy = z.infer<typeof RemoveStudy>
