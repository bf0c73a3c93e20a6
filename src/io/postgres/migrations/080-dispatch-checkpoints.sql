-- Checkpoints of dispatch: the state as it was after an event, so that a start folds only the rest of the log. Nothing of them is a record: the log is, and all of this may be
-- emptied at any time (the next start then folds all of it). Written by src/io/postgres/checkpoint-store.ts.

create table dispatch_checkpoint (
  number bigint primary key,        -- rises with each that is written
  sequence bigint not null,         -- last event of the log that is in it
  version text not null,            -- digest of the code that folds: a state of other code is not used
  head text not null,               -- JSON: what stands in no block (src/dispatch/state-blocks.ts)
  digest text not null,             -- SHA-256, hex, over version, sequence, head and the digests of its blocks
  written_at timestamptz not null default now()
);

-- A block that did not change stands once for all the checkpoints that it belongs to: those from number `since` on, and before `until`.
create table dispatch_checkpoint_block (
  kind text not null,
  number bigint not null,           -- of the block
  since bigint not null,
  until bigint check (until > since), -- null: it belongs to the newest
  bytes bytea not null,             -- JSON, compressed with zstd
  primary key (kind, number, since)
);
alter table dispatch_checkpoint_block alter column bytes set storage external; -- compressed already
