import type { z } from 'zod'
import type { Principal } from '../access/principal.ts'
import { recordAudit } from '../audit/record-audit.ts'
import type { QuarantineEntry } from '../contract/api.ts'
import { notFound } from '../errors.ts'
import type { Pacs } from '../pacs.ts'
import type { ObjectKey } from '../ports/object-store.ts'
import { isUuid } from './instance-id.ts'

type Entry = z.infer<typeof QuarantineEntry>

/** What waits for a decision in the principal's organisation, newest first, at most 1,000. */
export async function listQuarantine(pacs: Pick<Pacs, 'database'>, principal: Principal): Promise<Entry[]> {
  const rows = await pacs.database.query<Omit<Entry, 'receivedAt'> & { receivedAt: Date }>(
    `select quarantine_id as "quarantineId", study_instance_uid as "studyInstanceUid",
       series_instance_uid as "seriesInstanceUid", sop_instance_uid as "sopInstanceUid", patient_name as "patientName",
       patient_id as "patientId", size, encode(sha256, 'hex') as sha256, received_at as "receivedAt",
       coalesce(u.email, q.received_by::text) as "receivedBy", source
     from quarantine q left join app_user u on u.user_id = q.received_by
     where q.organisation_id = $1 order by q.quarantine_id desc limit 1000`,
    [principal.organisationId],
  )
  return rows.map((row) => ({ ...row, receivedAt: row.receivedAt.toISOString() }))
}

/** Gives up the kept bytes of an entry: the stored instance stays as it is. Errors: 'not-found' code 'quarantine-entry-not-found'. */
export async function discardQuarantined(
  pacs: Pick<Pacs, 'database' | 'objects'>,
  principal: Principal,
  quarantineId: string,
): Promise<void> {
  const objectKey = isUuid(quarantineId) ? await deleteEntry(pacs, principal, quarantineId) : undefined
  if (objectKey === undefined) {
    throw notFound('quarantine-entry-not-found', 'This entry is not there any more. Reload the list.')
  }
  await pacs.objects.delete(objectKey)
}

async function deleteEntry(
  pacs: Pick<Pacs, 'database'>,
  principal: Principal,
  quarantineId: string,
): Promise<ObjectKey | undefined> {
  return pacs.database.transaction(async (tx) => {
    const [row] = await tx.query<{ object_key: ObjectKey; study_instance_uid: string }>(
      `delete from quarantine where quarantine_id = $1 and organisation_id = $2 returning object_key, study_instance_uid`,
      [quarantineId, principal.organisationId],
    )
    if (row === undefined) return undefined
    await recordAudit(tx, principal, {
      event: 'configuration-changed',
      outcome: 'success',
      studyInstanceUid: row.study_instance_uid,
      detail: { action: 'quarantine-discarded', quarantineId },
    })
    return row.object_key
  })
}
