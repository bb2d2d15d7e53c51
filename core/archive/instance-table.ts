import { firstNumber } from '../dicom/dicom-json.ts'
import { imageFacts } from '../reading/image-facts.ts'
import { Tag } from '../dicom/tag.ts'
import type { Queryable } from '../ports/database.ts'
import type { StatementPart } from '../ports/statement-part.ts'
import type { PendingInstance } from './pending-instance.ts'
import { columnInteger, storableJson } from './row-text.ts'

/** What storing needs to know of an instance that is there. */
export interface InstanceRow {
  readonly instance_id: string
  readonly organisation_id: string
  readonly sop_instance_uid: string
  /** Lower-case hexadecimal. */
  readonly sha256: string
}

/** An instance with the rows it belongs to. */
export interface NewInstance {
  readonly pending: PendingInstance
  readonly studyId: string
  readonly seriesId: string
}

/** Those of the SOP Instance UIDs that an organisation has. */
export async function findInstances(
  tx: Queryable,
  keys: readonly { readonly organisationId: string; readonly sopInstanceUid: string }[],
): Promise<InstanceRow[]> {
  return tx.query<InstanceRow>(
    `select instance_id, organisation_id, sop_instance_uid, encode(sha256, 'hex') as sha256
     from instance join unnest($1::uuid[], $2::text[]) as k(organisation, uid)
       on organisation_id = k.organisation and sop_instance_uid = k.uid`,
    [keys.map((key) => key.organisationId), keys.map((key) => key.sopInstanceUid)],
    { name: 'find-instances' },
  )
}

/**
 * Adds instances and their layouts. Errors: UniqueViolation when an organisation has one of the SOP Instance UIDs, added by
 * another process at the same moment perhaps.
 */
export const insertInstances = (instances: readonly NewInstance[]): StatementPart => ({
  ctes: (first) => `given as (
       select * from jsonb_to_recordset($${first}::jsonb) as r(instance_id uuid, organisation_id uuid, study_id uuid, series_id uuid,
         sop_instance_uid text, sop_class_uid text, transfer_syntax_uid text, instance_number integer,
         number_of_frames integer, rows integer, columns integer, bits_allocated integer, object_key text, size bigint,
         sha256 text, received_at float8, received_by uuid, source text, facts jsonb, layout jsonb)
     ), inserted as (
       insert into instance (instance_id, organisation_id, study_id, series_id, sop_instance_uid, sop_class_uid,
         transfer_syntax_uid, instance_number, number_of_frames, rows, columns, bits_allocated, object_key, size, sha256,
         received_at, received_by, source, facts)
       select instance_id, organisation_id, study_id, series_id, sop_instance_uid, sop_class_uid,
         transfer_syntax_uid, instance_number, number_of_frames, rows, columns, bits_allocated, object_key, size,
         decode(sha256, 'hex'), to_timestamp(received_at / 1000.0), received_by, source, facts
       from given order by organisation_id, sop_instance_uid
     ), laid as (
       insert into instance_layout (instance_id, layout) select instance_id, layout from given
     )`,
  params: [storableJson(instances.map(insertedInstance))],
})

function insertedInstance({ pending, studyId, seriesId }: NewInstance): object {
  const pixels = pending.layout.pixels
  return {
    instance_id: pending.instanceId,
    organisation_id: pending.organisationId,
    study_id: studyId,
    series_id: seriesId,
    sop_instance_uid: pending.identity.sopInstanceUid,
    sop_class_uid: pending.identity.sopClassUid,
    transfer_syntax_uid: pending.transferSyntaxUid,
    instance_number: columnInteger(firstNumber(pending.header, Tag.InstanceNumber)),
    number_of_frames: columnInteger(pixels?.numberOfFrames) ?? 0,
    // What the instance says of itself, even where no pixels can be read by it.
    rows: columnInteger(firstNumber(pending.header, Tag.Rows) ?? pixels?.rows),
    columns: columnInteger(firstNumber(pending.header, Tag.Columns) ?? pixels?.columns),
    bits_allocated: columnInteger(firstNumber(pending.header, Tag.BitsAllocated) ?? pixels?.bitsAllocated),
    object_key: pending.objectKey,
    size: pending.size,
    sha256: pending.sha256,
    received_at: pending.receivedAt,
    received_by: pending.receivedBy ?? null,
    source: pending.source,
    facts: pixels === undefined ? null : imageFacts(pending.header),
    layout: pending.layout,
  }
}
