-- A look for a call that is no incident yet names the call. Records of before keep what they say: their words named it.
alter table access_record add column contact_id integer;
alter table access_record add constraint access_record_call check ((purpose = 'call') = (contact_id is not null));
alter table access_record drop constraint access_record_check1;
alter table access_record add constraint access_record_why check (purpose in ('incident', 'call') or words <> '');
