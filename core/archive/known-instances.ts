import type { Principal } from '../access/principal.ts'
import type { Pacs } from '../pacs.ts'

/** An instance that the archive has, named by its bytes. */
export interface KnownInstance {
  /** Lower-case hexadecimal. */
  readonly sha256: string
  readonly studyInstanceUid: string
  readonly seriesInstanceUid: string
  readonly sopInstanceUid: string
}

/** The Id of the instance of the principal's organisation that has this UID and these very bytes. */
export async function findSameInstance(
  pacs: Pick<Pacs, 'database'>,
  principal: Principal,
  { sha256, sopInstanceUid }: { readonly sha256: string; readonly sopInstanceUid: string },
): Promise<string | undefined> {
  const [row] = await pacs.database.query<{ instance_id: string }>(
    `select instance_id from instance
     where organisation_id = $1 and sha256 = decode($2, 'hex') and sop_instance_uid = $3`,
    [principal.organisationId, sha256, sopInstanceUid],
  )
  return row?.instance_id
}

/**
 * Which of these bytes the principal's organisation has already. Nothing but UIDs is told, which whoever holds the bytes
 * has read in them; so it is answered to all who may store, whatever they may read.
 */
export async function findKnownInstances(
  pacs: Pick<Pacs, 'database'>,
  principal: Principal,
  sha256: readonly string[],
): Promise<KnownInstance[]> {
  return pacs.database.query<KnownInstance>(
    `select encode(i.sha256, 'hex') as sha256, st.study_instance_uid as "studyInstanceUid",
       se.series_instance_uid as "seriesInstanceUid", i.sop_instance_uid as "sopInstanceUid"
     from instance i join series se using (series_id) join study st on st.study_id = i.study_id
     where i.organisation_id = $1 and i.sha256 = any(select decode(h, 'hex') from unnest($2::text[]) as g(h))`,
    [principal.organisationId, sha256],
  )
}
