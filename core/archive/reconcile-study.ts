import type { Pacs } from '../pacs.ts'

/**
 * Recomputes what a study and its series say of their instances: counts, modalities, times of arrival. Never increments,
 * so any number of runs in any order comes to the same. Does nothing for a study that is gone.
 */
export async function reconcileStudy(pacs: Pick<Pacs, 'database'>, studyId: string): Promise<void> {
  await pacs.database.transaction(async (tx) => {
    // Writers lock series before their study's row too, and in this order.
    await tx.query('select 1 from series where study_id = $1 order by series_id for no key update', [studyId])
    await tx.query(
      `update series s set instance_count = c.count, last_received_at = c.last
       from (select series_id, count(*) as count, max(received_at) as last from instance where study_id = $1 group by series_id) c
       where s.series_id = c.series_id and (s.instance_count, s.last_received_at) is distinct from (c.count, c.last)`,
      [studyId],
    )
    await tx.query(
      `update study st set series_count = c.series_count, instance_count = c.instance_count, modalities = c.modalities,
         first_received_at = c.first, last_received_at = c.last
       from (
         select count(*) as series_count, coalesce(sum(instance_count), 0) as instance_count,
           array(select distinct modality from series where study_id = $1 and modality <> '' order by modality) as modalities,
           (select min(received_at) from instance where study_id = $1) as first,
           (select max(received_at) from instance where study_id = $1) as last
         from series where study_id = $1
       ) c
       where st.study_id = $1 and c.first is not null`,
      [studyId],
    )
  })
}
