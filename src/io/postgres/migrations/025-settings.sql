-- What the installation remembers of itself, e.g. which demo city was loaded.

create table setting (
  key text primary key,
  value jsonb not null
);
