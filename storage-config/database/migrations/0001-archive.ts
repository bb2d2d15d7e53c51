/**
 * Studies, series, instances, and the work still to do.
 *
 * Wide JSON and states that flip live in tables apart: PostgreSQL rewrites a whole row for each update.
 * `instance_id` is a version 7 UUID, so its order is the order of arrival; the first instance of a study
 * gives the study its attributes, which makes a reindex come to the same answers.
 */
export const sql = `
create extension if not exists pg_trgm;

create table organisation (
  organisation_id uuid primary key,
  name text not null unique,
  ae_title text,
  created_at timestamptz not null default now()
);

create table app_user (
  user_id uuid primary key,
  organisation_id uuid not null references organisation,
  email text not null,
  display_name text not null default '',
  password_hash text,
  must_change_password boolean not null default false,
  roles text[] not null default '{}',
  language text,
  disabled_at timestamptz,
  created_at timestamptz not null default now()
);
create unique index app_user_email on app_user (lower(email));

create table session (
  token_hash bytea primary key,
  user_id uuid not null references app_user on delete cascade,
  created_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  expires_at timestamptz not null,
  user_agent text
);
create index session_by_user on session (user_id);

create table api_token (
  token_hash bytea primary key,
  user_id uuid not null references app_user on delete cascade,
  label text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz
);

-- Text that is searched and sorted is compared by its bytes (collate "C") whatever the server's language: one order
-- everywhere, and an index finds what begins with something.
create table study (
  study_id uuid primary key,
  organisation_id uuid not null references organisation,
  study_instance_uid text collate "C" not null,
  patient_id text collate "C" not null default '',
  issuer_of_patient_id text collate "C" not null default '',
  -- as received, PS3.18 F.2.2: {"Alphabetic","Ideographic","Phonetic"}
  patient_name jsonb,
  -- folded (core/archive/fold-text.ts), each group between bars: |wang^xiaodong|王^小东|
  patient_name_folded text collate "C" not null default '',
  patient_birth_date text collate "C" not null default '',
  patient_sex text collate "C" not null default '',
  study_date text collate "C" not null default '',
  study_time text collate "C" not null default '',
  accession_number text collate "C" not null default '',
  study_id_text text collate "C" not null default '',
  study_description text not null default '',
  referring_physician_folded text collate "C" not null default '',
  modalities text[] not null default '{}',
  -- folded name groups, patient id, accession number and descriptions: the worklist's search as you type
  search_text text collate "C" not null default '',
  series_count integer not null default 0,
  instance_count integer not null default 0,
  first_received_at timestamptz not null,
  last_received_at timestamptz not null,
  -- patient- and study-level attributes of the first instance, DICOM JSON
  attributes jsonb not null,
  first_instance_id uuid not null,
  -- what the worklist sorts by: short enough for an index, and columns, so that an index alone can answer
  name_order text collate "C" generated always as (left(patient_name_folded, 100)) stored,
  description_order text collate "C" generated always as (left(lower(study_description), 100)) stored,
  modality_order text[] collate "C" generated always as (modalities[1:4]) stored,
  unique (organisation_id, study_instance_uid)
);
-- QIDO-RS's order and the worklist's by date; dates and ranges of dates
create index study_date_order on study (organisation_id, study_date desc, study_time desc, study_instance_uid);
-- the other orders of the worklist, each both ways; study_patient_id and description_order also find
create index study_received_order on study (organisation_id, last_received_at, study_id);
create index study_name_order on study (organisation_id, name_order, study_id);
create index study_patient_id on study (organisation_id, patient_id, study_id);
create index study_modality_order on study (organisation_id, modality_order, study_id);
create index study_instances_order on study (organisation_id, instance_count, study_id);
create index study_description_order on study (organisation_id, description_order, study_id);
-- matching by one value (PS3.18 table 10.6.1-5)
create index study_accession on study (organisation_id, accession_number);
create index study_study_id on study (organisation_id, study_id_text);
create index study_time on study (organisation_id, study_time);
create index study_birth_date on study (organisation_id, patient_birth_date);
-- common values are found soon by walking in order
create index study_rare_sex on study (organisation_id, patient_sex) where patient_sex not in ('F', 'M');
create index study_modalities on study using gin (modalities);
-- names and parts of words: wildcards, fuzzy matching, search as you type
create index study_name_trgm on study using gin (patient_name_folded gin_trgm_ops);
create index study_referrer_trgm on study using gin (referring_physician_folded gin_trgm_ops);
create index study_search_trgm on study using gin (search_text gin_trgm_ops);

-- How many studies there are of a month and of a set of modalities, as changes to add up: each transaction appends what it
-- changed, so that none waits for another, and the sweeper adds up (core/archive/study-tally.ts). Total counts and far
-- pages come from here: to count the studies themselves takes longer the more there are.
create table study_tally (
  organisation_id uuid not null,
  -- of study_date: its first six characters
  month text collate "C" not null,
  modalities text[] not null,
  -- a change: negative where studies went
  studies bigint not null
);
create index study_tally_organisation on study_tally (organisation_id);

create function record_study_tally() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    insert into study_tally select organisation_id, left(study_date, 6), modalities, count(*) from added group by 1, 2, 3;
  elsif tg_op = 'TRUNCATE' then
    delete from study_tally;
  elsif tg_op = 'DELETE' then
    insert into study_tally select organisation_id, left(study_date, 6), modalities, -count(*) from removed group by 1, 2, 3;
  else
    insert into study_tally select organisation_id, left(study_date, 6), modalities, sum(change) from (
      select organisation_id, study_date, modalities, 1 as change from added
      union all select organisation_id, study_date, modalities, -1 from removed) changed
    group by 1, 2, 3 having sum(change) <> 0;
  end if;
  return null;
end $$;
create trigger study_added after insert on study referencing new table as added
  for each statement execute function record_study_tally();
create trigger study_changed after update on study referencing old table as removed new table as added
  for each statement execute function record_study_tally();
create trigger study_emptied after truncate on study for each statement execute function record_study_tally();
create trigger study_removed after delete on study referencing old table as removed
  for each statement execute function record_study_tally();

create table series (
  series_id uuid primary key,
  organisation_id uuid not null references organisation,
  study_id uuid not null references study on delete cascade,
  series_instance_uid text collate "C" not null,
  modality text collate "C" not null default '',
  series_number integer,
  series_description text not null default '',
  body_part_examined text not null default '',
  pps_start_date text collate "C" not null default '',
  pps_start_time text collate "C" not null default '',
  instance_count integer not null default 0,
  attributes jsonb not null,
  first_instance_id uuid not null,
  last_received_at timestamptz not null,
  unique (study_id, series_instance_uid)
);
create index series_organisation_uid on series (organisation_id, series_instance_uid);
-- matching by one value (PS3.18 table 10.6.1-5); none of these columns changes when instances arrive
create index series_modality on series (organisation_id, modality);
create index series_number on series (organisation_id, series_number);
create index series_performed on series (organisation_id, pps_start_date, pps_start_time) where pps_start_date <> '';
-- Request Attributes Sequence, where there is one
create index series_request on series using gin ((attributes -> '00400275') jsonb_path_ops) where attributes ? '00400275';

create table instance (
  instance_id uuid primary key,
  organisation_id uuid not null references organisation,
  study_id uuid not null references study on delete cascade,
  series_id uuid not null references series on delete cascade,
  sop_instance_uid text collate "C" not null,
  sop_class_uid text not null,
  transfer_syntax_uid text not null,
  instance_number integer,
  number_of_frames integer not null default 0,
  rows integer,
  columns integer,
  bits_allocated integer,
  object_key text not null,
  -- bytes of the object as kept
  size bigint not null,
  sha256 bytea not null,
  received_at timestamptz not null,
  -- app_user.user_id of the uploader; null when the archive itself stored it
  received_by uuid,
  source text not null,
  unique (organisation_id, sop_instance_uid)
);
create index instance_series on instance (series_id, instance_number, sop_instance_uid);
create index instance_study on instance (study_id);
create index instance_uploader on instance (received_by, received_at);
create index instance_sha256 on instance (organisation_id, sha256);

-- What a retrieval needs beside the row: written with it, never updated.
create table instance_layout (
  instance_id uuid primary key references instance on delete cascade,
  -- InstanceLayout (core/archive/instance-layout.ts)
  layout jsonb not null
);

-- All attributes as DICOM JSON, gzip; written by the extract-metadata job.
create table instance_metadata (
  instance_id uuid primary key references instance on delete cascade,
  series_id uuid not null,
  dicom_json_gzip bytea not null
);
create index instance_metadata_series on instance_metadata (series_id);

-- What workers derived for a series; kept apart from series because it changes often.
create table series_derived (
  series_id uuid primary key references series on delete cascade,
  -- series metadata object (gzip JSON array) and the number of instances it holds
  metadata_key text,
  metadata_size bigint,
  metadata_instance_count integer,
  thumbnail_key text,
  thumbnail_instance_id uuid,
  -- 'image' or 'placeholder'
  thumbnail_kind text,
  updated_at timestamptz not null default now()
);

-- The frames of an instance again, as lossless HTJ2K, one after another in one object: derived, and made again when lost.
create table rendition (
  instance_id uuid primary key references instance on delete cascade,
  series_id uuid not null,
  transfer_syntax_uid text not null,
  -- core/dicom/encoded-frame.ts: a later encoder may write other bytes
  encoder integer not null,
  -- null when these pixels have none; refusal says why
  object_key text,
  size bigint not null default 0,
  refusal text,
  -- of each frame where its resolutions end, from its first byte: [[611,1510,4443,14302,44960,121141],…]
  frame_ends jsonb,
  made_at timestamptz not null default now()
);
create index rendition_series on rendition (series_id);

-- Bytes that were refused because another instance has their SOP Instance UID; a person decides.
create table quarantine (
  quarantine_id uuid primary key,
  organisation_id uuid not null references organisation,
  instance_id uuid references instance on delete set null,
  study_instance_uid text not null,
  series_instance_uid text not null,
  sop_instance_uid text not null,
  object_key text not null,
  size bigint not null,
  sha256 bytea not null,
  received_at timestamptz not null,
  received_by uuid,
  source text not null,
  patient_id text not null default '',
  patient_name jsonb,
  unique (organisation_id, sop_instance_uid, sha256)
);

-- The outbox: the row is the truth about work still to do, a queue only carries hints.
create table work_item (
  kind text not null,
  key uuid not null,
  organisation_id uuid not null,
  -- pending, running, failed
  state text not null default 'pending',
  -- bumped by each request; a run that finishes at an older number runs again
  requested bigint not null default 1,
  attempts integer not null default 0,
  requested_at timestamptz not null default now(),
  not_before timestamptz not null default now(),
  lease_until timestamptz,
  -- stable code and safe sentence of the last failure
  error_code text,
  error_message text,
  primary key (kind, key)
);
create index work_item_due on work_item (state, not_before);
create index work_item_key on work_item (key);

create table study_grant (
  study_id uuid not null references study on delete cascade,
  user_id uuid not null references app_user on delete cascade,
  granted_by uuid,
  granted_at timestamptz not null default now(),
  expires_at timestamptz,
  primary key (study_id, user_id)
);
create index study_grant_user on study_grant (user_id);

-- What a reader measured and has not saved yet. The object store has a copy, for a reindex.
create table mark_draft (
  study_id uuid not null references study on delete cascade,
  user_id uuid not null references app_user on delete cascade,
  version integer not null,
  marks jsonb not null,
  saved_at timestamptz not null default now(),
  primary key (study_id, user_id)
);

-- Append-only. Who, what, whom, when, from where, and whether it was allowed (PS3.15 A.5).
create table audit_event (
  audit_event_id bigint generated always as identity primary key,
  organisation_id uuid not null,
  occurred_at timestamptz not null default now(),
  event text not null,
  outcome text not null,
  user_id uuid,
  address text,
  study_id uuid,
  study_instance_uid text,
  detail jsonb not null default '{}'
);
create index audit_event_time on audit_event (organisation_id, occurred_at desc, audit_event_id desc);
create index audit_event_study on audit_event (study_id, occurred_at desc) where study_id is not null;
create index audit_event_user on audit_event (user_id, occurred_at desc) where user_id is not null;
-- What is rare among queries and accesses, and looked for most.
create index audit_event_rare on audit_event (organisation_id, event, occurred_at desc)
  where event in ('security-alert', 'configuration-changed', 'user-authentication');

-- Each event's place in the chain of its organisation: hash = SHA-256 of the hash before and of the event's text.
create table audit_link (
  organisation_id uuid not null,
  -- 1, 2, 3 … without a gap
  seq bigint not null,
  audit_event_id bigint not null unique,
  hash bytea not null,
  primary key (organisation_id, seq)
);

-- The end of each chain.
create table audit_head (
  organisation_id uuid primary key,
  seq bigint not null,
  audit_event_id bigint not null,
  hash bytea not null,
  -- UTC day whose head was last written to the object store
  sealed_on date
);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the audit trail is append-only';
end $$;
create trigger audit_event_append_only before update or delete or truncate on audit_event
  for each statement execute function refuse_change();
create trigger audit_link_append_only before update or delete or truncate on audit_link
  for each statement execute function refuse_change();
`
