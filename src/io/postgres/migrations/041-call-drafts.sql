-- What is typed for a call before its incident is made: the last value by contact, so that a reload, a crash of the browser or a hand-over loses
-- no word. No part of the event log: a draft is not yet what anybody decided.
create table call_draft (
  contact_id integer primary key,
  body jsonb not null,              -- src/contract/dispatch.ts, CallDraft; fields that were never typed are absent
  by_kind text not null,            -- who typed last
  by_id integer not null,
  by_name text not null,
  at timestamptz not null
);
