import type { Database, Queryable } from '../../core/ports/database.ts'

/** What a made archive holds. */
export interface MadeArchive {
  readonly studies: number
  readonly series: number
  readonly instances: number
}

/** Studies a statement: one may take a minute at most. */
const PART = 10_000
export const MADE_HOSPITAL = 'Made hospital'
const ORGANISATION = '00000000-0000-4000-8000-00000000000a'
/** Someone who was granted three studies, and someone who uploaded twenty today. */
const REVIEWER = '00000000-0000-4000-8000-00000000000b'
const TECHNICIAN = '00000000-0000-4000-8000-00000000000c'
export const MADE = { organisationId: ORGANISATION, reviewerId: REVIEWER, technicianId: TECHNICIAN } as const

export const madeStudyUid = (study: number): string => `2.25.77.${study}`
export const madeSeriesUid = (study: number, series = 1): string => `${madeStudyUid(study)}.${series}`
export const madeInstanceUid = (study: number): string => `${madeSeriesUid(study)}.1`
export const madePatientId = (study: number): string => `PID${String(study % 1_000_000).padStart(7, '0')}`
export const madeAccession = (study: number): string => `ACC${String(study).padStart(8, '0')}`

/**
 * Fills a migrated database with the rows of an archive of so many studies: ten years of a hospital with its
 * mixture of modalities, names (some are common, most are rare), and about five instances a study. Rows only: there
 * are no objects behind them. The same numbers give the same archive.
 *
 * @param already how many of them an earlier call made: the others are spread over the ten years too
 */
export async function fillArchive(database: Database, studies: number, already = 0): Promise<MadeArchive> {
  await database.transaction(async (tx) => {
    await tx.query('select setseed(0.42)')
    if (already === 0) await makeOrganisation(tx)
    for (let from = already + 1; from <= studies; from += PART) {
      const to = Math.min(studies, from + PART - 1)
      await tx.query(STUDIES, [studies - already, from, to, already])
      // Foreign keys are true by how the rows are made; to check them takes longer than to write them.
      await tx.query('set local session_replication_role = replica')
      await tx.query(SERIES, [from, to])
      await tx.query(INSTANCES, [from, to])
      await tx.query('set local session_replication_role = origin')
    }
  })
  if (already === 0) await makeGrantsAndWork(database)
  await database.query('vacuum analyze')
  const [made] = await database.query<MadeArchive>(
    `select (select count(*) from study) as studies, (select count(*) from series) as series,
       (select count(*) from instance) as instances`,
  )
  if (made === undefined) throw new Error('the made archive cannot be counted')
  return made
}

async function makeOrganisation(tx: Queryable): Promise<void> {
  await tx.query(
    `insert into organisation (organisation_id, name) values ('${ORGANISATION}', '${MADE_HOSPITAL}')`,
  )
  await tx.query(
    `insert into app_user (user_id, organisation_id, email, roles) values
         ('${REVIEWER}', '${ORGANISATION}', 'reviewer@made', '{reviewer}'),
         ('${TECHNICIAN}', '${ORGANISATION}', 'technician@made', '{technician}')`,
  )
}

async function makeGrantsAndWork(database: Database): Promise<void> {
  await database.query(
    `insert into study_grant (study_id, user_id) select study_id, '${REVIEWER}' from study order by study_instance_uid limit 3`,
  )
  await database.query(
    `insert into work_item (kind, key, organisation_id, state, not_before)
     select 'extract-metadata', series_id, organisation_id, case when n % 4 = 0 then 'failed' else 'pending' end, 'infinity'
     from (select *, row_number() over () as n from (select * from series order by last_received_at desc limit 12) s) s`,
  )
}

/** Family names: the first are common (a quadratic fall), the last belong to one in ten thousand. */
const NAMES = `name as (
  select array['Wang','Li','Zhang','Liu','Chen','Yang','Zhao','Huang','Zhou','Wu','Smith','Müller','Garcia','Ivanova',
    'Tanaka','Okafor','Nguyen','Kim','Rossi','Silva'] || array(select 'F' || chr(97 + i / 26) || chr(97 + i % 26) || 'er'
      from generate_series(0, 379) i) as family,
    array['王','李','张','刘','陈','杨','赵','黄','周','吴'] as written,
    array['Wei','Fang','Min','Anna','José','Olga','Kenji','Ada','Lukas','Mei'] || array(select 'G' || chr(97 + i / 26) || chr(97 + i % 26)
      from generate_series(0, 189) i) as given,
    array['CT chest','CT head without contrast','CT abdomen','MR brain','MR knee left','MR spine','Chest PA','Hand right',
      'US abdomen','US thyroid','Mammography screening','PET-CT whole body','Bone scan','Coronary angiography','Fundus']
      || array(select 'Protocol ' || i from generate_series(1, 85) i) as description
)`

const STUDIES = `with ${NAMES}, drawn as (
  select n, 1 + floor(400 * power(random(), 2))::int as f, 1 + floor(200 * random())::int as g,
    1 + floor(100 * power(random(), 2))::int as d, 1 + floor(300 * random())::int as r, random() as m,
    to_char(date '2016-01-01' + ((n - $4::int) * 3650::bigint / $1)::int - floor(3 * random())::int, 'YYYYMMDD') as day,
    to_char(interval '7 hours' + make_interval(secs => floor(43200 * random())), 'HH24MISS') || '.000000' as time,
    timestamptz '2016-01-01' + make_interval(secs => (n - $4::int) * 315360000.0 / $1) as received,
    (1930 + floor(80 * random()))::int || lpad((1 + floor(12 * random()))::text, 2, '0') || lpad((1 + floor(28 * random()))::text, 2, '0') as born,
    case when random() < 0.001 then 'O' when random() < 0.5 then 'F' else 'M' end as sex,
    floor(n - n * 0.4 * random())::int as patient
  from generate_series($2::int, $3::int) n
), made as (
  select drawn.*, family[f] as family_name, given[g] as given_name, written[f] as written_name, description[d] as described,
    case when m < .35 then '{CT}' when m < .55 then '{MR}' when m < .7 then '{CR}' when m < .8 then '{DX}' when m < .92 then '{US}'
      when m < .96 then '{MG}' when m < .98 then '{CT,PT}' when m < .99 then '{NM}' when m < .999 then '{XA}' else '{OPT}' end::text[] as modality
  from drawn, name
), named as (
  select *, jsonb_strip_nulls(jsonb_build_object('Alphabetic', family_name || '^' || given_name, 'Ideographic', written_name || '^伟')) as patient_name,
    translate(lower('|' || family_name || '^' || given_name || '|' || coalesce(written_name || '^伟|', '')), 'üé', 'ue') as folded,
    'PID' || lpad(patient::text, 7, '0') as pid, 'ACC' || lpad(n::text, 8, '0') as accession, 'Referrer' || r || '^Doc' as referrer,
    case when modality[1] = 'CT' then 3 when modality[1] = 'MR' then 5 else 1 end as k
  from made
)
insert into study (study_id, organisation_id, study_instance_uid, patient_id, issuer_of_patient_id, patient_name,
  patient_name_folded, patient_birth_date, patient_sex, study_date, study_time, accession_number, study_id_text,
  study_description, referring_physician_folded, modalities, search_text, series_count, instance_count, first_received_at, last_received_at, attributes, first_instance_id)
select gen_random_uuid(), '${ORGANISATION}', '2.25.77.' || n, pid, 'MADE', patient_name, folded, born, sex, day, time, accession,
  n::text, described, lower('|' || referrer || '|'), modality, folded || E'\\n' || lower(pid || E'\\n' || accession || E'\\n' || described) || E'\\n' || replace(split_part(folded, '|', 2), '^', '') || coalesce(E'\\n' || written_name || '伟', ''),
  k, 2 * k, received, received,
  jsonb_build_object('00080020', jsonb_build_object('vr', 'DA', 'Value', array[day]), '00080030', jsonb_build_object('vr', 'TM', 'Value', array[time]),
    '00080050', jsonb_build_object('vr', 'SH', 'Value', array[accession]), '00080090', jsonb_build_object('vr', 'PN', 'Value', array[jsonb_build_object('Alphabetic', referrer)]),
    '00081030', jsonb_build_object('vr', 'LO', 'Value', array[described]), '00100010', jsonb_build_object('vr', 'PN', 'Value', array[patient_name]),
    '00100020', jsonb_build_object('vr', 'LO', 'Value', array[pid]), '00100021', jsonb_build_object('vr', 'LO', 'Value', array['MADE']),
    '00100030', jsonb_build_object('vr', 'DA', 'Value', array[born]), '00100040', jsonb_build_object('vr', 'CS', 'Value', array[sex]),
    '0020000D', jsonb_build_object('vr', 'UI', 'Value', array['2.25.77.' || n]), '00200010', jsonb_build_object('vr', 'SH', 'Value', array[n::text])),
  gen_random_uuid()
from named order by n`

const SERIES = `insert into series (series_id, organisation_id, study_id, series_instance_uid, modality, series_number,
  series_description, body_part_examined, pps_start_date, pps_start_time, instance_count, attributes, first_instance_id, last_received_at)
select gen_random_uuid(), organisation_id, study_id, study_instance_uid || '.' || k, modality, k, study_description || ' ' || k,
  'CHEST', study_date, study_time, 2,
  jsonb_build_object('00080060', jsonb_build_object('vr', 'CS', 'Value', array[modality]), '0008103E', jsonb_build_object('vr', 'LO', 'Value', array[study_description || ' ' || k]),
    '0020000E', jsonb_build_object('vr', 'UI', 'Value', array[study_instance_uid || '.' || k]), '00200011', jsonb_build_object('vr', 'IS', 'Value', array[k]))
    || case when n % 10 = 0 and k = 1 then jsonb_build_object('00400275', jsonb_build_object('vr', 'SQ', 'Value', jsonb_build_array(jsonb_build_object(
      '00400009', jsonb_build_object('vr', 'SH', 'Value', array['SPS' || n]), '00401001', jsonb_build_object('vr', 'SH', 'Value', array['RP' || n])))))
      else '{}' end,
  gen_random_uuid(), last_received_at
from (
  select study.*, study_id_text::int as n, modalities[1 + (k - 1) % cardinality(modalities)] as modality, k
  from study, generate_series(1, series_count) k
  where study_id_text::int between $1::int and $2::int
) s order by n, k`

const INSTANCES = `insert into instance (instance_id, organisation_id, study_id, series_id, sop_instance_uid, sop_class_uid,
  transfer_syntax_uid, instance_number, number_of_frames, rows, columns, bits_allocated, object_key, size, sha256,
  received_at, received_by, source)
select gen_random_uuid(), st.organisation_id, study_id, series_id, series_instance_uid || '.' || i, '1.2.840.10008.5.1.4.1.1.2',
  '1.2.840.10008.1.2.1', i, 1, 512, 512, 16, 'made/' || series_id || '/' || i, 524288,
  sha256(convert_to(series_instance_uid || '.' || i, 'UTF8')),
  case when n % 10000 = 7 then now() else st.last_received_at end, case when n % 10000 = 7 then '${TECHNICIAN}'::uuid end, 'stow-rs'
from (select *, study_id_text::int as n from study) st join series se using (study_id), generate_series(1, 2) i
where n between $1::int and $2::int order by n, series_number, i`
