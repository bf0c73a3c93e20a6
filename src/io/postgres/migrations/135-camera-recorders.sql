-- Who recorded a camera from when on, of cameras that were moved from one recorder to another: what each recorded stays with it. A camera that never was moved has no row here, and all of it is with the
-- recorder of its row in camera; the first row of one that was is of the time before its first move. Who moved it and why is in the audit entry (camera.move-recorder).
create table camera_recorder_stay (
  camera_id integer not null references camera (id),
  recorder_id integer not null,
  since timestamptz not null,
  primary key (camera_id, since)
);
