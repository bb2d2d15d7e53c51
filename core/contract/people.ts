import { z } from 'zod'
import { Role } from './api.ts'

/** Shapes of `/api/admin` and of invitations that are about how people of an organisation come in. */

// GET/PUT /api/admin/sign-in
export const SignInSettings = z.object({
  secondFactorRoles: z.array(Role),
  sessionIdleMinutes: z.number().int().min(5).max(1440),
  sessionHours: z.number().int().min(1).max(168),
})
export type SignInSettings = z.infer<typeof SignInSettings>

// GET /api/sign-in: whose archive it is, and where else people sign in, for everybody
export const SignInOptions = z.object({
  /** The organisation that runs the installation; null while it has neither a name of its own nor a logo. */
  organisation: z.object({ name: z.string(), logoUrl: z.string().nullable() }).nullable(),
  providers: z.array(z.object({ providerId: z.string(), name: z.string() })),
})
export type SignInOptions = z.infer<typeof SignInOptions>

// GET/POST /api/admin/invitations; POST …/{id}/link; DELETE …/{id}
export const Invitation = z.object({
  invitationId: z.string(),
  email: z.string(),
  displayName: z.string(),
  roles: z.array(Role),
  isExpired: z.boolean(),
  createdAt: z.string(),
  expiresAt: z.string(),
})
export type Invitation = z.infer<typeof Invitation>
export const InvitationPage = z.object({ invitations: z.array(Invitation) })
/** A link, which is shown once. */
export const InvitationLink = z.object({ url: z.string() })
export type InvitationLink = z.infer<typeof InvitationLink>

const InvitationToken = z.string().regex(/^[\w-]{43}$/)
// POST /api/invitations/look
export const LookInvitation = z.object({ token: InvitationToken })
export const InvitationLook = z.object({
  organisationName: z.string(),
  email: z.string(),
  displayName: z.string(),
  roles: z.array(Role),
})
export type InvitationLook = z.infer<typeof InvitationLook>
// POST /api/invitations/accept
export const AcceptInvitation = z.object({
  token: InvitationToken,
  displayName: z.string().trim().min(1).max(200),
  password: z.string().min(8).max(1024),
  language: z.enum(['en', 'zh-CN']),
})
