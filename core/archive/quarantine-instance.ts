import { recordAudit } from '../audit/record-audit.ts'
import { firstPersonName, firstString } from '../dicom/dicom-json.ts'
import type { Pacs } from '../pacs.ts'
import type { Queryable } from '../ports/database.ts'
import type { ObjectKey } from '../ports/object-store.ts'
import { quarantineKey } from './object-key.ts'
import type { PendingInstance } from './pending-instance.ts'
import { columnText, storableJson } from './row-text.ts'

/**
 * Moves bytes that clash with a stored instance to quarantine, where a person decides; answers the entry's Id. The same
 * bytes again are kept once. Whatever stops it half-way leaves an object without a row (swept), never the reverse.
 */
export async function quarantineInstance(
  pacs: Pick<Pacs, 'database' | 'objects'>,
  pending: PendingInstance,
  storedInstanceId: string,
): Promise<string> {
  const [there] = await pacs.database.query<{ quarantine_id: string }>(
    `select quarantine_id from quarantine
     where organisation_id = $1 and sop_instance_uid = $2 and sha256 = decode($3, 'hex')`,
    [pending.organisationId, pending.identity.sopInstanceUid, pending.sha256],
  )
  if (there !== undefined) {
    await pacs.objects.delete(pending.objectKey)
    return there.quarantine_id
  }
  const key = quarantineKey({
    organisationId: pending.organisationId,
    id: pending.instanceId,
    receivedBy: pending.receivedBy,
    source: pending.source,
  })
  await pacs.objects.put(key, await pacs.objects.stream(pending.objectKey), { size: pending.size })
  const quarantineId = await pacs.database.transaction(async (tx) => {
    const id = await insertQuarantined(tx, pending, key, storedInstanceId)
    if (pending.sender !== undefined && id === pending.instanceId) {
      await recordAudit(tx, pending.sender, {
        event: 'security-alert',
        outcome: 'failure',
        studyInstanceUid: pending.identity.studyInstanceUid,
        detail: { action: 'quarantined', quarantineId: id, source: pending.source },
      })
    }
    return id
  })
  await pacs.objects.delete(pending.objectKey)
  // Another process was first with the same bytes.
  if (quarantineId !== pending.instanceId) await pacs.objects.delete(key)
  return quarantineId
}

/** Adds the row, or answers the Id of the one that the same bytes have. */
export async function insertQuarantined(
  tx: Queryable,
  pending: PendingInstance,
  key: ObjectKey,
  storedInstanceId: string | null,
): Promise<string> {
  const name = firstPersonName(pending.header, '00100010')
  const [row] = await tx.query<{ quarantine_id: string }>(
    `insert into quarantine (quarantine_id, organisation_id, instance_id, study_instance_uid, series_instance_uid,
       sop_instance_uid, object_key, size, sha256, received_at, received_by, source, patient_id, patient_name)
     values ($1, $2, $3, $4, $5, $6, $7, $8, decode($9, 'hex'), $10, $11, $12, $13, $14::jsonb)
     on conflict (organisation_id, sop_instance_uid, sha256) do update set sha256 = excluded.sha256
     returning quarantine_id`,
    [
      pending.instanceId,
      pending.organisationId,
      storedInstanceId,
      pending.identity.studyInstanceUid,
      pending.identity.seriesInstanceUid,
      pending.identity.sopInstanceUid,
      key,
      pending.size,
      pending.sha256,
      new Date(pending.receivedAt),
      pending.receivedBy ?? null,
      pending.source,
      columnText(firstString(pending.header, '00100020'), 256),
      name ? storableJson(name) : null,
    ],
  )
  if (row === undefined) throw new Error('an upsert answered no row')
  return row.quarantine_id
}
