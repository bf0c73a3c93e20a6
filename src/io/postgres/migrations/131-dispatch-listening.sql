-- When the log could be written, one row for each time without a break: what lies between two is time in which the centre could hear nobody, and no wait for somebody's word runs in it.

create table dispatch_listening (
  since_ms bigint primary key,     -- milliseconds since 1970, as the log's own
  until_ms bigint not null,        -- so far; moved on every two seconds
  check (until_ms >= since_ms)
);
