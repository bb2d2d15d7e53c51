import { z } from 'zod'
import { ROLES } from '../access/principal.ts'

/** Who may read what: rules, groups and names of an organisation. */

const RoleName = z.enum(ROLES)
const Names = z.array(z.string().trim().min(1).max(200)).max(50)

export const RuleSubject = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('role'), role: RoleName }),
  z.object({ kind: z.literal('group'), groupId: z.string().max(40) }),
  z.object({ kind: z.literal('person'), userId: z.string().max(40) }),
])

/** All conditions hold; an empty list, or null, is none. */
export const NewRule = z.object({
  subject: RuleSubject,
  modalities: z.array(z.string().trim().toUpperCase().min(1).max(16)).max(50).default([]),
  /** Referring physicians. */
  referrers: Names.default([]),
  /** Studies of the last so many days. */
  days: z.number().int().min(1).max(36_500).nullable().default(null),
  expiresAt: z.iso.datetime().nullable().default(null),
})
export type NewRule = z.input<typeof NewRule>

export const AccessPage = z.object({
  /** Roles that read by rules alone. */
  ruledRoles: z.array(z.string()),
  rules: z.array(
    z.object({
      ruleId: z.string(),
      subject: RuleSubject,
      modalities: z.array(z.string()),
      referrers: z.array(z.string()),
      days: z.number().nullable(),
      expiresAt: z.string().nullable(),
    }),
  ),
  groups: z.array(z.object({ groupId: z.string(), name: z.string(), members: z.array(z.string()) })),
  people: z.array(
    z.object({
      userId: z.string(),
      name: z.string(),
      roles: z.array(z.string()),
      referrerNames: z.array(z.string()),
    }),
  ),
})
export type AccessPage = z.infer<typeof AccessPage>

export const RuledRoles = z.object({ roles: z.array(RoleName) })
export const KeepGroup = z.object({
  name: z.string().trim().min(1).max(100),
  members: z.array(z.string().max(40)).max(1_000),
})
export const ReferrerNames = z.object({ names: Names })

// PUT/DELETE /api/studies/{studyInstanceUid}/grants/{userId}; GET /api/studies/{studyInstanceUid}/grants
export const GrantPage = z.object({
  grants: z.array(
    z.object({
      userId: z.string(),
      email: z.string(),
      displayName: z.string(),
      expiresAt: z.string().nullable(),
    }),
  ),
})
