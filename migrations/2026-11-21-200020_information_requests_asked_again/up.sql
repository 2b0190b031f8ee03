-- What was refused waits again from the day on which the union asked again, and its status says so.
--
-- The status follows from the entries, and is stored for filters by it alone: rows from before, and those that the
-- version of the program before this one still writes, say what followed from the entries then, are read all the same,
-- and are put right by the next entry. That version itself refuses a row whose status it does not find in the entries:
-- it does not show the requests that are updated here until it is replaced. All rows are updated for what they are, of every tenant: the owner of the table, for whom its
-- policies count too, looks past them meanwhile.

alter table information_requests no force row level security;
alter table information_request_items no force row level security;
alter table information_request_entries no force row level security;

with items as (
    select i.tenant_id, i.request_id,
        case
            when newest.kind is null then 'awaited'
            when newest.kind = 'answer' then 'answered'
            when newest.kind in ('answer_in_part', 'dispute') then 'partly_answered'
            when exists (
                select from information_request_entries as again
                where again.tenant_id = i.tenant_id and again.request_id = i.request_id
                    and again.kind = 'follow_up' and again.place > newest.place) then 'awaited'
            else 'refused'
        end as status
    from information_request_items as i
        left join lateral (
            select e.kind, e.place
            from information_request_entries as e
            where e.tenant_id = i.tenant_id and e.request_id = i.request_id and e.item = i.place
            order by e.place desc limit 1
        ) as newest on true
),
standing as (
    select tenant_id, request_id,
        case
            when bool_and(status = 'awaited') then 'asked'
            when bool_and(status = 'answered') then 'answered'
            when bool_and(status in ('answered', 'refused')) then 'refused'
            else 'partly_answered'
        end as status
    from items
    group by tenant_id, request_id
)
update information_requests as r
set status = standing.status
from standing
where standing.tenant_id = r.tenant_id and standing.request_id = r.id
    and r.status in ('refused', 'partly_answered') and r.status <> standing.status;

alter table information_request_entries force row level security;
alter table information_request_items force row level security;
alter table information_requests force row level security;
