-- People who may log in, and their sessions. Roles and what they allow are the program's (contract/access), not the database's.

create table account (
  id integer generated always as identity primary key,
  name text not null check (name <> ''),
  login text not null unique check (login ~ '^[a-z0-9][a-z0-9._-]{1,39}$'),
  password_hash text not null check (password_hash like '$argon2id$%'),  -- PHC string
  roles text[] not null check (cardinality(roles) > 0),
  unit_id integer,                                                       -- the dispatch unit whose phone this is
  disabled boolean not null default false,
  created_at timestamptz not null
);

-- One row at most: whoever inserts it has used the one-time token. A second use at the same moment fails on the key.
create table first_account (
  only_one boolean primary key default true check (only_one),
  account_id integer not null references account (id)
);

-- The token itself is in the browser's cookie only; here is its SHA-256.
create table user_session (
  token_hash bytea primary key check (octet_length(token_hash) = 32),
  account_id integer not null references account (id),
  created_at timestamptz not null,
  last_used_at timestamptz not null,
  address text not null                                                  -- where the log-in came from
);
create index user_session_account on user_session (account_id, last_used_at);
