-- The payments of the whole benevolence fund are a list in pages, by the day they were made: all of them, those of one
-- method, and those that were taken back. Those that were not are nearly all, and the first index is theirs too.
--
-- The indexes are made while nobody can write to the table: there are thousands of rows, and it takes an instant.

create index benevolence_payments_by_day on benevolence_payments (tenant_id, paid_on, id);
create index benevolence_payments_by_method on benevolence_payments (tenant_id, method, paid_on, id);
create index benevolence_payments_reversed on benevolence_payments (tenant_id, paid_on, id)
    where reversed_at is not null;
