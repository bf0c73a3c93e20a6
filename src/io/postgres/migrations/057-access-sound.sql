-- Whether a look may hear the camera, not only see it: written with the record, before any of the sound leaves.
alter table access_record add column sound boolean not null default false;
