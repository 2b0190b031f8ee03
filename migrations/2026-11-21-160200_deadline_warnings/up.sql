-- Which warnings about deadlines have gone out, and which tenants have something to be warned of.
--
-- A new table and a function: the version of the program before this one does not know of them and goes on.

-- The key is what makes a warning go out once: whoever inserts it, in the transaction of the mail, is the one who
-- warns. A deadline that moved has another day, and warns anew.
create table deadline_warnings (
    tenant_id uuid not null,
    deadline_id uuid not null,
    due_on date not null,
    kind text not null,
    warned_at timestamptz not null,
    constraint deadline_warnings_pkey primary key (tenant_id, deadline_id, due_on, kind),
    constraint deadline_warnings_deadline_fkey
        foreign key (tenant_id, deadline_id) references deadlines (tenant_id, id),
    constraint deadline_warnings_kind_check
        check (kind in ('seven_days', 'three_days', 'one_day', 'today', 'overdue'))
);

alter table deadline_warnings enable row level security, force row level security;
create policy deadline_warnings_of_tenant on deadline_warnings
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
grant select, insert on deadline_warnings to unionhall_runtime;

-- The worker learns which tenants have deadlines that are due by a day, and nothing else of them: what it does for a
-- tenant it does in that tenant's scope.
create policy deadlines_watched on deadlines for select to unionhall_search using (true);
grant select (tenant_id, due_on, status) on deadlines to unionhall_search;

create function deadlines_watched(until date) returns setof uuid
    language plpgsql stable security definer rows 50 set search_path = pg_catalog, public, pg_temp
as $$
begin
    if app_scope() is distinct from 'worker' then
        raise exception 'only the worker watches over deadlines' using errcode = 'insufficient_privilege';
    end if;
    return query
        select distinct tenant_id from deadlines
        where status in ('open', 'extended') and due_on <= until;
end
$$;

revoke all on function deadlines_watched from public;
grant execute on function deadlines_watched to unionhall_runtime;
alter function deadlines_watched owner to unionhall_search;
