-- A start has at hand what is open and of late; older blocks of a checkpoint are read when they are asked for, each known by its own digest, and which contact came under which id of a switch is asked of the log.
-- Checkpoints may be emptied at any time: those of before have no such digests, and the first start folds the whole log.

truncate dispatch_checkpoint, dispatch_checkpoint_block;
alter table dispatch_checkpoint add column block_sum text not null;       -- hex: the sum of what the digests of its blocks weigh (src/io/postgres/block-digests.ts)
alter table dispatch_checkpoint_block add column digest text not null;    -- SHA-256, hex, of `bytes`
create index dispatch_checkpoint_block_until on dispatch_checkpoint_block (until) where until is not null; -- what may be let go is looked for at each writing

create index dispatch_event_external_id on dispatch_event ((body->>'externalId'), sequence) where body->>'type' = 'contact.received';
