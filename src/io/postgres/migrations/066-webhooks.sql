-- Deliveries to outside systems, made from the dispatch log after its commit.
create table webhook (
  id integer generated always as identity primary key,
  name text not null check (name <> ''),
  url text not null,
  topics text[] not null,
  format text not null,
  secret bytea not null,                -- sealed: what deliveries are signed with
  enabled boolean not null default true,
  made_at timestamptz not null,
  made_by jsonb not null,
  removed_at timestamptz
);
create table webhook_delivery (
  id bigint generated always as identity primary key,
  webhook_id integer not null references webhook (id),
  sequence bigint not null,             -- of the log; of a warning 0
  topic text not null,
  event text not null,
  subject_id bigint not null,           -- of the incident or the warning
  event_at timestamptz not null,
  state text not null default 'waiting' check (state in ('waiting', 'delivered', 'dead')),
  tries integer not null default 0,
  next_at timestamptz not null,
  error text,
  made_at timestamptz not null,
  settled_at timestamptz
);
create index webhook_delivery_due on webhook_delivery (webhook_id, next_at, id) where state = 'waiting';
create index webhook_delivery_state on webhook_delivery (state, id);
create index webhook_delivery_of on webhook_delivery (webhook_id, state, id);
create unique index webhook_delivery_once on webhook_delivery (webhook_id, sequence, subject_id) where sequence > 0;

-- How far of the log deliveries were made.
create table webhook_cursor (
  single boolean primary key default true check (single),
  sequence bigint not null
);
insert into webhook_cursor (sequence) select coalesce(max(sequence), 0) from dispatch_event;
