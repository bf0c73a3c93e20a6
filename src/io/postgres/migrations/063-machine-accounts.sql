-- Keys of outside systems. Of a key only its SHA-256 is kept; it opens one interface until it is revoked, and a revoked account stays in the list.
create table machine_account (
  id integer generated always as identity primary key,
  name text not null check (name <> ''),
  interface text not null,              -- src/contract/interfaces.ts
  key_hash bytea not null unique check (length(key_hash) = 32),
  key_start text not null,              -- its first characters, to know it by
  created_at timestamptz not null,
  created_by jsonb not null,            -- {kind, id, name} as it was then
  revoked_at timestamptz,
  revoked_by jsonb,
  last_used_at timestamptz,             -- to the minute
  last_used_from text,
  check ((revoked_at is null) = (revoked_by is null))
);
create unique index machine_account_name on machine_account (lower(name)) where revoked_at is null;
