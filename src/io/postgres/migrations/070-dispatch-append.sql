-- One append to the log of dispatch, in one call: between two statements of a transaction the disk waits for the network, and every command of the next group with it.
-- status: done; moved (the log is at other_sequence, or belongs to other_epoch: nothing was changed); locked (another session holds the right to write).
create function append_to_dispatch_log(
  of_epoch bigint,           -- of the writer
  after_sequence bigint,     -- the log must end there
  to_sequence bigint,        -- and ends here afterwards
  lock_key bigint,
  known_backend integer,     -- the backend that is known to hold the lock; another takes it first
  events jsonb, outcomes jsonb, inputs jsonb -- rows by the tables' column names; bytes in base64
) returns table (status text, backend integer, other_epoch bigint, other_sequence bigint) language plpgsql as $$
begin
  backend := pg_backend_pid();
  if backend <> known_backend and not pg_try_advisory_lock(lock_key) then
    select w.epoch, w.last_sequence into other_epoch, other_sequence from dispatch_writer w;
    status := 'locked';
    return next;
    return;
  end if;
  update dispatch_writer w set last_sequence = to_sequence where w.epoch = of_epoch and w.last_sequence = after_sequence;
  if not found then
    select w.epoch, w.last_sequence into other_epoch, other_sequence from dispatch_writer w;
    status := 'moved';
    return next;
    return;
  end if;
  insert into dispatch_event (sequence, at_ms, actor_kind, actor_id, actor_name, command_id, body, incident_id, entry_number, previous_hash, hash)
    select * from jsonb_to_recordset(events) as r (
      sequence bigint, at_ms bigint, actor_kind text, actor_id bigint, actor_name text, command_id uuid, body jsonb,
      incident_id bigint, entry_number integer, previous_hash text, hash text);
  insert into dispatch_outcome (command_id, fingerprint, at_ms, actor_kind, actor_id, actor_name, outcome)
    select * from jsonb_to_recordset(outcomes) as r (
      command_id uuid, fingerprint text, at_ms bigint, actor_kind text, actor_id bigint, actor_name text, outcome jsonb);
  insert into decision_inputs (digest, incident_id, sequence, computed_at_ms, roads, columns)
    select r.digest, r.incident_id, r.sequence, r.computed_at_ms, r.roads, decode(r.columns, 'base64') from jsonb_to_recordset(inputs) as r (
      digest text, incident_id bigint, sequence bigint, computed_at_ms bigint, roads text, columns text)
    on conflict (digest) do nothing;
  status := 'done';
  return next;
end $$;
