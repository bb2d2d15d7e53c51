import { z } from 'zod'
import { ProofGiven, ProofKind } from './account.ts'
import { PersonName } from './api.ts'

/** Why somebody reads what they may not. `other` too is said in words. */
export const EMERGENCY_REASONS = [
  'emergency-treatment',
  'patient-unconscious',
  'on-call-transfer',
  'other',
] as const
export const EmergencyReason = z.enum(EMERGENCY_REASONS)

/** Minutes. */
export const EMERGENCY_SHORTEST = 5
export const EMERGENCY_LONGEST = 24 * 60

const FEWEST_WORDS = 3

/** Whether a reason says something: three words, or six characters of a script that puts no space between its words. */
export function saysWhy(reason: string): boolean {
  const ideographs = reason.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu)?.length ?? 0
  const words =
    reason.match(/[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Nd}'-]{2,}/gu)?.length ?? 0
  return words + ideographs / 2 >= FEWEST_WORDS
}

// --- POST /api/emergency/search: whether there are studies that I may not read, by an exact identifier
export const EmergencySearch = z.object({
  by: z.enum(['patient-id', 'accession-number']),
  value: z.string().trim().min(1).max(64),
})
export type EmergencySearch = z.infer<typeof EmergencySearch>
/** A patient of whom there are such studies. Nothing says who it is. */
export const EmergencyMatch = z.object({
  issuerOfPatientId: z.string(),
  studies: z.number(),
  modalities: z.array(z.string()),
  /** DICOM DA of the first and the last, or empty. */
  from: z.string(),
  to: z.string(),
})
export type EmergencyMatch = z.infer<typeof EmergencyMatch>
export const EmergencyMatches = z.object({ matches: z.array(EmergencyMatch) })

// --- POST /api/emergency: breaks the glass
export const RequestEmergency = EmergencySearch.extend({
  /** Of the match that is meant. */
  issuerOfPatientId: z.string().max(64),
  reasonCode: EmergencyReason,
  reason: z.string().trim().max(1000).refine(saysWhy, 'say why in a few words'),
  /** Once more: whoever sits at the screen is who is signed in. One of them, of those that `EmergencyState` names. */
  ...ProofGiven.shape,
})
export type RequestEmergency = z.infer<typeof RequestEmergency>

/** An access of mine that lasts. */
export const OwnEmergency = z.object({
  emergencyId: z.string(),
  patientName: PersonName.nullable(),
  patientId: z.string(),
  reasonCode: EmergencyReason,
  reason: z.string(),
  beganAt: z.string(),
  expiresAt: z.string(),
  /** The last of them first. */
  studies: z.array(
    z.object({
      studyInstanceUid: z.string(),
      studyDate: z.string(),
      studyDescription: z.string(),
      modalities: z.array(z.string()),
    }),
  ),
})
export type OwnEmergency = z.infer<typeof OwnEmergency>
// --- GET /api/emergency: whether I could, and what lasts of mine
export const EmergencyState = z.object({
  enabled: z.boolean(),
  /** There may be studies that I may not read: for whoever reads everything there is no glass. */
  needed: z.boolean(),
  minutes: z.number(),
  /** With what I can show who I am; with none, I sign in elsewhere, and having done so a moment ago is it. */
  proofs: z.array(ProofKind),
  mine: z.array(OwnEmergency),
})
export type EmergencyState = z.infer<typeof EmergencyState>

// --- GET /api/admin/emergency?state=open|closed; GET /api/admin/emergency/{id}
export const EmergencyQuery = z.object({ state: z.enum(['open', 'closed']).default('open') })
export const Verdict = z.enum(['justified', 'unjustified'])
const Somebody = z.object({ userId: z.string(), displayName: z.string(), email: z.string() })
export const ReviewedEmergency = z.object({
  emergencyId: z.string(),
  person: Somebody,
  patientName: PersonName.nullable(),
  patientId: z.string(),
  reasonCode: EmergencyReason,
  reason: z.string(),
  beganAt: z.string(),
  expiresAt: z.string(),
  endedAt: z.string().nullable(),
  /** It still lets somebody in. */
  lasts: z.boolean(),
  review: z.object({ person: Somebody, at: z.string(), verdict: Verdict, note: z.string() }).nullable(),
  /** What was read and taken away under it, as the record says. */
  opened: z.array(
    z.object({
      at: z.string(),
      event: z.string(),
      studyInstanceUid: z.string(),
      studyDate: z.string(),
      studyDescription: z.string(),
      modalities: z.array(z.string()),
    }),
  ),
})
export type ReviewedEmergency = z.infer<typeof ReviewedEmergency>
export const EmergencyList = z.object({ emergencies: z.array(ReviewedEmergency) })
// --- GET /api/admin/emergency/waiting: how many wait for a review
export const EmergencyWaiting = z.object({ waiting: z.number() })
// --- POST /api/admin/emergency/{id}/review: closes it, and ends it where it lasts
export const ReviewEmergency = z.object({ verdict: Verdict, note: z.string().trim().min(1).max(2000) })
export type ReviewEmergency = z.infer<typeof ReviewEmergency>
// --- GET, PUT /api/admin/emergency/settings
export const EmergencySettings = z.object({
  enabled: z.boolean(),
  minutes: z.number().int().min(EMERGENCY_SHORTEST).max(EMERGENCY_LONGEST),
})
export type EmergencySettings = z.infer<typeof EmergencySettings>
