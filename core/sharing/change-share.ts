import { principalCan } from '../access/policy.ts'
import type { Principal } from '../access/principal.ts'
import { recordAudit } from '../audit/record-audit.ts'
import { YunyingError, notFound } from '../errors.ts'
import { hashPassword } from '../identity/password.ts'
import { publishRegistry } from '../identity/registry.ts'
import type { Pacs } from '../pacs.ts'
import { newOneTimeCode } from './one-time-code.ts'
import { listShareRows, type ShareRow } from './share-link.ts'

/** The links that this principal looks after: their own; those who rule over rights, everybody's of the organisation. */
export async function listShares(
  pacs: Pick<Pacs, 'database'>,
  principal: Principal,
  which: { studyId?: string } = {},
): Promise<ShareRow[]> {
  return listShareRows(pacs.database, principal.organisationId, { ...which, ...ownOnly(principal) })
}

/** A link that this principal looks after. Errors: 'not-found' code 'share-not-found'. */
export async function getShare(
  pacs: Pick<Pacs, 'database'>,
  principal: Principal,
  shareId: string,
): Promise<ShareRow> {
  const [share] = await listShareRows(pacs.database, principal.organisationId, {
    shareId,
    ...ownOnly(principal),
  })
  if (share === undefined) throw notFound('share-not-found', 'There is no such link of yours.')
  return share
}

const ownOnly = (principal: Principal): { createdBy?: string } =>
  principal.kind === 'system' || principalCan(principal, 'access.manage')
    ? {}
    : { createdBy: principal.userId }

export interface ShareOpening {
  readonly opened_at: Date
  readonly address: string | null
  readonly user_agent: string | null
}

/** When and from where a link was opened, the newest first. */
export const listOpenings = (pacs: Pick<Pacs, 'database'>, share: ShareRow): Promise<ShareOpening[]> =>
  pacs.database.query<ShareOpening>(
    `select opened_at, address, user_agent from share_opening where share_id = $1 order by opened_at desc limit 200`,
    [share.share_id],
  )

/** Takes a link back: who has it open is out within seconds. Taking it back twice changes nothing. */
export async function revokeShare(pacs: Pacs, principal: Principal, shareId: string): Promise<void> {
  const share = await getShare(pacs, principal, shareId)
  if (share.revoked_at !== null) return
  await pacs.database.transaction(async (tx) => {
    await tx.query(
      'update share_link set revoked_at = now(), revoked_by = $2 where share_id = $1 and revoked_at is null',
      [share.share_id, principal.kind === 'user' ? principal.userId : null],
    )
    await tx.query('delete from session where user_id = $1', [share.guest_id])
    await tx.query('delete from study_grant where user_id = $1', [share.guest_id])
    await tx.query(`select pg_notify('access_changed', $1)`, [share.guest_id])
    await auditChange(tx, principal, share, 'share-revoked')
  })
  await publishRegistry(pacs)
}

/**
 * A new code for a link that was opened, or whose code was lost: whoever opened it before is out. Errors: 'conflict'
 * code 'share-without-code'.
 */
export async function renewCode(pacs: Pacs, principal: Principal, shareId: string): Promise<string> {
  const share = await getShare(pacs, principal, shareId)
  if (!share.one_time_code || share.revoked_at !== null)
    throw new YunyingError('conflict', 'share-without-code', 'This link has no code that could be renewed.')
  const code = newOneTimeCode()
  const passphraseHash = await hashPassword(code)
  await pacs.database.transaction(async (tx) => {
    await tx.query(
      `update share_link set passphrase_hash = $2, code_used_at = null, wrong_guesses = 0, guess_after = null
       where share_id = $1`,
      [share.share_id, passphraseHash],
    )
    await tx.query('delete from session where user_id = $1', [share.guest_id])
    await tx.query(`select pg_notify('access_changed', $1)`, [share.guest_id])
    await auditChange(tx, principal, share, 'share-code-renewed')
  })
  await publishRegistry(pacs)
  return code
}

const auditChange = (
  tx: Parameters<typeof recordAudit>[0],
  principal: Principal,
  share: ShareRow,
  change: string,
): Promise<void> =>
  recordAudit(tx, principal, {
    event: 'configuration-changed',
    outcome: 'success',
    studyId: share.study_id,
    studyInstanceUid: share.study_instance_uid,
    detail: { change, subject: share.guest_id, share: share.share_id },
  })
