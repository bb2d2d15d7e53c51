import { recordAudit } from '../audit/record-audit.ts'
import { getUser } from '../identity/user-table.ts'
import { publishRegistry } from '../identity/registry.ts'
import type { Pacs } from '../pacs.ts'
import type { Principal } from './principal.ts'
import type { ReadableStudy } from './require-study.ts'

export interface StudyGrant {
  readonly user_id: string
  readonly email: string
  readonly display_name: string
  readonly expires_at: Date | null
}

/** Who was granted this study. */
export async function listGrants(pacs: Pick<Pacs, 'database'>, study: ReadableStudy): Promise<StudyGrant[]> {
  return pacs.database.query<StudyGrant>(
    `select g.user_id, u.email, u.display_name, g.expires_at from study_grant g join app_user u using (user_id)
     where g.study_id = $1 order by lower(u.email)`,
    [study.studyId],
  )
}

/** Lets a person of the same organisation read the study, until `expiresAt` where given. */
export async function grantStudy(
  pacs: Pacs,
  principal: Principal,
  study: ReadableStudy,
  input: { userId: string; expiresAt?: Date | undefined },
): Promise<void> {
  const user = await getUser(pacs.database, principal.organisationId, input.userId)
  await pacs.database.transaction(async (tx) => {
    await tx.query(
      `insert into study_grant (study_id, user_id, granted_by, expires_at) values ($1, $2, $3, $4)
       on conflict (study_id, user_id) do update set expires_at = excluded.expires_at, granted_by = excluded.granted_by`,
      [
        study.studyId,
        user.user_id,
        principal.kind === 'user' ? principal.userId : null,
        input.expiresAt ?? null,
      ],
    )
    await auditGrant(tx, principal, study, user.user_id, 'study-granted')
  })
  await publishRegistry(pacs)
}

/** Takes the study away again; what is open stops within seconds. */
export async function revokeStudy(
  pacs: Pacs,
  principal: Principal,
  study: ReadableStudy,
  userId: string,
): Promise<void> {
  const user = await getUser(pacs.database, principal.organisationId, userId)
  await pacs.database.transaction(async (tx) => {
    await tx.query('delete from study_grant where study_id = $1 and user_id = $2', [
      study.studyId,
      user.user_id,
    ])
    await auditGrant(tx, principal, study, user.user_id, 'study-grant-revoked')
  })
  await publishRegistry(pacs)
}

async function auditGrant(
  tx: Parameters<typeof recordAudit>[0],
  principal: Principal,
  study: ReadableStudy,
  subject: string,
  change: string,
): Promise<void> {
  await tx.query(`select pg_notify('access_changed', $1)`, [subject])
  await recordAudit(tx, principal, {
    event: 'configuration-changed',
    outcome: 'success',
    studyId: study.studyId,
    studyInstanceUid: study.studyInstanceUid,
    detail: { change, subject },
  })
}
