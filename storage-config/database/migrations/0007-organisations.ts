/**
 * The second wall between organisations (decision 0024), below the scope of every query: row-level security, which binds the
 * owner of the tables too. Whose rows a connection is shown is its setting `yunying.organisation`: an organisation's id, `*` for
 * the archive itself, and nothing for nobody.
 *
 * A table that is made later and holds an organisation's rows gets its wall in the migration that makes it:
 * `select wall('table')` where it has a column `organisation_id`, else `select wall('table', 'parent', 'key')`: the walled table whose row
 * it belongs to, and the column that both name it by.
 */
export const sql = `
alter table organisation
  -- bytes it may keep; null: as many as there is room for
  add column quota_bytes bigint check (quota_bytes >= 0),
  -- IANA: where its days begin
  add column time_zone text not null default 'UTC',
  -- what its people read until they choose
  add column language text,
  add column logo_key text;

-- Bytes of all instances whose Id is below counted_to: what came since is soon added up (core/organisations/storage-room.ts).
create table kept_bytes (
  organisation_id uuid primary key references organisation on delete cascade,
  bytes bigint not null,
  counted_to uuid not null
);

-- By day of the organisation's time zone.
create table usage_day (
  organisation_id uuid not null references organisation on delete cascade,
  day date not null,
  -- as last measured on that day
  kept_bytes bigint,
  studies bigint,
  served_bytes bigint not null default 0,
  primary key (organisation_id, day)
);
-- Who was there on a day.
create table usage_visit (
  organisation_id uuid not null references organisation on delete cascade,
  day date not null,
  user_id uuid not null,
  primary key (organisation_id, day, user_id)
);

-- The organisation is asked for once a statement (that is what the inner select is for), and everything else only of rows that
-- are not its. "is true" keeps the planner from trying every index of a table for the wall's sake. Measured, this costs the
-- least. A table without the column is judged by the row that its rows belong to.
create function wall(walled regclass, parent regclass default null, key name default null) returns void language plpgsql as $$
declare
  condition text := $condition$ (organisation_id = (select nullif(nullif(current_setting('yunying.organisation', true), ''), '*')::uuid)) is true
    or current_setting('yunying.organisation', true) = '*' $condition$;
begin
  if parent is not null then
    condition := format($condition$ current_setting('yunying.organisation', true) = '*'
      or exists (select from %1$s parent where parent.%2$I = %3$s.%2$I) $condition$, parent, key, walled);
  end if;
  execute format('alter table %s enable row level security, force row level security', walled);
  execute format('create policy wall on %s using (%s)', walled, condition);
end $$;

select wall(walled::regclass) from unnest(array['organisation', 'app_user', 'study', 'study_tally', 'series', 'instance',
  'quarantine', 'work_item', 'audit_link', 'audit_head', 'hanging_protocol', 'reading_settings', 'user_group',
  'user_group_member', 'access_rule', 'share_link', 'share_opening', 'emergency_access', 'patient_account', 'kept_bytes', 'usage_day',
  'usage_visit', 'sign_in_settings', 'trusted_browser', 'one_time_codes', 'recovery_code', 'passkey', 'invitation',
  'identity_provider', 'provider_identity']) walled;
select wall(walled::regclass, 'app_user', 'user_id') from unnest(array['session', 'api_token']) walled;
select wall(walled::regclass, 'study', 'study_id') from unnest(array['study_grant', 'mark_draft', 'segment_draft']) walled;
select wall('series_derived', 'series', 'series_id');
select wall(walled::regclass, 'instance', 'instance_id') from unnest(array['instance_layout', 'instance_metadata', 'rendition']) walled;

-- Each organisation reads its own events. Anything may be recorded for any: who uses a share of another organisation is
-- recorded there, and nothing of an event can be read by recording one.
select wall('audit_event');
create policy recorded on audit_event for insert with check (true);
`
