import type { Principal } from '../access/principal.ts'
import { recordAudit } from '../audit/record-audit.ts'
import { YunyingError, notFound } from '../errors.ts'
import { openSession } from '../identity/open-session.ts'
import { passwordMatches } from '../identity/password.ts'
import type { Pacs } from '../pacs.ts'
import type { Queryable } from '../ports/database.ts'
import { codeOf } from './one-time-code.ts'
import { findShareByHandle, shareState, type ShareRow, type ShareState } from './share-link.ts'
import { parseShareToken, secretMatches } from './share-token.ts'

/** A guest's session ends after this long, and with its link. */
const SESSION_HOURS = 12
/** Wrong guesses at a passphrase before the link waits. */
const FREE_GUESSES = 5
const WAIT_MINUTES = 15

const ERRORS: Readonly<Record<Exclude<ShareState, 'open'>, string>> = {
  preparing: 'The images are still being prepared. Try again in a moment.',
  failed: 'The images of this link could not be prepared. Ask whoever sent it.',
  'used-up': 'This link was opened as often as it may be. Ask whoever sent it for a new one.',
  bound: 'The code of this link was used already. Ask whoever sent it for a new code.',
  locked: 'Too many wrong tries. Wait a quarter of an hour.',
  expired: 'This link has ended. Ask whoever sent it for a new one.',
  revoked: 'This link was taken back by whoever sent it.',
}

/** The link of a token. Errors: 'not-found' code 'share-unknown', the same for a wrong handle and a wrong secret. */
export async function getShareByToken(pacs: Pick<Pacs, 'database'>, token: string): Promise<ShareRow> {
  const parts = parseShareToken(token)
  const share = parts && (await findShareByHandle(pacs.database, parts.handle))
  if (share === undefined || parts === undefined || !secretMatches(share.token_hash, parts.secret))
    throw notFound(
      'share-unknown',
      'This link is not right. Check that all of it was copied, or ask for it again.',
    )
  return share
}

/**
 * Opens a link: a session for its guest. Errors: 'not-found' code 'share-unknown'; 'conflict' codes `share-` and the state;
 * 'unauthenticated' code 'share-secret-wrong'. An opening, and a wrong guess, is in the record of the maker's organisation.
 */
export async function openShare(
  pacs: Pacs,
  input: { token: string; secret?: string | undefined; address: string; userAgent?: string | undefined },
): Promise<{ share: ShareRow; session: { token: string; expiresAt: Date } }> {
  const share = await getShareByToken(pacs, input.token)
  const now = pacs.clock.now()
  requireOpen(share, now)
  const guest = guestOf(share, input.address)
  if (share.passphrase_hash !== null) await takeGuess(pacs.database, share)
  if (!(await secretIsRight(share, input.secret))) await refuseGuess(pacs, share, guest)
  const expiresAt = new Date(Math.min(now + SESSION_HOURS * 3_600_000, share.expires_at.getTime()))
  const token = await pacs.database.transaction(async (tx) => {
    await countOpening(tx, share, input)
    await recordAudit(tx, guest, {
      event: 'user-authentication',
      outcome: 'success',
      studyId: share.study_id,
      studyInstanceUid: share.study_instance_uid,
      detail: { share: share.share_id },
    })
    return openSession(tx, share.guest_id, {
      method: 'link',
      expiresAt,
      userAgent: input.userAgent,
      address: input.address,
    })
  })
  return { share, session: { token, expiresAt } }
}

function requireOpen(share: ShareRow, now: number): void {
  const state = shareState(share, now)
  if (state === 'open') return
  throw new YunyingError('conflict', `share-${state}`, ERRORS[state])
}

/** One more opening, unless another took the last one meanwhile. */
async function countOpening(
  tx: Queryable,
  share: ShareRow,
  { address, userAgent }: { address: string; userAgent?: string | undefined },
): Promise<void> {
  const counted = await tx.query(
    `update share_link set opens = opens + 1, wrong_guesses = 0, guess_after = null,
       code_used_at = case when one_time_code then now() end
     where share_id = $1 and revoked_at is null and (most_opens is null or opens < most_opens)
       and not (one_time_code and code_used_at is not null) returning 1`,
    [share.share_id],
  )
  if (counted.length === 0) throw new YunyingError('conflict', 'share-used-up', ERRORS['used-up'])
  await tx.query(
    'insert into share_opening (share_id, organisation_id, address, user_agent) values ($1, $2, $3, $4)',
    [share.share_id, share.organisation_id, address, userAgent?.slice(0, 300) ?? null],
  )
  // Whoever made it is told at once.
  await tx.query(`select pg_notify('share_changed', $1)`, [
    JSON.stringify({
      organisationId: share.organisation_id,
      userId: share.created_by,
      shareId: share.share_id,
      change: 'opened',
    }),
  ])
}

async function secretIsRight(share: ShareRow, secret: string | undefined): Promise<boolean> {
  if (share.passphrase_hash === null) return true
  if (secret === undefined) return false
  return passwordMatches(share.passphrase_hash, share.one_time_code ? codeOf(secret) : secret)
}

/** Counted as wrong before it is looked at: of many that come at once, no more are looked at than of those that come one by one. */
async function takeGuess(database: Queryable, share: ShareRow): Promise<void> {
  const taken = await database.query(
    `update share_link set wrong_guesses = wrong_guesses + 1,
       guess_after = case when (wrong_guesses + 1) % ${FREE_GUESSES} = 0
         then now() + interval '${WAIT_MINUTES} minutes' else guess_after end
     where share_id = $1 and (guess_after is null or guess_after <= now()) returning 1`,
    [share.share_id],
  )
  if (taken.length === 0) throw new YunyingError('conflict', 'share-locked', ERRORS.locked)
}

async function refuseGuess(pacs: Pacs, share: ShareRow, guest: Principal): Promise<never> {
  await recordAudit(pacs.database, guest, {
    event: 'user-authentication',
    outcome: 'denied',
    studyId: share.study_id,
    studyInstanceUid: share.study_instance_uid,
    detail: { share: share.share_id },
  })
  throw new YunyingError(
    'unauthenticated',
    'share-secret-wrong',
    share.one_time_code
      ? 'The code is not right. Check it with whoever sent the link.'
      : 'The passphrase is not right. Check it with whoever sent the link.',
  )
}

/** The guest as who knocks. */
const guestOf = (share: ShareRow, address: string): Principal => ({
  kind: 'user',
  userId: share.guest_id,
  organisationId: share.organisation_id,
  roles: ['guest'],
  actions: [],
  address,
})
