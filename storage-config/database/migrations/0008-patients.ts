export const sql = `
-- Whether clinicians of an organisation may break the glass, and for how long it stays open then.
alter table organisation add column emergency_enabled boolean not null default true;
alter table organisation add column emergency_minutes integer not null default 60 check (emergency_minutes between 5 and 1440);
-- Whether patients read the names of who looked, or what they are.
alter table organisation add column patients_see_names boolean not null default false;

-- Whose studies: another date of birth under the same Patient ID is somebody else.
alter table patient_account add column birth_date text collate "C" not null default '';

-- The code that opens a patient's page, with the date of birth. One for each patient: a new one replaces it.
create table patient_slip (
  user_id uuid primary key references app_user on delete cascade,
  organisation_id uuid not null references organisation,
  -- SHA-256 of the code (core/patients/slip-code.ts)
  code_hash bytea not null unique,
  issued_by uuid,
  issued_at timestamptz not null default now(),
  expires_at timestamptz not null,
  opened_at timestamptz,
  -- dates of birth that were not right, since one was
  wrong_guesses integer not null default 0,
  guess_after timestamptz
);
create index patient_slip_organisation on patient_slip (organisation_id, issued_at desc);

create index emergency_access_open on emergency_access (expires_at) where ended_at is null;
create index emergency_access_patient on emergency_access (organisation_id, patient_id, issuer_of_patient_id);

select wall('patient_slip');
`
