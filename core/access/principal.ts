/** Roles of a person in an organisation; `core/access/policy.ts` says what each may do. */
export const ROLES = ['administrator', 'technician', 'radiologist', 'reviewer', 'auditor'] as const
export type Role = (typeof ROLES)[number]

/**
 * Who asks. Every function that touches patient data takes one as its second argument.
 * `system` is the archive itself (workers, the operator's command line); it acts for one organisation at a time.
 */
export type Principal =
  | {
      readonly kind: 'user'
      readonly userId: string
      readonly organisationId: string
      readonly roles: readonly Role[]
      /** Where the request came from, for the audit. */
      readonly address?: string | undefined
      /** True until a one-time password was changed: such a principal may do nothing else. */
      readonly mustChangePassword?: boolean
    }
  | { readonly kind: 'system'; readonly organisationId: string; readonly reason: string }
