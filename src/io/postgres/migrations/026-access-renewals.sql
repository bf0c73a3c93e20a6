-- A look that goes on: each fresh token of the same look is a row here, committed before the token exists. The record itself never changes.
create table access_record_renewal (
  id integer generated always as identity primary key,
  record_id integer not null references access_record (id),
  at timestamptz not null
);
create index access_record_renewal_record on access_record_renewal (record_id, at);
create trigger access_record_renewal_append_only before update or delete on access_record_renewal for each row execute function refuse_change();
create trigger access_record_renewal_no_truncate before truncate on access_record_renewal for each statement execute function refuse_change();
