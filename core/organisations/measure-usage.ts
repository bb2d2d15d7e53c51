import type { Pacs } from '../pacs.ts'

/** What is still being written when it is counted has an Id of this time at most. Milliseconds. */
const UNDER_WAY_MS = 600_000
/** Longest that days are kept of who was there. */
const VISITS_DAYS = 400

/**
 * Counts what every organisation keeps, vaults of its share links included, and notes it for today. One process at a time;
 * answers whether it was this one.
 */
export async function measureUsage(pacs: Pick<Pacs, 'database' | 'clock'>): Promise<boolean> {
  const measured = await pacs.database.withLock('measure-usage', async () => {
    await pacs.database.query(
      `with kept as (
         select coalesce(l.organisation_id, i.organisation_id) as organisation_id, sum(i.size)::bigint as bytes
         from instance i left join share_link l on l.vault_id = i.organisation_id where i.instance_id < $1 group by 1
       )
       insert into kept_bytes (organisation_id, bytes, counted_to)
       select organisation_id, coalesce(kept.bytes, 0), $1 from organisation left join kept using (organisation_id)
       where kind = 'hospital'
       on conflict (organisation_id) do update set bytes = excluded.bytes, counted_to = excluded.counted_to`,
      [firstIdOf(pacs.clock.now() - UNDER_WAY_MS)],
    )
    await pacs.database.query(
      `insert into usage_day (organisation_id, day, kept_bytes, studies)
       select o.organisation_id, (now() at time zone o.time_zone)::date,
         k.bytes + (select coalesce(sum(i.size), 0) from instance i
             where i.organisation_id = o.organisation_id and i.instance_id >= k.counted_to)
           + (select coalesce(sum(q.size), 0) from quarantine q where q.organisation_id = o.organisation_id),
         (select coalesce(sum(t.studies), 0) from study_tally t where t.organisation_id = o.organisation_id)
       from organisation o join kept_bytes k using (organisation_id)
       on conflict (organisation_id, day) do update set kept_bytes = excluded.kept_bytes, studies = excluded.studies`,
    )
    await pacs.database.query(`delete from usage_visit where day < current_date - ${VISITS_DAYS}`)
    return true
  })
  return measured === true
}

/** The least version 7 UUID of this millisecond. */
function firstIdOf(ms: number): string {
  const time = Math.max(0, ms).toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`
}
