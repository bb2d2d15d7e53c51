import { OF_AGE } from '../contract/retention.ts'
import type { Queryable, SqlValue } from '../ports/database.ts'

/** A rule as studies are judged by it: columns of `retention_rule`. */
export interface JudgingRule {
  readonly rule_id: string
  readonly modalities: readonly string[]
  readonly years: number | null
  readonly counted_from: 'study-date' | 'received'
  readonly minors_until: number | null
  readonly grace_days: number
  readonly removes_shared: boolean
}

/**
 * Modalities (PS3.3 C.7.3.1.1.1) of what is made of images and goes with them: a study of CT and its report is one of CT.
 */
const ACCOMPANYING = [
  ...['ANN', 'ASMT', 'DOC', 'FID', 'HC', 'KO', 'M3D', 'PR', 'REG', 'RWV', 'SEG', 'SMR', 'SR', 'TEXTUREMAP'],
]

/** Dates of before are no dates of studies: what took their place where a name was taken out. */
const EARLIEST = '1960-01-01'

/** The rules of an organisation that are switched on. */
export const enabledRules = (database: Queryable, organisationId: string): Promise<JudgingRule[]> =>
  database.query<JudgingRule>(
    `select rule_id, modalities, years, counted_from, minors_until, grace_days, removes_shared from retention_rule
     where organisation_id = $1 and enabled_at is not null order by rule_id`,
    [organisationId],
  )

/**
 * The statement's beginning that judges studies of an organisation: `judged` has those whose time is over by the rules, each
 * with `rule_id`, `grace_days`, and what keeps it all the same: `held`, `emergency`, `shared`, `quarantined`; and those that
 * only an unknown age keeps (`age_unknown`). `due` has those that nothing keeps. Appends its parameters to `params`.
 *
 * A study is over when every rule that fits it says so: the longest holds. And only when rules fit all that it is made of: of
 * what nothing is said, that is kept.
 */
export function judgedStudies(
  rules: readonly JudgingRule[],
  organisationId: string,
  params: SqlValue[],
  studyId?: string,
): string {
  const given = `$${params.push(JSON.stringify(rules))}`
  const organisation = `$${params.push(organisationId)}`
  const accompanying = `$${params.push(ACCOMPANYING)}`
  // No study is over that is younger than this: most are not judged any further. Null, and none is over, where all are for ever.
  const years = rules.flatMap((rule) => (rule.years === null ? [] : [rule.years]))
  const shortest = `make_interval(years => $${params.push(years.length === 0 ? null : Math.min(...years))}::integer)`
  const one = studyId === undefined ? '' : `and s.study_id = $${params.push(studyId)}`
  return `rules as (
    select * from jsonb_to_recordset(${given}::jsonb) as r(rule_id uuid, modalities text[], years integer, counted_from text,
      minors_until integer, grace_days integer, removes_shared boolean)
  ), sets as materialized (
    select modalities, case when modalities <@ ${accompanying}::text[] then modalities
        else array(select unnest(modalities) except select unnest(${accompanying}::text[])) end as kinds
    from (select distinct s.modalities from study s where s.organisation_id = ${organisation} ${one}) every
  ), fitted as materialized (
    select modalities from sets where exists (select from rules r where r.modalities = '{}') or (cardinality(kinds) > 0
      and not exists (select from unnest(kinds) kind where not exists (select from rules r where kind = any(r.modalities))))
  ), dated as (
    select s.study_id, s.organisation_id, s.study_instance_uid, s.patient_id, s.issuer_of_patient_id, s.modalities, today, received,
      coalesce(made, received) as made, born
    from study s join fitted using (modalities) join organisation o using (organisation_id)
      cross join lateral (select (now() at time zone o.time_zone)::date as today,
        (s.last_received_at at time zone o.time_zone)::date as received, dicom_day(s.patient_birth_date) as born,
        case when dicom_day(s.study_date) >= date '${EARLIEST}' then dicom_day(s.study_date) end as made) days
    where s.organisation_id = ${organisation} ${one}
      and (s.study_date < to_char(now() + interval '2 days' - ${shortest}, 'YYYYMMDD')
        or s.last_received_at < now() + interval '2 days' - ${shortest})
  ), ruled as (
    select d.*, v.rule_id, v.grace_days, v.removes_shared, v.is_over, v.age_unknown
    from dated d cross join lateral (
      select (array_agg(f.rule_id order by f.kept_until desc nulls first, f.rule_id))[1] as rule_id,
        max(f.grace_days) as grace_days, bool_and(f.removes_shared) as removes_shared,
        bool_and(coalesce(f.kept_until < d.today, false)) as is_over,
        bool_and(coalesce(f.kept_until < d.today, f.age_unknown)) and bool_or(f.age_unknown) as age_unknown
      from (
        select r.*, t.age_unknown,
          case when r.years is not null and not t.age_unknown then greatest(t.over, t.grown) end as kept_until
        from rules r cross join lateral (
          select (b.base + make_interval(years => r.years))::date as over,
            case when r.minors_until is not null and d.born + interval '${OF_AGE} years' > d.made
              then (d.born + make_interval(years => r.minors_until))::date end as grown,
            r.years is not null and r.minors_until is not null and d.born is null
              and (b.base + make_interval(years => r.years))::date < d.today as age_unknown
          from (select case r.counted_from when 'received' then d.received else d.made end as base) b
        ) t
        where r.modalities = '{}' or r.modalities && d.modalities
      ) f
    ) v
    where v.rule_id is not null
  ), judged as (
    select r.*,
      ${HELD('r', 'r.today')} as held,
      ${UNDER_REVIEW('r')} as emergency,
      not r.removes_shared and ${SHOWN_BY_LINK('r')} as shared,
      ${IN_QUARANTINE('r')} as quarantined
    from ruled r where r.is_over or r.age_unknown
  ), due as (
    select * from judged where is_over and not (held or emergency or shared or quarantined)
  )`
}

/** A hold on the study or its patient lasts. `today`: an expression of the organisation's day. */
export const HELD = (study: string, today: string): string =>
  `exists (select from study_hold h where h.organisation_id = ${study}.organisation_id and h.lifted_at is null
     and (h.until is null or h.until >= ${today}) and (h.study_instance_uid = ${study}.study_instance_uid
       or (h.patient_id = ${study}.patient_id and h.issuer_of_patient_id = ${study}.issuer_of_patient_id)))`

/** An emergency access to the patient lasts, or waits for its review. */
export const UNDER_REVIEW = (study: string): string =>
  `exists (select from emergency_access e where e.organisation_id = ${study}.organisation_id
     and e.patient_id = ${study}.patient_id and e.issuer_of_patient_id = ${study}.issuer_of_patient_id
     and (e.reviewed_at is null or (e.ended_at is null and e.expires_at > now())))`

/** A link shows the study that still opens. */
export const SHOWN_BY_LINK = (study: string): string =>
  `exists (select from share_link l where l.study_id = ${study}.study_id and l.revoked_at is null and l.expires_at > now())`

/** A person has still to decide about images that say they are of the study. */
export const IN_QUARANTINE = (study: string): string =>
  `exists (select from quarantine q where q.organisation_id = ${study}.organisation_id
     and q.study_instance_uid = ${study}.study_instance_uid)`
