import type { Principal } from '../access/principal.ts'
import { recordAudit } from '../audit/record-audit.ts'
import { YunyingError } from '../errors.ts'
import { passwordMatches } from '../identity/password.ts'
import type { Pacs } from '../pacs.ts'

/**
 * Whoever is signed in says their password once more. The caller limits how often. Errors: 'invalid' code
 * 'password-wrong', recorded.
 */
export async function reauthenticatePassword(
  pacs: Pick<Pacs, 'database'>,
  principal: Principal & { kind: 'user' },
  password: string,
): Promise<void> {
  const [user] = await pacs.database.query<{ password_hash: string | null }>(
    'select password_hash from app_user where user_id = $1 and disabled_at is null',
    [principal.userId],
  )
  if (await passwordMatches(user?.password_hash, password)) return
  await recordAudit(pacs.database, principal, {
    event: 'user-authentication',
    outcome: 'denied',
    detail: { purpose: 'emergency' },
  })
  throw new YunyingError('invalid', 'password-wrong', 'The password is not right.')
}
