import { ACTIONS, principalCan } from '../../../core/access/policy.ts'
import type { Principal } from '../../../core/access/principal.ts'
import type { SessionUser } from '../../../core/contract/api.ts'
import type { OpenedShare } from '../../../core/identity/token-owner.ts'
import { logoUrl } from '../../../core/organisations/organisation-logo.ts'
import type { UserRow } from '../../../core/identity/user-table.ts'

/** Who is signed in, and what they may do once their password is their own. */
export function presentSession({
  user,
  principal,
  needsSecondFactor,
  share,
}: {
  user: UserRow
  principal: Principal
  needsSecondFactor: boolean
  share?: OpenedShare
}): SessionUser {
  const mustChangePassword = principal.kind === 'user' && principal.mustChangePassword === true
  const settled = { ...principal, mustChangePassword: false }
  return {
    userId: user.user_id,
    email: user.email,
    displayName: user.display_name,
    organisationName: user.organisation_name,
    organisationLogoUrl: logoUrl(user.organisation_logo_key),
    roles: user.roles,
    actions: ACTIONS.filter((action) => principalCan(settled, action)),
    language: user.language,
    mustChangePassword,
    mustAddSecondFactor: needsSecondFactor,
    share:
      share === undefined
        ? null
        : {
            handle: share.handle,
            studyInstanceUid: share.study_instance_uid,
            watermark: principal.kind === 'user' ? (principal.share?.watermark ?? null) : null,
            expiresAt: new Date(share.expires_at).toISOString(),
          },
  }
}
