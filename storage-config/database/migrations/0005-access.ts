export const sql = `
-- What an organisation is: a hospital, or the vault of one share link: the copy it shows, apart from everything else.
alter table organisation add column kind text not null default 'hospital';
-- Roles that read what the rules say, and no longer all of the organisation.
alter table organisation add column ruled_roles text[] not null default '{}';

-- Who an account is: a person; the guest of a share link; a patient who reads their own studies.
alter table app_user add column kind text not null default 'person';
-- Names under which this person refers patients, as typed: a referring clinician reads their studies.
alter table app_user add column referrer_names text[] not null default '{}';
-- Guests and patients are found by a secret of theirs, not by an address.
drop index app_user_email;
create unique index app_user_email on app_user (lower(email)) where kind = 'person';

create table user_group (
  group_id uuid primary key,
  organisation_id uuid not null references organisation,
  name text not null,
  unique (organisation_id, name)
);
create table user_group_member (
  organisation_id uuid not null references organisation,
  group_id uuid not null references user_group on delete cascade,
  user_id uuid not null references app_user on delete cascade,
  primary key (group_id, user_id)
);
create index user_group_member_user on user_group_member (user_id);

-- Who reads what beside what the page of rules says (core/access/policy.ts): a role, a group or a person, and conditions that
-- all hold. An empty list is no condition.
create table access_rule (
  rule_id uuid primary key,
  organisation_id uuid not null references organisation,
  role text,
  group_id uuid references user_group on delete cascade,
  user_id uuid references app_user on delete cascade,
  modalities text[] not null default '{}',
  -- names of referring physicians, as typed
  referrers text[] not null default '{}',
  -- studies of the last so many days, by Study Date
  days integer,
  expires_at timestamptz,
  created_by uuid,
  created_at timestamptz not null default now(),
  check (num_nonnulls(role, group_id, user_id) = 1)
);
create index access_rule_organisation on access_rule (organisation_id);

-- A link that shows one study to somebody without an account. Opened, it signs its guest in.
create table share_link (
  share_id uuid primary key,
  organisation_id uuid not null references organisation,
  -- what the link and its cookie are found by; not secret
  handle text not null unique,
  -- SHA-256 of the secret behind the handle
  token_hash bytea not null,
  guest_id uuid not null references app_user on delete cascade,
  study_id uuid not null references study on delete cascade,
  created_by uuid,
  created_at timestamptz not null default now(),
  -- beside viewing: download, annotate, report
  rights text[] not null default '{}',
  -- argon2id; null when the link alone opens it
  passphrase_hash text,
  -- the code of a link that is bound to whom it is opened by first
  one_time_code boolean not null default false,
  code_used_at timestamptz,
  expires_at timestamptz not null,
  most_opens integer,
  opens integer not null default 0,
  watermark boolean not null default true,
  -- ShareSelection (core/sharing/share-link.ts); null: the whole study
  selection jsonb,
  -- DeidentifyOptions; null: as it is
  deidentify jsonb,
  -- where the copy is that a selection or a de-identification needs
  vault_id uuid references organisation,
  -- of the copy
  instances_done integer not null default 0,
  instances_total integer not null default 0,
  ready_at timestamptz,
  -- instances that are not in the copy and why: [{sopInstanceUid, code}]
  refused jsonb not null default '[]',
  wrong_guesses integer not null default 0,
  guess_after timestamptz,
  revoked_at timestamptz,
  revoked_by uuid
);
create index share_link_study on share_link (study_id);
create index share_link_guest on share_link (guest_id);
create index share_link_maker on share_link (organisation_id, created_by, created_at desc);

create table share_opening (
  share_id uuid not null references share_link on delete cascade,
  organisation_id uuid not null,
  opened_at timestamptz not null default now(),
  address text,
  user_agent text
);
create index share_opening_share on share_opening (share_id, opened_at desc);

-- A clinician broke the glass: reads the studies of this patient until then, and a person reviews why.
create table emergency_access (
  emergency_id uuid primary key,
  organisation_id uuid not null references organisation,
  user_id uuid not null references app_user on delete cascade,
  patient_id text collate "C" not null,
  issuer_of_patient_id text collate "C" not null default '',
  reason_code text not null,
  reason text not null,
  began_at timestamptz not null default now(),
  expires_at timestamptz not null,
  ended_at timestamptz,
  reviewed_at timestamptz,
  reviewed_by uuid,
  -- justified, unjustified
  verdict text,
  review_note text
);
create index emergency_access_user on emergency_access (user_id, expires_at);
create index emergency_access_organisation on emergency_access (organisation_id, began_at desc);

-- Whose studies a patient's account reads.
create table patient_account (
  user_id uuid primary key references app_user on delete cascade,
  organisation_id uuid not null references organisation,
  patient_id text collate "C" not null,
  issuer_of_patient_id text collate "C" not null default '',
  unique (organisation_id, patient_id, issuer_of_patient_id)
);
`
