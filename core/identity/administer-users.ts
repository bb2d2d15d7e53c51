import type { Principal, Role } from '../access/principal.ts'
import { recordAudit } from '../audit/record-audit.ts'
import { YunyingError } from '../errors.ts'
import type { Pacs } from '../pacs.ts'
import { hashNewPassword, hashPassword } from './password.ts'
import { publishRegistry } from './registry.ts'
import { newOneTimePassword } from './secret-token.ts'
import { distrustBrowsers } from './trusted-browser.ts'
import { getUser, insertUser, updateUser, type UserRow } from './user-table.ts'

/** A new person of the principal's organisation, with a one-time password that is shown once unless one was given. */
export async function createUser(
  pacs: Pacs,
  principal: Principal,
  input: { email: string; displayName: string; roles: readonly Role[]; password?: string | undefined },
): Promise<{ user: UserRow; oneTimePassword: string | undefined }> {
  const oneTimePassword = newOneTimePassword()
  const passwordHash =
    input.password === undefined
      ? await hashPassword(oneTimePassword)
      : await hashNewPassword(input.password, { email: input.email, display_name: input.displayName })
  const userId = await pacs.database.transaction(async (tx) => {
    const id = await insertUser(tx, {
      organisationId: principal.organisationId,
      email: input.email.trim(),
      displayName: input.displayName.trim(),
      roles: input.roles,
      passwordHash,
      mustChangePassword: input.password === undefined,
    })
    await recordAudit(tx, principal, {
      event: 'configuration-changed',
      outcome: 'success',
      detail: { change: 'user-created', subject: id, roles: input.roles.join(',') },
    })
    return id
  })
  await publishRegistry(pacs)
  return {
    user: await getUser(pacs.database, principal.organisationId, userId),
    oneTimePassword: input.password === undefined ? oneTimePassword : undefined,
  }
}

/**
 * Changes roles, or shuts an account out (its sessions end at once). Errors: 'conflict' code 'last-administrator':
 * an organisation always keeps one person who can let others in.
 */
export async function changeUser(
  pacs: Pacs,
  principal: Principal,
  userId: string,
  change: { roles?: readonly Role[] | undefined; disabled?: boolean | undefined },
): Promise<UserRow> {
  const user = await getUser(pacs.database, principal.organisationId, userId)
  await pacs.database.transaction(async (tx) => {
    await updateUser(tx, user.user_id, change)
    const administrators = await tx.query(
      `select 1 from app_user where organisation_id = $1 and 'administrator' = any(roles) and disabled_at is null limit 1`,
      [principal.organisationId],
    )
    if (administrators.length === 0) {
      throw new YunyingError(
        'conflict',
        'last-administrator',
        'This is the last administrator. Make somebody else an administrator first.',
      )
    }
    if (change.disabled === true) await tx.query('delete from session where user_id = $1', [user.user_id])
    await recordAudit(tx, principal, {
      event: 'configuration-changed',
      outcome: 'success',
      detail: {
        change: 'user-changed',
        subject: user.user_id,
        ...(change.roles ? { roles: change.roles.join(',') } : {}),
        ...(change.disabled === undefined ? {} : { disabled: change.disabled }),
      },
    })
  })
  await publishRegistry(pacs)
  return getUser(pacs.database, principal.organisationId, userId)
}

/** A new one-time password for somebody who lost theirs; ends their sessions. */
export async function resetPassword(
  pacs: Pacs,
  principal: Principal,
  user: UserRow,
  password?: string,
): Promise<string | undefined> {
  const oneTimePassword = password === undefined ? newOneTimePassword() : undefined
  const passwordHash =
    password === undefined ? await hashPassword(oneTimePassword ?? '') : await hashNewPassword(password, user)
  await pacs.database.transaction(async (tx) => {
    await updateUser(tx, user.user_id, { passwordHash, mustChangePassword: oneTimePassword !== undefined })
    await tx.query('delete from session where user_id = $1', [user.user_id])
    await distrustBrowsers(tx, user.user_id)
    await recordAudit(tx, principal, {
      event: 'configuration-changed',
      outcome: 'success',
      detail: { change: 'password-reset', subject: user.user_id },
    })
  })
  await publishRegistry(pacs)
  return oneTimePassword
}
