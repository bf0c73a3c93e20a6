-- Which device tells where which unit is. Where it is now is in memory only (src/workflow/positions.ts).
create table tracker (
  id integer generated always as identity primary key,
  device_id text not null unique,       -- as the device says it
  unit_id integer not null unique,      -- of the dispatch log; one unit, one voice
  registered_at timestamptz not null,
  registered_by jsonb not null          -- {kind, id, name} as it was then
);
