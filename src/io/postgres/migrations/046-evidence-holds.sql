-- Evidence holds: what cameras recorded in a range is not deleted until a person releases it. Rows are added and stay as they are: a review and the
-- release are steps of their own. The revision grows with each change that recorders must know; its one row is locked by each writer, so that
-- revisions are committed in their order and a recorder that has kept one has kept all before it.
create table evidence_hold_revision (
  single boolean primary key default true check (single),
  value bigint not null
);
insert into evidence_hold_revision (value) values (0);

create table evidence_hold (
  id integer generated always as identity primary key,
  made_at timestamptz not null,
  actor_kind text not null check (actor_kind in ('user', 'service', 'system')),
  actor_id integer not null,
  actor_name text not null,            -- as it was then
  range_from timestamptz not null,
  range_to timestamptz not null,       -- may lie ahead: what is still to be recorded is held as it comes
  incident_id integer,
  words text check (words <> ''),
  review_at timestamptz not null,      -- the first date of review; later ones are in the steps
  revision bigint not null,
  check (range_to > range_from),
  check (incident_id is not null or words is not null)
);
create index evidence_hold_incident on evidence_hold (incident_id, id) where incident_id is not null;

create table evidence_hold_camera (
  hold_id integer not null references evidence_hold (id),
  camera_id integer not null references camera (id),
  primary key (hold_id, camera_id)
);
create index evidence_hold_by_camera on evidence_hold_camera (camera_id, hold_id);

create table evidence_hold_step (
  id integer generated always as identity primary key,
  hold_id integer not null references evidence_hold (id),
  kind text not null check (kind in ('reviewed', 'released')),
  at timestamptz not null,
  actor_kind text not null check (actor_kind in ('user', 'service', 'system')),
  actor_id integer not null,
  actor_name text not null,
  words text not null check (words <> ''),
  review_at timestamptz,               -- of a review: the next one
  revision bigint,                     -- of a release
  check ((kind = 'reviewed') = (review_at is not null)),
  check ((kind = 'released') = (revision is not null))
);
create index evidence_hold_step_of on evidence_hold_step (hold_id, id);
create unique index evidence_hold_released on evidence_hold_step (hold_id) where kind = 'released';

create trigger evidence_hold_append_only before update or delete on evidence_hold for each row execute function refuse_change();
create trigger evidence_hold_no_truncate before truncate on evidence_hold for each statement execute function refuse_change();
create trigger evidence_hold_camera_append_only before update or delete on evidence_hold_camera for each row execute function refuse_change();
create trigger evidence_hold_camera_no_truncate before truncate on evidence_hold_camera for each statement execute function refuse_change();
create trigger evidence_hold_step_append_only before update or delete on evidence_hold_step for each row execute function refuse_change();
create trigger evidence_hold_step_no_truncate before truncate on evidence_hold_step for each statement execute function refuse_change();
