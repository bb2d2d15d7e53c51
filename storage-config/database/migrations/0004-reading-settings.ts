export const sql = `
-- What a person changed of the reading room: mouse, keys, windows. The object store has a copy, for a reindex.
create table reading_settings (
  organisation_id uuid not null references organisation,
  user_id uuid not null references app_user on delete cascade,
  version integer not null,
  -- ReadingSettings (core/contract/reading-settings.ts)
  settings jsonb not null,
  changed_at timestamptz not null default now(),
  primary key (organisation_id, user_id)
);
`
