-- Platforms are entered, changed and retired by people; one that is retired stays, since jobs of the past name it.
alter table platform add column retired_at timestamptz;
alter table platform add column changed_at timestamptz;           -- null: it came with the demo city
alter table platform add column changed_by jsonb;
