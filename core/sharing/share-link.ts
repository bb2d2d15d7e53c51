import type { Queryable, SqlValue } from '../ports/database.ts'
import type { ShareRight } from '../contract/share-rights.ts'

/** What of the study is shown: these series, or these instances, by UID. One of the lists is empty. */
export interface ShareSelection {
  readonly series: readonly string[]
  readonly instances: readonly string[]
}

/** An instance that is not in the copy, and why: a stable code. */
export interface RefusedInstance {
  readonly sopInstanceUid: string
  readonly code: string
}

export interface ShareRow {
  readonly share_id: string
  readonly organisation_id: string
  readonly handle: string
  readonly token_hash: Buffer
  readonly guest_id: string
  readonly recipient_name: string
  readonly recipient_email: string
  readonly study_id: string
  readonly study_instance_uid: string
  readonly created_by: string | null
  readonly maker_name: string | null
  readonly created_at: Date
  readonly rights: ShareRight[]
  readonly passphrase_hash: string | null
  readonly one_time_code: boolean
  readonly code_used_at: Date | null
  readonly expires_at: Date
  readonly most_opens: number | null
  readonly opens: number
  readonly last_opened_at: Date | null
  readonly watermark: boolean
  readonly selection: ShareSelection | null
  /** DeidentifyOptions, where the copy is de-identified. */
  readonly deidentify: Readonly<Record<string, unknown>> | null
  readonly vault_id: string | null
  readonly instances_done: number
  /** Work on the copy was given up; a person may ask for it again. */
  readonly copy_failed: boolean
  readonly instances_total: number
  readonly ready_at: Date | null
  readonly refused: RefusedInstance[]
  readonly wrong_guesses: number
  readonly guess_after: Date | null
  readonly revoked_at: Date | null
}

const SELECT = `select l.*, s.study_instance_uid, g.display_name as recipient_name, g.email as recipient_email,
  coalesce(nullif(m.display_name, ''), m.email) as maker_name,
  exists (select 1 from work_item w where w.kind = 'prepare-share' and w.key = l.share_id and w.state = 'failed')
    as copy_failed,
  (select max(o.opened_at) from share_opening o where o.share_id = l.share_id) as last_opened_at
  from share_link l join study s using (study_id) join app_user g on g.user_id = l.guest_id
  left join app_user m on m.user_id = l.created_by`

/** The link of a handle, whichever organisation's it is: it is found by those who hold it. */
export async function findShareByHandle(database: Queryable, handle: string): Promise<ShareRow | undefined> {
  const [row] = await database.query<ShareRow>(`${SELECT} where l.handle = $1`, [handle])
  return row
}

/** Links of an organisation, the newest first, narrowed by what is given. */
export async function listShareRows(
  database: Queryable,
  organisationId: string,
  which: { studyId?: string; createdBy?: string; shareId?: string },
): Promise<ShareRow[]> {
  const params: SqlValue[] = [organisationId]
  const where = ['l.organisation_id = $1']
  if (which.studyId !== undefined) where.push(`l.study_id = $${params.push(which.studyId)}`)
  if (which.createdBy !== undefined) where.push(`l.created_by = $${params.push(which.createdBy)}`)
  if (which.shareId !== undefined) where.push(`l.share_id::text = $${params.push(which.shareId)}`)
  return database.query<ShareRow>(
    `${SELECT} where ${where.join(' and ')} order by l.created_at desc, l.share_id limit 500`,
    params,
  )
}

/** What a link is now; each but `open` has a page that says what to do next. */
export type ShareState =
  'preparing' | 'failed' | 'open' | 'used-up' | 'bound' | 'locked' | 'expired' | 'revoked'

/** `failed`: there is no copy that it could show. `bound`: its code was used, by somebody who may be somebody else. `locked`: too many wrong guesses, for a while. */
export function shareState(share: ShareRow, now: number): ShareState {
  if (isWithoutCopy(share)) return 'failed'
  if (share.revoked_at !== null) return 'revoked'
  if (share.expires_at.getTime() <= now) return 'expired'
  if (share.ready_at === null) return share.copy_failed ? 'failed' : 'preparing'
  if (share.one_time_code && share.code_used_at !== null) return 'bound'
  if (share.most_opens !== null && share.opens >= share.most_opens) return 'used-up'
  if (share.guess_after !== null && share.guess_after.getTime() > now) return 'locked'
  return 'open'
}

/** Its copy was made and nothing could be in it (core/sharing/prepare-vault.ts). */
const isWithoutCopy = (share: ShareRow): boolean =>
  (share.selection !== null || share.deidentify !== null) &&
  share.revoked_at !== null &&
  share.ready_at !== null &&
  share.instances_done === 0
