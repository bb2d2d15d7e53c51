export const sql = `
-- ImageFacts (core/contract/hanging.ts) of an image: where it hangs. Null for what was stored before there were any.
alter table instance add column facts jsonb;

-- How images are laid out when a study is opened. Of a person, of a role, or (neither) of everyone in the organisation.
-- The object store has a copy, for a reindex.
create table hanging_protocol (
  hanging_protocol_id uuid primary key,
  organisation_id uuid not null references organisation,
  user_id uuid references app_user on delete cascade,
  role text,
  version integer not null,
  -- HangingProtocol (core/contract/hanging.ts)
  protocol jsonb not null,
  changed_by uuid,
  changed_at timestamptz not null default now(),
  check (user_id is null or role is null)
);
create index hanging_protocol_of on hanging_protocol (organisation_id, user_id);
`
