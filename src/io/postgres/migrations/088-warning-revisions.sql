-- A draft can be worded anew until it is sent. Each wording has a number, which whoever sends it names: nobody sends words that changed under their eyes.
alter table public_warning add column revision integer not null default 1 check (revision > 0);
comment on column public_warning.content is 'as last worded; what was sent never changes';
