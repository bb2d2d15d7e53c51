import type { Pacs } from '../pacs.ts'
import type { Queryable } from '../ports/database.ts'
import { requestWork, type WorkRequest } from '../work/request-work.ts'

interface ShareToCopy {
  readonly shareId: string
  readonly organisationId: string
}

const workOf = ({ shareId, organisationId }: ShareToCopy): WorkRequest => ({
  kind: 'prepare-share',
  key: shareId,
  organisationId,
})

/** Asks for the copy that a part of a study, or one without names, is shared as. */
export const requestCopy = (tx: Queryable, share: ShareToCopy): Promise<void> =>
  requestWork(tx, [workOf(share)])

/** Asks again for copies that are still to be made and that no work is left of: a reindex brings back links, not work. */
export async function resumeCopies(pacs: Pick<Pacs, 'database'>): Promise<void> {
  const waiting = await pacs.database.query<ShareToCopy>(
    `select l.share_id as "shareId", l.organisation_id as "organisationId" from share_link l
     where l.ready_at is null and l.revoked_at is null and l.expires_at > now()
       and not exists (select 1 from work_item w where w.kind = 'prepare-share' and w.key = l.share_id)`,
  )
  await requestWork(pacs.database, waiting.map(workOf))
}
