-- Inspectors ask for looks and changes by time, incident and person.
create index access_record_at on access_record (at);
create index access_record_incident on access_record (incident_id, id) where incident_id is not null;
create index audit_entry_subject on audit_entry (subject_kind, subject_id, id);
create index audit_entry_actor on audit_entry (actor_kind, actor_id, id);
