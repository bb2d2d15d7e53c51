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

// GET /api/sign-in: where else people sign in, for everybody
export const SignInOptions = z.object({
  providers: z.array(z.object({ providerId: z.string(), name: z.string() })),
})
