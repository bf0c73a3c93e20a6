-- Detectors, panic buttons and doors that alarm panels speak of, by the code that the panel sends.
create table alarm_point (
  id integer generated always as identity primary key,
  code text not null unique,
  kind text not null,
  site_name text not null check (site_name <> ''),
  door text not null,
  lon double precision not null check (lon between -180 and 180),
  lat double precision not null check (lat between -90 and 90),
  uncertainty_m double precision not null check (uncertainty_m >= 0),
  camera_ids integer[] not null,
  priority_hint integer check (priority_hint between 1 and 4),
  changed_at timestamptz not null,
  changed_by jsonb not null
);
