-- A recording that is taken away as a file is a look of its own kind.
alter table access_record drop constraint access_record_mode_check;
alter table access_record add constraint access_record_mode_check check (mode in ('live', 'playback', 'download', 'export'));
