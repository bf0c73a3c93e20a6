-- Which agency may read which incident, for what and until when. What is read of it is in audit_entry, with the sharing's id.

create table incident_sharing (
  id integer generated always as identity primary key,
  incident_id bigint not null,
  agency_kind text not null check (agency_kind in ('key', 'webhook')),
  agency_id integer not null,          -- of machine_account or webhook
  agency_name text not null,           -- as it was called then
  purpose text not null check (purpose <> ''),
  until_at timestamptz not null,
  made_at timestamptz not null,
  made_by jsonb not null,
  ended_at timestamptz,                -- by a person, before its time
  ended_by jsonb,
  check ((ended_at is null) = (ended_by is null)),
  check (until_at > made_at)
);
create index incident_sharing_of on incident_sharing (incident_id, agency_kind, agency_id) where ended_at is null;
create index incident_sharing_incident on incident_sharing (incident_id, id);
