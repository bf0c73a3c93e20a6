-- What a camera sees at night. Nobody knows it of those that were entered before: that is said, and nothing is assumed.
alter table camera add column night_view text not null default 'unknown' check (night_view in ('unknown', 'none', 'low-light', 'infrared'));
