import type { Database } from '../../core/ports/database.ts'
import { MADE } from '../search/fill-archive.ts'

/** The other organisation of the made record. */
const OTHER = '00000000-0000-4000-8000-00000000001a'
/** Of each organisation; the last of them was there on one day alone. */
const PEOPLE = 200
const PART = 50_000
/** Two years until now. */
const SPAN_SECONDS = 63_072_000

/** An address, a person and a day that tests of rare things ask for. */
export const RARE = { address: '203.0.113.9', person: `person${PEOPLE}@made` } as const
export const COMMON = { address: '10.0.1.7', person: 'person7@made' } as const

/**
 * Fills the record with so many events of two years, three fifths of them of the made organisation and its studies, the
 * rest of another's: as a hospital's are, most of them studies that are opened and sent, few of them alarms. Events are
 * added, as by the service; nothing that guards the record is switched off.
 */
export async function fillAudit(superuser: Database, events: number): Promise<void> {
  await superuser.query(`insert into organisation (organisation_id, name) values ($1, 'Other hospital')`, [
    OTHER,
  ])
  await superuser.query(
    `insert into app_user (user_id, organisation_id, email, display_name, roles)
     select gen_random_uuid(), o.id, 'person' || n || o.at, 'Person ' || n, '{radiologist}'
     from generate_series(1, $1::int) n, (values ($2::uuid, '@made'), ($3::uuid, '@other')) o (id, at)`,
    [PEOPLE, MADE.organisationId, OTHER],
  )
  await superuser.transaction(async (tx) => {
    for (const statement of NUMBERED) await tx.query(statement)
    for (let from = 1; from <= events; from += PART) {
      const to = Math.min(events, from + PART - 1)
      await tx.query(EVENTS, [
        from,
        to,
        events,
        MADE.organisationId,
        OTHER,
        PEOPLE,
        SPAN_SECONDS,
        RARE.address,
      ])
    }
  })
}

/** A number for each person of an organisation and for each study, by which events find them. */
const NUMBERED = [
  `create temp table person on commit drop as
   select organisation_id, row_number() over (partition by organisation_id order by length(email), email)::int as number, user_id
   from app_user where email like 'person%'`,
  `create temp table read_study on commit drop as
   select row_number() over (order by study_instance_uid)::int as number, study_id, study_instance_uid
   from study order by study_instance_uid limit 20000`,
  'create index on read_study (number)',
  'create index on person (organisation_id, number)',
]

const EVENTS = `with drawn as (
  select n, random() as o, random() as e, 1 + floor(($6::int - 1) * power(random(), 2))::int as u, random() as s,
    1 + floor(250 * random())::int as a, n % 200000 = 77 as rare
  from generate_series($1::int, $2::int) n
), made as (
  select n, case when o < .6 or rare then $4::uuid else $5::uuid end as organisation_id, case when rare then $6 else u end as u, s,
    1 + floor(s * (select count(*) from read_study))::int as st, a, rare,
    case when e < .55 then 'instances-accessed' when e < .75 then 'instances-transferred' when e < .9 then 'query'
      when e < .95 then 'user-authentication' when e < .965 then 'audit-log-used' when e < .985 then 'configuration-changed'
      when e < .995 then 'export' else 'security-alert' end as event
  from drawn
)
insert into audit_event (organisation_id, occurred_at, event, outcome, user_id, address, study_id, study_instance_uid, detail)
select m.organisation_id, now() - make_interval(secs => $7::float8 * ($3::float8 - m.n) / $3), m.event,
  case when m.event = 'security-alert' or m.s < .001 then 'denied' else 'success' end, p.user_id,
  case when m.rare then $8 else '10.0.' || m.a % 3 || '.' || m.a end,
  case when m.organisation_id = $4 and m.event ~ 'instances|export' then r.study_id end,
  case when m.event ~ 'instances|export' then r.study_instance_uid end,
  case m.event when 'instances-accessed' then '{"purpose":"opening"}'::jsonb when 'query' then '{"level":"study","found":25}'::jsonb
    when 'instances-transferred' then '{"instances":120}'::jsonb else '{}'::jsonb end
from made m join person p on p.organisation_id = m.organisation_id and p.number = m.u
join read_study r on r.number = m.st order by m.n`

/** Waits until the server has given every event its place in a chain; answers how long that took, ms. */
export async function untilSealed(superuser: Database): Promise<number> {
  const began = performance.now()
  for (;;) {
    const [row] = await superuser.query<{ waits: boolean }>(
      `select (select max(audit_event_id) from audit_event)
         > (select coalesce(max(audit_event_id), 0) from audit_head) as waits`,
    )
    if (row?.waits !== true) return performance.now() - began
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
}
