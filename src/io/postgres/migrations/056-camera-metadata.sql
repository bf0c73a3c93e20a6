-- A camera's ONVIF metadata (its own description of what is before it) is asked for and kept only where a purpose is written.
alter table camera
  add column metadata_purpose text check (metadata_purpose <> ''); -- null: not asked for
