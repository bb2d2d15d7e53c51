import type { Usage } from '../contract/organisations.ts'
import type { Queryable } from '../ports/database.ts'
import { readStorageRoom } from './storage-room.ts'

/** The last `days` days of an organisation, today included, by its own time zone. */
export async function listUsage(database: Queryable, organisationId: string, days: number): Promise<Usage> {
  const room = await readStorageRoom(database, organisationId)
  const rows = await database.query<Usage['days'][number]>(
    `select to_char(d.day, 'YYYY-MM-DD') as day, u.kept_bytes as "keptBytes", u.studies,
       coalesce(u.served_bytes, 0) as "servedBytes", coalesce(v.people, 0) as "activeUsers"
     from (select o.organisation_id, (now() at time zone o.time_zone)::date - back as day
           from organisation o, generate_series($2::integer - 1, 0, -1) back where o.organisation_id = $1) d
     left join usage_day u using (organisation_id, day)
     left join (select day, count(*) as people from usage_visit where organisation_id = $1 group by day) v using (day)
     order by d.day`,
    [organisationId, days],
  )
  return { ...room, days: rows }
}
