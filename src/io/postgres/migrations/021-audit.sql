-- Who changed accounts, cameras and settings. Rows are added in the transaction of the change and stay as they are.

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only: % refused', tg_table_name, tg_op using errcode = 'restrict_violation';
end $$;

create table audit_entry (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  actor_kind text not null check (actor_kind in ('user', 'service', 'system')),
  actor_id integer not null,
  actor_name text not null,
  action text not null,              -- camera.add, account.change, ...
  subject_kind text not null,        -- camera, account
  subject_id integer,                -- null where the entry is about many; then the body says which
  body jsonb not null                -- what changed; never a password, a token or their hashes
);
create trigger audit_entry_append_only before update or delete on audit_entry for each row execute function refuse_change();
create trigger audit_entry_no_truncate before truncate on audit_entry for each statement execute function refuse_change();
