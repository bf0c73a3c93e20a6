-- Warnings to the public: each an alert, an update of one or its end. The content of a row never changes; it is sent or discarded once.
create table public_warning (
  id integer generated always as identity primary key,
  kind text not null check (kind in ('alert', 'update', 'cancel')),
  state text not null default 'draft' check (state in ('draft', 'sent', 'discarded')),
  follows integer references public_warning (id),
  content jsonb not null,               -- src/contract/warnings.ts, WarningContent
  incident_id bigint,
  drafted_at timestamptz not null,
  drafted_by jsonb not null,
  settled_at timestamptz,               -- sent or discarded
  settled_by jsonb,
  expires_at timestamptz not null,
  check ((kind = 'alert') = (follows is null)),
  check ((state = 'draft') = (settled_at is null)),
  check (state <> 'sent' or settled_by->>'id' <> drafted_by->>'id' or settled_by->>'kind' <> drafted_by->>'kind') -- two people
);
create unique index public_warning_once on public_warning (follows) where state = 'sent' and follows is not null;
create index public_warning_sent on public_warning (settled_at) where state = 'sent';
