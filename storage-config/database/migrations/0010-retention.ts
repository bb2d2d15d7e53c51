export const sql = `
-- How long studies are kept. What no rule that is switched on names is kept for ever (core/retention/judge-studies.ts).
create table retention_rule (
  rule_id uuid primary key,
  organisation_id uuid not null references organisation,
  -- an empty list: every study
  modalities text[] not null default '{}',
  -- null: for ever, whatever other rules say
  years integer check (years between 1 and 200),
  counted_from text not null check (counted_from in ('study-date', 'received')),
  -- of a patient who was under age: also until this age
  minors_until integer check (minors_until between 18 and 100),
  -- how long a study that is due is listed before it is removed
  grace_days integer not null check (grace_days between 7 and 365),
  -- also studies that an open link shows
  removes_shared boolean not null default false,
  -- null: a draft, which does nothing
  enabled_at timestamptz,
  created_by uuid,
  created_at timestamptz not null default now()
);
create index retention_rule_organisation on retention_rule (organisation_id);

-- What is never removed while it lasts. By UID and Patient ID: our own ids are made anew by a reindex.
create table study_hold (
  hold_id uuid primary key,
  organisation_id uuid not null references organisation,
  study_instance_uid text collate "C",
  patient_id text collate "C",
  issuer_of_patient_id text collate "C" not null default '',
  reason text not null,
  placed_by uuid,
  placed_at timestamptz not null default now(),
  -- the last day; null: until it is lifted
  until date,
  lifted_at timestamptz,
  lifted_by uuid,
  check (num_nonnulls(study_instance_uid, patient_id) = 1)
);
create index study_hold_study on study_hold (organisation_id, study_instance_uid) where lifted_at is null;
create index study_hold_patient on study_hold (organisation_id, patient_id) where lifted_at is null;

-- Studies that a rule will remove, while they can still be kept.
create table retention_due (
  study_id uuid primary key references study on delete cascade,
  organisation_id uuid not null references organisation,
  rule_id uuid not null references retention_rule on delete cascade,
  found_at timestamptz not null default now(),
  remove_after timestamptz not null
);
create index retention_due_organisation on retention_due (organisation_id, remove_after);

-- A study whose rows are gone, and why.
create table study_removal (
  removal_id uuid primary key,
  organisation_id uuid not null references organisation,
  -- as it was
  study_id uuid not null unique,
  study_instance_uid text not null,
  -- null: a person removed it
  rule_id uuid,
  reason text not null default '',
  removed_by uuid,
  removed_at timestamptz not null default now(),
  instances integer not null,
  bytes bigint not null,
  -- null: its objects are still being removed
  done_at timestamptz
);
create index study_removal_organisation on study_removal (organisation_id, removed_at desc);
create index study_removal_unfinished on study_removal (removal_id) where done_at is null;

-- What is still to be removed of it: the key of an object, or what keys begin with, which ends with a slash.
create table removal_object (
  removal_id uuid not null references study_removal on delete cascade,
  organisation_id uuid not null references organisation,
  object_key text collate "C" not null,
  primary key (removal_id, object_key)
);
create index removal_object_key on removal_object (object_key);

-- The day that DICOM DA says; null where it says none. A day that its month does not have is one of the next month.
create function dicom_day(text) returns date language sql immutable parallel safe as $$
  select case when $1 ~ '^(18|19|20|21)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])$'
    then to_date(left($1, 6), 'YYYYMM') + (right($1, 2)::integer - 1) end
$$;

select wall(walled::regclass) from unnest(array['retention_rule', 'study_hold', 'retention_due', 'study_removal',
  'removal_object']) walled;
`
