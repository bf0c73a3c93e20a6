-- Who changed each field of a draft last, and how often it was changed: a page that was away does not write over what somebody else typed since.
alter table call_draft add column stamps jsonb not null default '{}'; -- src/contract/dispatch.ts, DraftStamps; fields without one count as version 0
