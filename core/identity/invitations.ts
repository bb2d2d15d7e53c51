import { randomUUID } from 'node:crypto'
import type { PersonRole, Principal } from '../access/principal.ts'
import { recordAudit } from '../audit/record-audit.ts'
import { YunyingError, notFound } from '../errors.ts'
import type { Pacs } from '../pacs.ts'
import type { Queryable } from '../ports/database.ts'
import { beginSession, type Comer, type SignedIn } from './begin-session.ts'
import { hashNewPassword } from './password.ts'
import { publishRegistry } from './registry.ts'
import { hashSecretToken, newSecretToken } from './secret-token.ts'
import { findUserByEmail, getUser, insertUser, updateUser } from './user-table.ts'

/** How long a link may be used. Days. */
const OPEN_DAYS = 7

export interface InvitationRow {
  readonly invitation_id: string
  readonly organisation_id: string
  readonly organisation_name: string
  readonly email: string
  readonly display_name: string
  readonly roles: PersonRole[]
  readonly created_at: Date
  readonly expires_at: Date
  readonly accepted_at: Date | null
  readonly revoked_at: Date | null
}

export type InvitationState = 'open' | 'accepted' | 'expired' | 'revoked'

export function invitationState(row: InvitationRow, now: number): InvitationState {
  if (row.accepted_at !== null) return 'accepted'
  if (row.revoked_at !== null) return 'revoked'
  return row.expires_at.getTime() <= now ? 'expired' : 'open'
}

const SELECT = `select i.invitation_id, i.organisation_id, o.name as organisation_name, i.email, i.display_name, i.roles,
  i.created_at, i.expires_at, i.accepted_at, i.revoked_at from invitation i join organisation o using (organisation_id)`

/** Invitations that nobody has accepted and nobody has taken back, the newest first. */
export async function listInvitations(database: Queryable, organisationId: string): Promise<InvitationRow[]> {
  return database.query<InvitationRow>(
    `${SELECT} where i.organisation_id = $1 and i.accepted_at is null and i.revoked_at is null order by i.created_at desc`,
    [organisationId],
  )
}

/**
 * Invites a person: answers the token of their link, which is kept only as a hash. An earlier invitation of this address is
 * taken back. Errors: 'conflict' code 'user-exists'.
 */
export async function invite(
  pacs: Pacs,
  principal: Principal,
  input: { email: string; displayName: string; roles: readonly PersonRole[] },
): Promise<{ invitationId: string; token: string }> {
  const email = input.email.trim()
  if ((await findUserByEmail(pacs.database, email)) !== undefined)
    throw new YunyingError('conflict', 'user-exists', 'This e-mail address already has an account.')
  const [token, invitationId] = [newSecretToken(), randomUUID()]
  await pacs.database.transaction(async (tx) => {
    await tx.query(
      `update invitation set revoked_at = now() where organisation_id = $1 and lower(email) = lower($2)
         and accepted_at is null and revoked_at is null`,
      [principal.organisationId, email],
    )
    await tx.query(
      `insert into invitation (invitation_id, organisation_id, token_hash, email, display_name, roles, invited_by, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7, now() + make_interval(days => ${OPEN_DAYS}))`,
      [
        invitationId,
        principal.organisationId,
        hashSecretToken(token),
        email,
        input.displayName.trim(),
        input.roles,
        principal.kind === 'user' ? principal.userId : null,
      ],
    )
    await audit(tx, principal, 'invited', invitationId, { roles: input.roles.join(',') })
  })
  await publishRegistry(pacs)
  return { invitationId, token }
}

/** A new link in place of the earlier one, for as long again. Errors: 'not-found' code 'invitation-unknown'. */
export async function renewInvitation(
  pacs: Pacs,
  principal: Principal,
  invitationId: string,
): Promise<{ token: string }> {
  const token = newSecretToken()
  await change(pacs, principal, invitationId, 'invitation-renewed', {
    set: `token_hash = $3, expires_at = now() + make_interval(days => ${OPEN_DAYS})`,
    params: [hashSecretToken(token)],
  })
  return { token }
}

/** Its link opens no more. Errors: 'not-found' code 'invitation-unknown'. */
export async function revokeInvitation(
  pacs: Pacs,
  principal: Principal,
  invitationId: string,
): Promise<void> {
  await change(pacs, principal, invitationId, 'invitation-revoked', { set: 'revoked_at = now()', params: [] })
}

async function change(
  pacs: Pacs,
  principal: Principal,
  invitationId: string,
  what: string,
  { set, params }: { set: string; params: readonly Buffer[] },
): Promise<void> {
  await pacs.database.transaction(async (tx) => {
    const rows = await tx.query(
      `update invitation set ${set} where organisation_id = $1 and invitation_id::text = $2
         and accepted_at is null and revoked_at is null returning 1`,
      [principal.organisationId, invitationId, ...params],
    )
    if (rows.length === 0) throw unknown()
    await audit(tx, principal, what, invitationId)
  })
  await publishRegistry(pacs)
}

/** The invitation of a link, while it is open. Errors: 'not-found' code 'invitation-unknown'; 'conflict' code 'invitation-accepted', … */
export async function getInvitationByToken(
  pacs: Pick<Pacs, 'database' | 'clock'>,
  token: string,
): Promise<InvitationRow> {
  const [row] = await pacs.database.query<InvitationRow>(`${SELECT} where i.token_hash = $1`, [
    hashSecretToken(token),
  ])
  if (row === undefined) throw unknown()
  const state = invitationState(row, pacs.clock.now())
  if (state !== 'open') throw new YunyingError('conflict', `invitation-${state}`, REASONS[state])
  return row
}

const REASONS = {
  accepted: 'This invitation was used already. Sign in, or ask for a new password.',
  expired: 'This invitation has expired. Ask whoever sent it for a new one.',
  revoked: 'This invitation was taken back. Ask whoever sent it.',
}

/**
 * The account of whoever was invited, and a session in it. A link is used once, however often it is pressed. Errors: as
 * `getInvitationByToken`; 'invalid' code 'password-too-short', 'password-common'; 'conflict' code 'user-exists'.
 */
export async function acceptInvitation(
  pacs: Pacs,
  input: Comer & { token: string; displayName: string; password: string; language: string },
): Promise<SignedIn> {
  const invitation = await getInvitationByToken(pacs, input.token)
  const { email, organisation_id: organisationId, invitation_id: invitationId, roles } = invitation
  const displayName = input.displayName.trim()
  const passwordHash = await hashNewPassword(input.password, { email, display_name: displayName })
  const userId = await pacs.database.transaction(async (tx) => {
    const taken = await tx.query(
      `update invitation set accepted_at = now() where invitation_id = $1 and accepted_at is null and revoked_at is null
         and expires_at > now() and token_hash = $2 returning 1`,
      [invitationId, hashSecretToken(input.token)],
    )
    if (taken.length === 0) throw new YunyingError('conflict', 'invitation-accepted', REASONS.accepted)
    const id = await insertUser(tx, {
      organisationId,
      email,
      displayName,
      roles,
      passwordHash,
      mustChangePassword: false,
    })
    await updateUser(tx, id, { language: input.language })
    const principal: Principal = { kind: 'user', userId: id, organisationId, roles, address: input.address }
    await audit(tx, principal, 'invitation-accepted', invitationId, { roles: roles.join(',') })
    return id
  })
  await publishRegistry(pacs)
  const user = await getUser(pacs.database, organisationId, userId)
  return beginSession(pacs, user, { ...input, method: 'invitation' })
}

const unknown = (): YunyingError =>
  notFound('invitation-unknown', 'There is no such invitation. Check that the whole link was copied.')

async function audit(
  tx: Queryable,
  principal: Principal,
  change: string,
  invitationId: string,
  detail: Readonly<Record<string, string>> = {},
): Promise<void> {
  await recordAudit(tx, principal, {
    event: 'configuration-changed',
    outcome: 'success',
    detail: { change, invitation: invitationId, ...detail },
  })
}
