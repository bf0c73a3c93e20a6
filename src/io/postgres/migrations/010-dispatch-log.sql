-- The event log of dispatch: the system of record for contacts, incidents, units and assignments. Append-only; the state is its fold
-- (src/dispatch/apply.ts). Written by one writer at a time (src/io/postgres/event-store.ts).

create table dispatch_event (
  sequence bigint primary key check (sequence > 0), -- 1, 2, 3 ... without a gap
  at_ms bigint not null,                            -- wall time in ms since 1970; never less than that of the event before
  actor_kind text not null check (actor_kind in ('user', 'service', 'system')),
  actor_id bigint not null,                         -- account or service; 0 for the system
  actor_name text not null,                         -- as it was then
  command_id uuid,                                  -- the command that made it; null for the system's own
  body jsonb not null,                              -- src/dispatch/events.ts, EventBody; body->>'type' names it
  -- its line in the timeline of an incident; all null where it belongs to none
  incident_id bigint,
  entry_number integer check (entry_number > 0),    -- 1, 2, 3 ... per incident, without a gap
  previous_hash text,                               -- hash of entry_number - 1; 64 zeros before the first
  hash text,                                        -- SHA-256, hex (src/dispatch/timeline.ts says of what)
  check (num_nulls(incident_id, entry_number, previous_hash, hash) in (0, 4))
);
create unique index dispatch_event_entry on dispatch_event (incident_id, entry_number) where incident_id is not null;

-- Each command from outside has exactly one outcome, committed with its events: the same command again gets the same answer.
create table dispatch_outcome (
  command_id uuid primary key,
  fingerprint text not null,                        -- SHA-256 over sender and command: an id used for something else is found out
  at_ms bigint not null,
  actor_kind text not null,
  actor_id bigint not null,
  actor_name text not null,
  outcome jsonb not null                            -- src/dispatch/commands.ts, Outcome
);

-- Who may write. One row; a new writer takes the next epoch, and an append of an older epoch changes nothing.
create table dispatch_writer (
  single boolean primary key default true check (single),
  epoch bigint not null,
  holder text not null,                             -- host and process, for the message that a second one prints
  since timestamptz not null,
  last_sequence bigint not null                     -- of the last event; an append must say it
);
insert into dispatch_writer (epoch, holder, since, last_sequence) values (0, '', now(), 0);

create function refuse_dispatch_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name;
end $$;
create trigger dispatch_event_append_only before update or delete on dispatch_event for each row execute function refuse_dispatch_change();
create trigger dispatch_event_no_truncate before truncate on dispatch_event for each statement execute function refuse_dispatch_change();
create trigger dispatch_outcome_append_only before update or delete on dispatch_outcome for each row execute function refuse_dispatch_change();
create trigger dispatch_outcome_no_truncate before truncate on dispatch_outcome for each statement execute function refuse_dispatch_change();
