import { z } from 'zod'

/** Languages that the pages speak. */
const Language = z.enum(['en', 'zh-CN'])
const Name = z.string().trim().min(1).max(100)
/** PS3.5 6.2: 1 to 16 printable characters without a backslash, spaces at its ends apart. */
const AeTitle = z.string().regex(/^[\x21-\x5b\x5d-\x7e](?:[\x20-\x5b\x5d-\x7e]{0,14}[\x21-\x5b\x5d-\x7e])?$/)
const TimeZone = z.string().min(1).max(64)
const Bytes = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER)

/** What an organisation is to its own administrators. */
export const Organisation = z.object({
  organisationId: z.string(),
  name: z.string(),
  aeTitle: z.string().nullable(),
  /** IANA, such as Asia/Shanghai: where its days begin. */
  timeZone: z.string(),
  /** What its people read before they choose; null: what their browser asks for. */
  language: Language.nullable(),
  /** Bytes it may keep; null: as much as there is room for. Set by the operator. */
  quotaBytes: z.number().nullable(),
  keptBytes: z.number(),
  /** Address of its logo; null without one. */
  logoUrl: z.string().nullable(),
  createdAt: z.string(),
})
export type Organisation = z.infer<typeof Organisation>

// PATCH /api/admin/organisation
export const ChangeOrganisation = z
  .object({ name: Name, timeZone: TimeZone, language: Language.nullable() })
  .partial()
export type ChangeOrganisation = z.infer<typeof ChangeOrganisation>

// GET /api/admin/organisations: what the operator sees of each, which is nothing of what it keeps but how much
export const OrganisationList = z.object({
  organisations: z.array(
    Organisation.extend({
      studies: z.number(),
      people: z.number(),
      /** Beside what it keeps: HTJ2K renditions, which can always be made again. */
      renditionBytes: z.number(),
    }),
  ),
})
export type OrganisationList = z.infer<typeof OrganisationList>

// POST /api/admin/organisations
export const CreateOrganisation = z.object({
  name: Name,
  aeTitle: AeTitle.nullable().default(null),
  timeZone: TimeZone.default('UTC'),
  language: Language.nullable().default(null),
  quotaBytes: Bytes.nullable().default(null),
  /** Of its first administrator. */
  adminEmail: z.string().trim().min(3).max(254),
})
export type CreateOrganisation = z.infer<typeof CreateOrganisation>
export const CreatedOrganisation = z.object({
  organisation: Organisation,
  adminEmail: z.string(),
  /** Shown once. */
  oneTimePassword: z.string(),
})
export type CreatedOrganisation = z.infer<typeof CreatedOrganisation>

// PATCH /api/admin/organisations/{organisation}
export const ManageOrganisation = ChangeOrganisation.extend({
  aeTitle: AeTitle.nullable().optional(),
  quotaBytes: Bytes.nullable().optional(),
})
export type ManageOrganisation = z.infer<typeof ManageOrganisation>

// GET /api/admin/usage?days=90
export const UsageQuery = z.object({ days: z.coerce.number().int().min(1).max(400).default(90) })
export const Usage = z.object({
  quotaBytes: z.number().nullable(),
  keptBytes: z.number(),
  /** Oldest first, one for each day of the organisation's time zone; null where nothing was measured. */
  days: z.array(
    z.object({
      /** YYYY-MM-DD */
      day: z.string(),
      keptBytes: z.number().nullable(),
      studies: z.number().nullable(),
      servedBytes: z.number(),
      activeUsers: z.number(),
    }),
  ),
})
export type Usage = z.infer<typeof Usage>

// GET /api/uploads/room
export const UploadRoom = z.object({
  quotaBytes: z.number().nullable(),
  keptBytes: z.number(),
  /** Bytes that may still come; null without a quota. */
  leftBytes: z.number().nullable(),
})
export type UploadRoom = z.infer<typeof UploadRoom>
