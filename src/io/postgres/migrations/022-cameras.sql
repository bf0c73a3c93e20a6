-- The register of cameras. A removed camera keeps its row: recordings and access records name it. Places are WGS 84 degrees; nearness and sight are
-- answered from memory, so no spatial index is needed here. Search is by trigrams, for parts of names in any script.

create extension if not exists pg_trgm;

create sequence camera_id_sequence as integer;
create sequence camera_revision_sequence;

create table camera (
  id integer primary key default nextval('camera_id_sequence'),
  code text not null check (code ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$'),
  name text not null check (name <> ''),
  kind text not null check (kind in ('fixed', 'ptz', 'dome', 'multi-sensor')),
  place text not null,
  district text,
  lon double precision not null check (lon between -180 and 180),
  lat double precision not null check (lat between -90 and 90),
  mount_height_m real not null,
  bearing_deg real not null check (bearing_deg >= 0 and bearing_deg < 360),  -- clockwise from north
  tilt_deg real not null,                                                    -- below the horizon
  horizontal_fov_deg real not null check (horizontal_fov_deg > 0),
  vertical_fov_deg real not null check (vertical_fov_deg > 0),
  range_m real not null check (range_m > 0),
  image_width_px integer not null check (image_width_px > 0),
  purpose text not null check (purpose <> ''),                               -- why it may look at all
  owner text not null,
  address text check (address ~ '^rtsps?://[^@]*$'),                         -- never with a name or password in it
  recording text not null check (recording in ('continuous', 'on-demand')),
  retention_days real not null check (retention_days > 0),
  recorder_id integer not null default 1,
  revision bigint not null default nextval('camera_revision_sequence'),      -- grows with each change of any camera
  created_at timestamptz not null,
  removed_at timestamptz,
  search text generated always as (lower(code || ' ' || name || ' ' || place || ' ' || coalesce(district, ''))) stored
);
alter sequence camera_id_sequence owned by camera.id;
create unique index camera_code on camera (code) where removed_at is null;
create index camera_search on camera using gin (search gin_trgm_ops) where removed_at is null;
create index camera_of_recorder on camera (recorder_id, id) where removed_at is null and address is not null;

-- Names and passwords of cameras: apart, and sealed with a key that is not in the database (AES-256-GCM, bound to the camera's id).
create table camera_credential (
  camera_id integer primary key references camera (id),
  sealed bytea not null
);
