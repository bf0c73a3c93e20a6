-- Looks that go on are found by their last tokens, among years of looks, whenever somebody loses the right to them.
create index access_record_renewal_at on access_record_renewal (at, record_id);
