-- What was recorded leaves as evidence packages. An export is a look of its own kind: an access record for each camera, committed with the export before anything leaves.
alter table access_record drop constraint access_record_mode_check;
alter table access_record add constraint access_record_mode_check check (mode in ('live', 'playback', 'export'));
alter table access_record drop constraint access_record_check2;
alter table access_record add constraint access_record_range check ((mode <> 'live') = (range_from is not null and range_to is not null));

-- Who asked one recorder for which range of which cameras, when, and why. Never changed: the signature and the end are rows of their own.
create table evidence_export (
  id integer generated always as identity primary key,
  at timestamptz not null,
  account_id integer not null references account (id),
  account_name text not null,         -- as it was then
  recorder_id integer not null,
  range_from timestamptz not null,
  range_to timestamptz not null,
  purpose text not null,
  incident_id integer,
  contact_id integer,
  words text
);
create index evidence_export_account on evidence_export (account_id, id);
create table evidence_export_camera (
  export_id integer not null references evidence_export (id),
  camera_id integer not null references camera (id),
  access_record_id integer not null references access_record (id),
  primary key (export_id, camera_id)
);
-- What was signed: committed before the signature leaves, so that no package bears one that we do not know of.
create table evidence_signature (
  id integer generated always as identity primary key,
  export_id integer not null references evidence_export (id),
  at timestamptz not null,
  manifest_sha256 text not null,
  key_fingerprint text not null
);
create index evidence_signature_export on evidence_signature (export_id);
create table evidence_export_end (
  export_id integer primary key references evidence_export (id),
  at timestamptz not null,
  outcome text not null check (outcome in ('complete', 'failed', 'cancelled')),
  fault text,                         -- why it failed; src/contract/evidence.ts, EXPORT_FAULTS
  bytes bigint not null,              -- that left
  sha256 text,                        -- of the whole package
  check ((outcome = 'complete') = (sha256 is not null)),
  check ((outcome = 'failed') = (fault is not null))
);
create trigger evidence_export_append_only before update or delete on evidence_export for each row execute function refuse_change();
create trigger evidence_export_no_truncate before truncate on evidence_export for each statement execute function refuse_change();
create trigger evidence_export_camera_append_only before update or delete on evidence_export_camera for each row execute function refuse_change();
create trigger evidence_export_camera_no_truncate before truncate on evidence_export_camera for each statement execute function refuse_change();
create trigger evidence_signature_append_only before update or delete on evidence_signature for each row execute function refuse_change();
create trigger evidence_signature_no_truncate before truncate on evidence_signature for each statement execute function refuse_change();
create trigger evidence_export_end_append_only before update or delete on evidence_export_end for each row execute function refuse_change();
create trigger evidence_export_end_no_truncate before truncate on evidence_export_end for each statement execute function refuse_change();
