export const sql = `
-- How far the chain of an organisation was forwarded: the last link that a receiver of syslog has read.
create table audit_forwarding (
  organisation_id uuid primary key,
  seq bigint not null,
  forwarded_at timestamptz not null default now()
);
select wall('audit_forwarding');

-- What is rare, whoever looks for it: kinds of events that are not reading, what did not succeed, and each address.
drop index audit_event_rare;
create index audit_event_rare on audit_event (organisation_id, event, occurred_at desc)
  where event not in ('instances-accessed', 'instances-transferred', 'query');
create index audit_event_outcome on audit_event (organisation_id, outcome, occurred_at desc) where outcome <> 'success';
create index audit_event_address on audit_event (organisation_id, address, occurred_at desc) where address is not null;
`
