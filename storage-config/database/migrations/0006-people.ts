export const sql = `
-- How people of an organisation sign in; without a row, as the product has it.
create table sign_in_settings (
  organisation_id uuid primary key references organisation,
  -- roles whose holders need a second factor
  second_factor_roles text[] not null default '{}',
  session_idle_minutes integer not null check (session_idle_minutes between 5 and 1440),
  session_hours integer not null check (session_hours between 1 and 168)
);

alter table session
  add column session_id uuid not null default gen_random_uuid() unique,
  add column address text,
  -- password, password+code, passkey, provider (OpenID Connect), invitation, link (a share's guest)
  add column method text not null default 'password',
  -- when its owner last showed who they are
  add column authenticated_at timestamptz not null default now();

alter table api_token
  add column token_id uuid not null default gen_random_uuid() unique,
  -- what of its owner's rights it has; null: all of them
  add column actions text[],
  add column last_used_at timestamptz;

-- What was tried, counted: by the SHA-256 of who tries what, so that no address and no account is kept here.
create table attempt (
  attempt_key bytea primary key,
  count integer not null,
  ends_at timestamptz not null
);
create index attempt_ends on attempt (ends_at);

-- Browsers on which a person has signed in: nobody else's guessing shuts them out.
create table trusted_browser (
  token_hash bytea not null,
  user_id uuid not null references app_user on delete cascade,
  organisation_id uuid not null references organisation,
  expires_at timestamptz not null,
  primary key (token_hash, user_id)
);
create index trusted_browser_user on trusted_browser (user_id);

-- Codes of an authenticator (RFC 6238).
create table one_time_codes (
  user_id uuid primary key references app_user on delete cascade,
  organisation_id uuid not null references organisation,
  -- encrypted (core/identity/sealed-secret.ts)
  secret bytea not null,
  -- the time step of the last code that was taken: none is taken twice
  last_step bigint not null default 0,
  confirmed_at timestamptz
);
create table recovery_code (
  code_hash bytea primary key,
  user_id uuid not null references app_user on delete cascade,
  organisation_id uuid not null references organisation,
  used_at timestamptz
);
create index recovery_code_user on recovery_code (user_id);

create table passkey (
  passkey_id uuid primary key,
  credential_id text not null unique,
  user_id uuid not null references app_user on delete cascade,
  organisation_id uuid not null references organisation,
  name text not null,
  -- COSE
  public_key bytea not null,
  counter bigint not null,
  transports text[] not null default '{}',
  backed_up boolean not null,
  created_at timestamptz not null default now(),
  last_used_at timestamptz
);
create index passkey_user on passkey (user_id);

-- What was begun and must be ended by the same browser, once: a passkey's challenge, a sign-in elsewhere.
create table ceremony (
  ceremony_hash bytea primary key,
  kind text not null,
  user_id uuid references app_user on delete cascade,
  state jsonb not null,
  expires_at timestamptz not null
);
create index ceremony_expires on ceremony (expires_at);

create table invitation (
  invitation_id uuid primary key,
  organisation_id uuid not null references organisation,
  token_hash bytea not null unique,
  email text not null,
  display_name text not null default '',
  roles text[] not null,
  invited_by uuid references app_user on delete set null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  accepted_at timestamptz,
  revoked_at timestamptz
);
create index invitation_organisation on invitation (organisation_id, created_at desc);

-- Where people of an organisation may sign in with (OpenID Connect).
create table identity_provider (
  provider_id uuid primary key,
  organisation_id uuid not null references organisation,
  -- on its button
  name text not null,
  issuer text not null,
  client_id text not null,
  -- encrypted
  client_secret bytea,
  scope text not null,
  group_claim text,
  -- [{group, role}]
  group_roles jsonb not null default '[]',
  -- whether somebody who is not known here gets an account
  creates_people boolean not null default false,
  -- on the sign-in page; else by its own address alone
  listed boolean not null default true,
  disabled_at timestamptz,
  created_at timestamptz not null default now()
);
create index identity_provider_organisation on identity_provider (organisation_id);
create table provider_identity (
  provider_id uuid not null references identity_provider on delete cascade,
  subject text not null,
  user_id uuid not null references app_user on delete cascade,
  organisation_id uuid not null references organisation,
  -- the provider made the account: its groups say the roles
  follows_groups boolean not null,
  primary key (provider_id, subject)
);
create index provider_identity_user on provider_identity (user_id);
`
