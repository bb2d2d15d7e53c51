import type { ArchiveStatus } from '../contract/api.ts'
import type { Pacs } from '../pacs.ts'
import { renditionRoom } from './rendition-room.ts'
import { VERSION } from '../version.ts'

/** What one organisation keeps, and what is still to do; all organisations when none is named (the operator's command line). */
export async function archiveStatus(
  pacs: Pick<Pacs, 'database' | 'objects' | 'config'>,
  organisationId: string | null,
): Promise<ArchiveStatus> {
  const rows = await pacs.database.query<
    Omit<ArchiveStatus, 'version' | 'renditionPolicy' | 'renditionsWithoutRoom'>
  >(
    `select
       (select count(*) from study where organisation_id = $1::uuid or $1::uuid is null) as studies,
       (select count(*) from series where organisation_id = $1::uuid or $1::uuid is null) as series,
       (select count(*) from instance where organisation_id = $1::uuid or $1::uuid is null) as instances,
       (select coalesce(sum(size), 0)::bigint from instance where organisation_id = $1::uuid or $1::uuid is null) as bytes,
       (select count(*) from rendition r join instance i using (instance_id) where r.object_key is not null
          and (i.organisation_id = $1::uuid or $1::uuid is null)) as renditions,
       (select coalesce(sum(r.size), 0)::bigint from rendition r join instance i using (instance_id)
          where i.organisation_id = $1::uuid or $1::uuid is null) as "renditionBytes",
       (select count(*) from work_item where state <> 'failed' and (organisation_id = $1::uuid or $1::uuid is null)) as "pendingWork",
       (select count(*) from work_item where state = 'failed' and (organisation_id = $1::uuid or $1::uuid is null)) as "failedWork",
       (select count(*) from quarantine where organisation_id = $1::uuid or $1::uuid is null) as quarantined`,
    [organisationId],
  )
  const [counts] = rows
  if (counts === undefined) throw new Error('a count answered no row')
  const { enabled, maxAgeDays, modalities } = pacs.config.renditions
  const { spareBytes } = await renditionRoom(pacs.objects)
  return {
    version: VERSION,
    ...counts,
    renditionPolicy: {
      enabled,
      maxAgeDays: maxAgeDays ?? null,
      modalities: modalities === undefined ? null : [...modalities],
    },
    renditionsWithoutRoom: enabled && spareBytes <= 0,
  }
}
