-- Whether an export may hold the camera's ONVIF metadata, which describe persons and things: written with the record, before any of them leaves.
alter table access_record add column metadata boolean not null default false;
