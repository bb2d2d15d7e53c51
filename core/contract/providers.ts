import { z } from 'zod'
import { Role } from './api.ts'

/** Identity providers of an organisation (OpenID Connect), as its administrators set them up. */
export const ProviderTerms = z.object({
  /** On its button. */
  name: z.string().trim().min(1).max(60),
  /** https */
  issuer: z.string().trim().max(500),
  clientId: z.string().trim().min(1).max(500),
  /** Undefined: as it is; null: none (a public client). Never answered. */
  clientSecret: z.string().min(1).max(2000).nullable().optional(),
  groupClaim: z.string().trim().min(1).max(200).nullable(),
  groupRoles: z.array(z.object({ group: z.string().trim().min(1).max(300), role: Role })).max(200),
  /** Whether somebody who is not known here gets an account, with the roles of their groups. */
  createsPeople: z.boolean(),
  /** On everybody's sign-in page: for the operator's own organisation. Otherwise by its own address alone. */
  listed: z.boolean(),
})
export type ProviderTerms = z.infer<typeof ProviderTerms>

export const Provider = ProviderTerms.omit({ clientSecret: true }).extend({
  providerId: z.string(),
  hasSecret: z.boolean(),
  disabled: z.boolean(),
  /** Who came by it. */
  people: z.number(),
  /** Where its people begin. */
  signInUrl: z.string(),
})
export type Provider = z.infer<typeof Provider>

// --- GET /api/admin/providers; POST; PUT …/{provider}; PUT …/{provider}/disabled; DELETE …/{provider}
export const ProviderPage = z.object({
  providers: z.array(Provider),
  /** What the provider has to be told of us. */
  redirectUrl: z.string(),
  /** Whether a provider can be on the sign-in page of all. */
  mayList: z.boolean(),
})
export type ProviderPage = z.infer<typeof ProviderPage>
export const AddedProvider = z.object({ providerId: z.string() })
export const DisableProvider = z.object({ disabled: z.boolean() })
// --- POST /api/admin/providers/{provider}/check: asks the provider who it is (discovery)
export const ProviderCheck = z.object({
  reachable: z.boolean(),
  /** Its host, where somebody will sign in. */
  host: z.string(),
})
export type ProviderCheck = z.infer<typeof ProviderCheck>
