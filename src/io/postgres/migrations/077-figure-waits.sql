-- The read model of the figures knows who each span is about, and how long was waited in vain. It is made anew: the version of the judging rises with this.

alter table figure_graded add column contact_id bigint;      -- that the incident was made from; null: from none

alter table figure_span
  add column unit_kind text,          -- of an assignment's unit
  add column source text,             -- by which way the call came
  add column since_ms bigint;         -- wall time in ms: since when is waited, of what goes on
comment on column figure_span.ms is 'The span. Of an excluded one what its ends say, or how long was waited until something else ended it.';
