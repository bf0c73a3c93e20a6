-- Layouts of the wall and camera tours, by person and by name [WAL1] [WAL2]. They hold ids of cameras, not looks: those are access records.
create table wall_layout (
  id integer generated always as identity primary key,
  owner_id integer not null references account (id),
  name text not null,
  shared boolean not null,          -- all who may look at cameras see it
  size smallint not null check (size in (1, 4, 9, 16, 25)),
  cells integer[] not null,         -- camera ids by tile, row after row; 0 where a tile is empty. Removed cameras stay: their past may be looked at
  changed_at timestamptz not null
);
create unique index wall_layout_own_name on wall_layout (owner_id, lower(name));
create unique index wall_layout_shared_name on wall_layout (lower(name)) where shared;

create table camera_tour (
  id integer generated always as identity primary key,
  owner_id integer not null references account (id),
  name text not null,
  shared boolean not null,
  changed_at timestamptz not null
);
create unique index camera_tour_own_name on camera_tour (owner_id, lower(name));
create unique index camera_tour_shared_name on camera_tour (lower(name)) where shared;

create table camera_tour_stop (
  tour_id integer not null references camera_tour (id) on delete cascade,
  place smallint not null,          -- 0, 1, 2, ... in the order they are shown
  layout_id integer references wall_layout (id), -- a layout that is in a tour cannot be removed
  camera_id integer,
  dwell_s integer not null check (dwell_s > 0),
  primary key (tour_id, place),
  check ((layout_id is null) <> (camera_id is null))
);
create index camera_tour_stop_layout on camera_tour_stop (layout_id) where layout_id is not null;
