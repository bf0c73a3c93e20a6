-- Patrol platforms and campuses: what stands where. Units are dispatch's own and come from its log.

create table platform (
  id integer generated always as identity primary key,
  code text not null unique,
  name text not null,
  lon double precision not null,
  lat double precision not null,
  district text
);

create table campus (
  id integer generated always as identity primary key,
  code text not null unique,
  name text not null,
  lon double precision not null,
  lat double precision not null,
  district text,
  guards jsonb not null              -- [{name, post, phone}]: on duty now
);
