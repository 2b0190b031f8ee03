-- The seats and the relations of the benevolence fund are lists in pages: by level, and by when they were declared, of
-- everybody, of a member and, by the index that is there, of a reviewer.
--
-- The tables are written anew and the indexes made while nobody can write to them: there are hundreds of rows, and it
-- takes an instant.

-- The order of levels is a column, because under a policy no index is asked with a function.
alter table benevolence_seats
    add column rank integer not null generated always as (benevolence_rank(level)) stored;
create index benevolence_seats_in_order on benevolence_seats (tenant_id, rank, first_day, id);
create index benevolence_relations_in_order on benevolence_relations (tenant_id, declared_at, id)
    where ended_at is null;
create index benevolence_relations_by_member on benevolence_relations (tenant_id, member_id) where ended_at is null;
