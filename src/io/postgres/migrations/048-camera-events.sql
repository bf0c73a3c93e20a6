-- What was wrong with cameras and recorders, from when to when, and who said that they know. An event is ended once and acknowledged once; else it stays as it is. Of one
-- subject at most one event of a kind lasts.
create table camera_event (
  id bigint generated always as identity primary key,
  kind text not null,
  recorder_id integer not null,
  camera_id integer references camera (id),            -- null: of the recorder as a whole
  started_at timestamptz not null,
  ended_at timestamptz check (ended_at >= started_at),
  params jsonb not null,                               -- figures at the start
  acknowledged_at timestamptz,
  acknowledged_by_kind text,
  acknowledged_by_id integer,
  acknowledged_by_name text,
  acknowledged_words text,
  check ((acknowledged_at is null) = (acknowledged_words is null) and (acknowledged_at is null) = (acknowledged_by_id is null)),
  check ((kind = 'recorder-away') = (camera_id is null))
);
create unique index camera_event_lasting on camera_event (coalesce(camera_id, -recorder_id), kind) where ended_at is null;
create index camera_event_of_camera on camera_event (camera_id, id desc);
create index camera_event_ended on camera_event (ended_at) where ended_at is not null;

-- What a camera has most of the time, so that it need not be learned anew after each restart.
create table camera_usual (
  camera_id integer primary key references camera (id),
  format text not null,
  bits_per_second real not null,
  frames_per_second real not null,
  key_interval_ms real not null,
  learned_ms bigint not null,
  at timestamptz not null
);
