export const sql = `
-- What a reader outlined on a study and has not saved yet, as mark_draft is of measurements. The object store has a copy.
create table segment_draft (
  study_id uuid not null references study on delete cascade,
  user_id uuid not null references app_user on delete cascade,
  version integer not null,
  -- Segment (core/measurements/segments/segment.ts)
  segments jsonb not null,
  saved_at timestamptz not null default now(),
  primary key (study_id, user_id)
);
`
