-- Where cameras that turn were last told to look, so that a start of the centre does not take them for what was entered. It holds as long as the register says the same as it did then.
create table camera_turn (
  camera_id integer primary key references camera (id),
  bearing_deg double precision not null,
  tilt_deg double precision not null,
  horizontal_fov_deg double precision not null,
  entered_bearing_deg double precision not null,     -- of the register, when it was told
  entered_tilt_deg double precision not null,
  entered_horizontal_fov_deg double precision not null,
  told_at timestamptz not null,
  told_by jsonb not null
);
