-- What of the past a look was served, as its recorder tells while it changes: each row says all of it so far, so the newest one counts.
create table access_record_served (
  id integer generated always as identity primary key,
  record_id integer not null references access_record (id),
  at timestamptz not null,
  ranges jsonb not null
);
create index access_record_served_record on access_record_served (record_id, id);
create trigger access_record_served_append_only before update or delete on access_record_served for each row execute function refuse_change();
create trigger access_record_served_no_truncate before truncate on access_record_served for each statement execute function refuse_change();
