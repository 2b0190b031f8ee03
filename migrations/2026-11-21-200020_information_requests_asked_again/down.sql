-- What was refused and asked for again is refused as before, whatever came after.
alter table information_requests no force row level security;
alter table information_request_items no force row level security;
alter table information_request_entries no force row level security;

with items as (
    select i.tenant_id, i.request_id,
        coalesce((
            select case e.kind
                when 'answer' then 'answered' when 'refuse' then 'refused' else 'partly_answered' end
            from information_request_entries as e
            where e.tenant_id = i.tenant_id and e.request_id = i.request_id and e.item = i.place
            order by e.place desc limit 1), 'awaited') as status
    from information_request_items as i
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
    and r.status <> 'withdrawn' and r.status <> standing.status;

alter table information_request_entries force row level security;
alter table information_request_items force row level security;
alter table information_requests force row level security;
