-- Who looked at which camera, when, and why. The row is committed before the token that opens the picture exists.

create table access_record (
  id integer generated always as identity primary key,
  at timestamptz not null,
  account_id integer not null references account (id),
  account_name text not null,         -- as it was then
  camera_id integer not null references camera (id),
  camera_code text not null,          -- as it was then
  mode text not null check (mode in ('live', 'playback')),
  range_from timestamptz,
  range_to timestamptz,
  purpose text not null,
  incident_id integer,
  words text,
  check ((purpose = 'incident') = (incident_id is not null)),
  check (purpose = 'incident' or words <> ''),
  check ((mode = 'playback') = (range_from is not null and range_to is not null))
);
create index access_record_camera on access_record (camera_id, id);
create index access_record_account on access_record (account_id, id);
create trigger access_record_append_only before update or delete on access_record for each row execute function refuse_change();
create trigger access_record_no_truncate before truncate on access_record for each statement execute function refuse_change();

-- The end of a look is a record of its own.
create table access_record_end (
  record_id integer primary key references access_record (id),
  at timestamptz not null
);
create trigger access_record_end_append_only before update or delete on access_record_end for each row execute function refuse_change();
create trigger access_record_end_no_truncate before truncate on access_record_end for each statement execute function refuse_change();
