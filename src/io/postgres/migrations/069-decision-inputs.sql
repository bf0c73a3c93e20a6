-- What a recommendation was worked out from, stored in the same transaction as the first decision that was made on it, so that the decision can be worked out again. Append-only.
create table decision_inputs (
  digest text primary key,              -- SHA-256, hex, over all of the row; the proposal of an assignment names it (dispatch_event.body->'proposal'->>'inputs')
  incident_id bigint not null,
  sequence bigint not null,             -- last event of the log that the state had
  computed_at_ms bigint not null,       -- wall time in ms since 1970
  roads text not null,                  -- which roads: the city's name and when it was imported
  columns bytea not null                -- last fixes, 28 bytes a unit (src/workflow/decision-inputs.ts)
);
create trigger decision_inputs_append_only before update or delete on decision_inputs for each row execute function refuse_dispatch_change();
create trigger decision_inputs_no_truncate before truncate on decision_inputs for each statement execute function refuse_dispatch_change();
