export const sql = `
-- How far the chain of an organisation was forwarded: the last link that a receiver of syslog has read.
create table audit_forwarding (
  organisation_id uuid primary key,
  seq bigint not null,
  forwarded_at timestamptz not null default now()
);
select wall('audit_forwarding');
`
