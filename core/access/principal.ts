/** Roles that an administrator gives to a person of the organisation; `core/access/policy.ts` says what each may do. */
export const ROLES = [
  'administrator',
  'technician',
  'radiologist',
  'referring',
  'reviewer',
  'auditor',
] as const
export type PersonRole = (typeof ROLES)[number]

/** Also the roles of accounts that are made for a purpose: the guest of a share link, a patient. */
export type Role = PersonRole | 'guest' | 'patient'

/** Studies that a rule of the organisation lets somebody read: all of its conditions hold; an empty list is none. */
export interface ReadingRule {
  readonly modalities: readonly string[]
  /** Folded names (core/archive/fold-text.ts) of referring physicians. */
  readonly referrers: readonly string[]
  /** Of the last so many days, by Study Date. */
  readonly days: number | null
}

/** What a share link was opened with. */
export interface ShareAccess {
  readonly shareId: string
  readonly handle: string
  /** Over every image that is served: null where its maker wants none. */
  readonly watermark: string | null
  /** What the record says was read, where the guest reads a copy of it. */
  readonly original?: { readonly studyId: string; readonly studyInstanceUid: string }
}

interface UserPrincipal {
  readonly kind: 'user'
  readonly userId: string
  /** Whose rows are read. */
  readonly organisationId: string
  /** Whose record says what was done, where it is another's: the guest of a copy is watched by whoever shared it. */
  readonly auditOrganisationId?: string
  readonly roles: readonly Role[]
  /** Of the default organisation, whose administrators run the installation for all. */
  readonly isOperator?: boolean
  /** Where given, what of that the roles allow is left: the scope of a token, the rights of a share link. */
  readonly actions?: readonly string[]
  /** Roles of the organisation that read by its rules alone. */
  readonly ruledRoles?: readonly string[]
  readonly rules?: readonly ReadingRule[]
  /** Folded names under which this person refers patients. */
  readonly referrerNames?: readonly string[]
  readonly share?: ShareAccess
  /** Where the request came from, for the audit. */
  readonly address?: string | undefined
  /** True until a one-time password was changed: such a principal may do nothing else. */
  readonly mustChangePassword?: boolean
}

/**
 * Who asks. Every function that touches patient data takes one as its second argument.
 * `system` is the archive itself (workers, the operator's command line); it acts for one organisation at a time.
 */
export type Principal =
  UserPrincipal | { readonly kind: 'system'; readonly organisationId: string; readonly reason: string }
