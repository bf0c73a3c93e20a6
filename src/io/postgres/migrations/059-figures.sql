-- Read model of the figures: what was judged of each contact, incident and assignment (src/statistics/spans.ts). Made from the log of dispatch, kept up behind it, and made
-- anew when the version of the judging rises: nothing in here is a record, so everything may be emptied.

create table figure_cursor (
  single boolean primary key default true check (single),
  sequence bigint not null,           -- of dispatch_event: all up to it is in here
  version integer not null            -- of the judging
);
insert into figure_cursor (sequence, version) values (0, 0);

-- Contacts of a replayed log, with the log's own time of arrival.
create table figure_log_contact (
  contact_id bigint primary key,
  arrived_ms bigint not null
);

-- How each incident was graded first.
create table figure_graded (
  incident_id bigint primary key,
  priority_first smallint not null
);

create table figure_span (
  span text not null,                 -- src/statistics/spans.ts, SPANS
  subject_id bigint not null,         -- contact, incident or assignment, as the span says
  contact_id bigint,                  -- the first contact; null where an incident had none
  incident_id bigint,                 -- null where the contact made none
  call_sign text,                     -- of an assignment's unit
  clock text not null check (clock in ('centre', 'log')),
  arrived_ms bigint not null,         -- wall time in ms: the contact's arrival, by that clock
  incident_type text,
  priority_first smallint,
  priority_last smallint,
  state text not null check (state in ('counted', 'missing', 'excluded')),
  reason text,                        -- of what is excluded; the milestone of what is missing
  ms bigint,                          -- the span; of an excluded one where it has a value
  doubts text[] not null default '{}',
  primary key (span, subject_id)
);
create index figure_span_arrival on figure_span (clock, arrived_ms, span) include (state, ms);
create index figure_span_doubts on figure_span (clock, arrived_ms) where doubts <> '{}';
