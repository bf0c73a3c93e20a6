-- Run cards: tables as a whole, each proposed by one person and put in force by another. The rows of a table never change; what was in force stays, because incidents name its version.
create table run_card_table (
  id integer generated always as identity primary key,
  state text not null default 'proposed' check (state in ('proposed', 'approved', 'discarded')),
  version integer unique,               -- from 3 on: 1 and 2 are the program's own
  based_on integer not null,            -- the version against which it was looked at
  rows jsonb not null,                  -- src/contract/run-cards.ts, RunCardRow, a list
  words text not null,                  -- why
  proposed_at timestamptz not null,
  proposed_by jsonb not null,
  settled_at timestamptz,
  settled_by jsonb,
  check ((state = 'approved') = (version is not null)),
  check ((state = 'proposed') = (settled_at is null)),
  check (version is null or version > 2)
);
create unique index run_card_table_one_proposed on run_card_table ((true)) where state = 'proposed';
