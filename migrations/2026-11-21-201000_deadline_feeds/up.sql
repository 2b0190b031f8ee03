-- Calendar feeds of deadlines, and what has to be known of a deadline so that a calendar can follow it.
--
-- The new columns have defaults or are null, and a trigger fills them: a version of the program that does not know of
-- them moves deadlines as before, and the calendars hear of it. Adding them rewrites nothing.

alter table deadlines
    -- How often what a calendar shows has changed: RFC 5545 §3.8.7.4.
    add column entry_sequence bigint not null default 0,
    -- When it last did; null while it has not.
    add column entry_changed_at timestamptz,
    -- The last move to another day: from which, when, and which of the changes that was.
    add column moved_from date,
    add column moved_at timestamptz,
    add column moved_sequence bigint,
    add constraint deadlines_moved_check check (
        (moved_from is null) = (moved_at is null) and (moved_from is null) = (moved_sequence is null));

-- A calendar shows the day, and whether the deadline runs still. Whoever writes a row, this counts.
create function deadlines_count_entry() returns trigger language plpgsql as $$
declare
    ran constant boolean := old.status in ('open', 'extended');
    runs constant boolean := new.status in ('open', 'extended');
begin
    if new.due_on <> old.due_on or runs <> ran then
        new.entry_sequence := old.entry_sequence + 1;
        new.entry_changed_at := new.updated_at;
    end if;
    if new.due_on <> old.due_on then
        new.moved_from := old.due_on;
        new.moved_at := new.updated_at;
        new.moved_sequence := new.entry_sequence;
    end if;
    return new;
end
$$;
create trigger deadlines_count_entry before update on deadlines
    for each row execute function deadlines_count_entry();

-- When an event is taken back or the grievance comes under another agreement, a deadline lapses and another takes its
-- place in the same transaction: whoever looks sees the same deadline on another day.
create function deadlines_take_over() returns trigger language plpgsql as $$
begin
    select o.due_on, new.created_at, new.entry_sequence
    into new.moved_from, new.moved_at, new.moved_sequence
    from deadlines o
    where o.tenant_id = new.tenant_id and o.grievance_id = new.grievance_id
        and o.status = 'lapsed' and o.entry_changed_at = new.created_at
        and o.step = new.step and o.side = new.side and o.duty = new.duty
        and o.derivation -> 'rule' -> 'after' = new.derivation -> 'rule' -> 'after'
        and o.due_on <> new.due_on
    order by o.id desc limit 1;
    return new;
end
$$;
create trigger deadlines_take_over before insert on deadlines
    for each row execute function deadlines_take_over();

-- What has moved lately: few of all deadlines ever do.
create index deadlines_moved on deadlines (tenant_id, moved_at)
    where moved_at is not null and status in ('open', 'extended');

-- One feed for each person and tenant; whoever makes a new address keeps the row, and with it what was seen.
create table deadline_feeds (
    id uuid not null,
    tenant_id uuid not null,
    user_id uuid not null,
    -- SHA-256 of the token in the address.
    token_hash bytea not null,
    made_at timestamptz not null,
    -- When the present address was made.
    issued_at timestamptz not null,
    -- When the present address was last fetched.
    fetched_at timestamptz,
    -- The sequence and the day of each deadline as they were last fetched.
    seen jsonb not null default '{}',
    constraint deadline_feeds_pkey primary key (id),
    constraint deadline_feeds_tenant_id_user_id_key unique (tenant_id, user_id),
    constraint deadline_feeds_token_hash_key unique (token_hash),
    constraint deadline_feeds_token_hash_check check (octet_length(token_hash) = 32),
    constraint deadline_feeds_user_fkey foreign key (tenant_id, user_id) references memberships (tenant_id, user_id)
);

alter table deadline_feeds enable row level security, force row level security;
create policy deadline_feeds_of_tenant on deadline_feeds
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
-- Whoever fetches is in no tenant yet: they come with a token.
create policy deadline_feeds_identity on deadline_feeds for select using (app_scope() = 'identity');
grant select, insert, update, delete on deadline_feeds to unionhall_runtime;

-- Who was told by mail that a deadline moved. The key makes that happen once: whoever inserts it, in the transaction
-- of the mail, is the one who tells.
create table deadline_move_notices (
    tenant_id uuid not null,
    deadline_id uuid not null,
    user_id uuid not null,
    sequence bigint not null,
    told_at timestamptz not null,
    constraint deadline_move_notices_pkey primary key (tenant_id, deadline_id, user_id, sequence),
    constraint deadline_move_notices_deadline_fkey
        foreign key (tenant_id, deadline_id) references deadlines (tenant_id, id),
    constraint deadline_move_notices_user_fkey
        foreign key (tenant_id, user_id) references memberships (tenant_id, user_id)
);

alter table deadline_move_notices enable row level security, force row level security;
create policy deadline_move_notices_of_tenant on deadline_move_notices
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
grant select, insert on deadline_move_notices to unionhall_runtime;

-- The worker learns which tenants have deadlines that moved lately, and nothing else of them.
grant select (moved_at) on deadlines to unionhall_search;

create function deadlines_moved_since(since timestamptz) returns setof uuid
    language plpgsql stable security definer rows 50 set search_path = pg_catalog, public, pg_temp
as $$
begin
    if app_scope() is distinct from 'worker' then
        raise exception 'only the worker watches over deadlines' using errcode = 'insufficient_privilege';
    end if;
    return query
        select distinct tenant_id from deadlines
        where status in ('open', 'extended') and moved_at > since;
end
$$;

revoke all on function deadlines_moved_since from public;
grant execute on function deadlines_moved_since to unionhall_runtime;
alter function deadlines_moved_since owner to unionhall_search;
