-- What a member writes down for themselves is theirs alone until they hand it in: no list, search or trail tells it.
--
-- The column has a default, which is what the version of the program before this one writes. The functions of search
-- with one parameter fewer are what it asks; they stay.

alter table benevolence_applications add column by_member boolean not null default false;
grant select (by_member) on benevolence_applications to unionhall_search;

-- The drafts that members have written by now are theirs, too. The rows are every tenant's, which the owner of the tables
-- sees while it is not forced to be in one; nobody reads or writes the tables meanwhile, which is an instant for thousands
-- of rows.
alter table benevolence_applications no force row level security;
alter table memberships no force row level security;
update benevolence_applications draft set by_member = true
where draft.status = 'draft' and exists (
    select from memberships place
    where place.tenant_id = draft.tenant_id and place.user_id = draft.filed_by and place.member_id = draft.member_id
);

-- Their words are gathered when they are handed in.
alter table case_words no force row level security;
delete from case_words where kind = 'benevolence_application';
insert into case_words (tenant_id, kind, word, letters)
select distinct told.tenant_id, 'benevolence_application', found.word, found.letters
from benevolence_applications as told, f_words_to_mistype(told.search) as found
where told.status <> 'draft' or not told.by_member;
alter table case_words force row level security;
alter table memberships force row level security;
alter table benevolence_applications force row level security;

drop trigger benevolence_applications_gather_words_of_new on benevolence_applications;
drop trigger benevolence_applications_gather_words_of_changed on benevolence_applications;
create trigger benevolence_applications_gather_words_of_new after insert on benevolence_applications
    for each row when (new.status <> 'draft' or not new.by_member)
    execute function cases_gather_words('benevolence_application');
create trigger benevolence_applications_gather_words_of_changed after update on benevolence_applications
    for each row when (
        (old.search is distinct from new.search or old.status = 'draft')
        and (new.status <> 'draft' or not new.by_member)
    )
    execute function cases_gather_words('benevolence_application');

-- Whether what is on record about an application, or about a list of them, is held back from this person: an unfinished
-- one of another member; and what would tell whose it is to somebody who reviews, in a hall that shows the need before
-- the name, and who has not decided on it nor had it unmasked. It says of a record what the domain says of the
-- application itself; a test holds the two together.
create or replace function benevolence_held_back(
    application uuid, actor uuid, onlooker uuid, onlooking_member uuid, day date
) returns boolean
    language sql stable parallel safe cost 1000
    return
        exists (
            select from benevolence_applications unfinished
            where unfinished.tenant_id = app_tenant() and unfinished.id = application
                and unfinished.status = 'draft' and unfinished.by_member
                and unfinished.member_id is distinct from onlooking_member
        )
        or coalesce((
            select rules.naming = 'need_first' from benevolence_rules rules
            where rules.tenant_id = app_tenant() and rules.effective_from <= day
            order by rules.effective_from desc limit 1
        ), false)
        and exists (
            select from benevolence_seats seat
            where seat.tenant_id = app_tenant() and seat.user_id = onlooker
                and seat.first_day <= day and (seat.end_day is null or day < seat.end_day)
        )
        and case
            when application is null then actor is distinct from onlooker
            else exists (
                select from benevolence_applications held
                where held.tenant_id = app_tenant() and held.id = application
                    and held.status in ('draft', 'submitted', 'under_review', 'needs_info')
                    and held.member_id is distinct from onlooking_member
                    and held.filed_by is distinct from onlooker
                    and not exists (
                        select from benevolence_reviews review
                        where review.tenant_id = held.tenant_id and review.application_id = held.id
                            and review.decision <> 'needs_info'
                            and (review.reviewer_id = onlooker or review.reviewer_member_id = onlooking_member)
                    )
                    and not exists (
                        select from benevolence_unmaskings unmasking
                        where unmasking.tenant_id = held.tenant_id and unmasking.application_id = held.id
                            and unmasking.user_id = onlooker
                    )
            )
        end;

-- As before, of what is visible alone: a condition on rows of the table.
create function cases_search_page(
    of_table text, visible text, wanted tsquery, only_member uuid, row_limit integer
) returns uuid[]
    language plpgsql stable set search_path = pg_catalog, public, pg_temp
as $$
declare
    -- So many of the newest are looked through where very many match.
    many constant integer := 2500;
    walk_length constant integer := 3000;
    ids uuid[];
    matches bigint;
begin
    execute format(
        'with matching as materialized (
            select id, year, place from %I
            where tenant_id = app_tenant() and deleted_at is null and search @@ $1
                and ($2 is null or member_id = $2) and %s
            limit $4
        )
        select (select count(*) from matching),
            array(select id from matching order by year desc, place desc limit $3)',
        of_table, visible
    )
    into matches, ids using wanted, only_member, row_limit, many;
    if matches >= many then
        execute format(
            'select array(
                select id from (
                    select id, search from %I
                    where tenant_id = app_tenant() and deleted_at is null
                        and ($2 is null or member_id = $2) and %s
                    order by year desc, place desc limit $4
                ) as newest
                where search @@ $1 limit $3
            ) || $5',
            of_table, visible
        )
        into ids using wanted, only_member, row_limit, walk_length, ids;
    end if;
    return ids;
end
$$;

-- The cases of a kind that fit best, as before, and of the viewer's own drafts alone.
create function search_cases(
    of_kind text, words text, only_member uuid, viewer uuid, of_members uuid[], row_limit integer
) returns table (id uuid, rank smallint, degree real)
    language plpgsql stable rows 20 set search_path = pg_catalog, public, pg_temp
as $$
declare
    of_table text := case of_kind
        when 'grievance' then 'grievances' when 'benevolence_application' then 'benevolence_applications'
    end;
    -- What a member has written for themselves and not handed in is theirs alone.
    visible text := case of_kind
        when 'grievance' then 'true'
        when 'benevolence_application'
            then format('(status <> ''draft'' or not by_member or member_id is not distinct from %L::uuid)', viewer)
    end;
    prefix text := case of_kind when 'grievance' then 'gr' when 'benevolence_application' then 'bf' end;
    wanted tsquery := case of_kind
        when 'grievance' then grievances_search_query(words)
        when 'benevolence_application' then benevolence_search_query(words)
    end;
    number text[] := regexp_match(btrim(words), '^(?:' || prefix || '-)?([0-9]{4})-([0-9]{1,8})$', 'i');
    is_number boolean := btrim(words) ~* ('^(' || prefix || '-[0-9-]*|[0-9]{4}-[0-9]*)$');
    ids uuid[];
    own text[];
    known boolean := false;
begin
    if number is not null then
        return query execute format(
            'select id, 1::smallint, 1::real from %I
            where tenant_id = app_tenant() and deleted_at is null
                and year = $1 and place = $2 and ($3 is null or member_id = $3) and %s',
            of_table, visible
        ) using number[1]::smallint, number[2]::integer, only_member;
        known := found;
    end if;
    if wanted is not null then
        ids := cases_search_page(of_table, visible, wanted, only_member, row_limit);
        return query
            select hit, case when is_number then 2 else 4 end::smallint, 1::real from unnest(ids) as hit;
        known := known or found;
    end if;
    return query execute format(
        'select told.id, 5::smallint, 1::real
        from unnest($1) as named, lateral (
            select id, year, place from %I
            where tenant_id = app_tenant() and deleted_at is null and member_id = named
                and ($2 is null or member_id = $2) and %s
            order by year desc, place desc limit $3
        ) as told
        order by told.year desc, told.place desc
        limit $3',
        of_table, visible
    ) using of_members, only_member, row_limit;
    known := known or found;
    if known or is_number or wanted is null then
        return;
    end if;
    if only_member is not null then
        execute format(
            'select coalesce(array_agg(distinct alike.word), ''{}'')
            from %I as told, f_words_to_mistype(told.search) as alike
            where told.tenant_id = app_tenant() and told.deleted_at is null and told.member_id = $1',
            of_table
        ) into own using only_member;
    end if;
    ids := cases_search_page(of_table, visible, cases_search_alike(of_kind, words, own), only_member, row_limit);
    return query select hit, 6::smallint, 0.5::real from unnest(ids) as hit;
end
$$;

-- What is found of the kinds that may be, each record once with its best rank.
create function search_ranked(
    words text, members_too boolean, only_member uuid, organizations_too boolean,
    grievances_too boolean, only_cases_of uuid,
    applications_too boolean, only_applications_of uuid, viewer uuid, applicants_by_name boolean,
    row_limit integer
) returns table (kind text, id uuid, rank smallint, degree real)
    language plpgsql stable security definer rows 20 set search_path = pg_catalog, public, pg_temp
as $$
declare
    -- So many are read at least, for the cases of ten.
    at_least constant integer := 10;
    applicants_too boolean := applications_too and applicants_by_name;
    -- Whose record alone each of the three may be found by; null for everybody's.
    reaches uuid[] := array[only_member, only_cases_of, only_applications_of];
    asked boolean[] := array[members_too, grievances_too, applicants_too];
    found_ids uuid[];
    found_ranks smallint[];
    found_degrees real[];
    read_for uuid;
    is_read boolean := false;
    member_ids uuid[];
    member_ranks smallint[];
    member_degrees real[];
    named uuid[];
    applicants uuid[];
begin
    -- Whoever may find the cases of one member alone finds them by that member's name alone. Most often the three
    -- reach equally far, and one reading serves them all.
    for place in 1..3 loop
        continue when not asked[place];
        if not is_read or read_for is distinct from reaches[place] then
            select array_agg(hit.id order by hit.place), array_agg(hit.rank order by hit.place),
                array_agg(hit.degree order by hit.place)
            into found_ids, found_ranks, found_degrees
            from search_members(words, reaches[place], greatest(row_limit, at_least))
                with ordinality as hit(id, rank, degree, place);
            is_read := true;
            read_for := reaches[place];
        end if;
        case place
            when 1 then
                member_ids := found_ids;
                member_ranks := found_ranks;
                member_degrees := found_degrees;
            when 2 then
                named := search_first_named(found_ids, found_ranks);
            when 3 then
                applicants := search_first_named(found_ids, found_ranks);
        end case;
    end loop;
    return query
        select hit.kind, hit.id, min(hit.rank), max(hit.degree)
        from (
            select 'member' as kind, member.*
            from unnest(member_ids, member_ranks, member_degrees) as member(id, rank, degree)
            union all
            select 'organization', organization.* from search_organizations(words, row_limit) as organization
            where organizations_too
            union all
            select 'grievance', told.*
            from search_cases('grievance', words, only_cases_of, viewer, named, row_limit) as told
            where grievances_too
            union all
            select 'benevolence_application', told.*
            from search_cases(
                'benevolence_application', words, only_applications_of, viewer, applicants, row_limit
            ) as told
            where applications_too
        ) as hit
        group by hit.kind, hit.id;
end
$$;

-- The ids of the first `row_limit` applications behind the given place that match, in order, as before, and of the
-- viewer's own drafts alone.
create function benevolence_search(
    words text, status text, reason text, member_id uuid, viewer uuid, made_from date, made_until date,
    sort text, descending boolean,
    after_year smallint, after_place integer, after_amount bigint, after_since timestamptz, after_id uuid,
    row_limit bigint
) returns setof uuid
    language plpgsql stable security definer rows 50 set search_path = pg_catalog, public, pg_temp
as $$
declare
    direction text := case when descending then 'desc' else 'asc' end;
    past text := case when descending then '<' else '>' end;
begin
    return query select * from cases_list_page(
        'benevolence_applications',
        'id, year, place, amount_requested, since',
        '($2 ->> ''status'' is null or status = $2 ->> ''status'')
        and ($2 ->> ''reason'' is null or reason = $2 ->> ''reason'')
        and ($2 ->> ''member'' is null or member_id = ($2 ->> ''member'')::uuid)
        and (status <> ''draft'' or not by_member or member_id = ($2 ->> ''viewer'')::uuid)
        and ($2 ->> ''from'' is null or application_date >= ($2 ->> ''from'')::date)
        and ($2 ->> ''until'' is null or application_date <= ($2 ->> ''until'')::date)',
        case sort
            when 'number' then '($2 ->> ''year'' is null
                or (year, place) ' || past || ' (($2 ->> ''year'')::smallint, ($2 ->> ''place'')::integer))'
            when 'amount' then '($2 ->> ''amount'' is null
                or (amount_requested, id) ' || past || ' (($2 ->> ''amount'')::bigint, ($2 ->> ''id'')::uuid))'
            when 'since' then '($2 ->> ''since'' is null
                or (since, id) ' || past || ' (($2 ->> ''since'')::timestamptz, ($2 ->> ''id'')::uuid))'
        end,
        format(
            case sort
                when 'number' then 'year %1$s, place %1$s'
                when 'amount' then 'amount_requested %1$s, id %1$s'
                when 'since' then 'since %1$s, id %1$s'
            end,
            direction
        ),
        benevolence_search_query(words),
        jsonb_build_object(
            'status', status, 'reason', reason, 'member', member_id, 'viewer', viewer,
            'from', made_from, 'until', made_until, 'year', after_year, 'place', after_place,
            'amount', after_amount, 'since', after_since, 'id', after_id
        ),
        row_limit
    );
end
$$;

-- How many applications match.
create function benevolence_search_count(
    words text, status text, reason text, member_id uuid, viewer uuid, made_from date, made_until date
) returns bigint
    language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
    total bigint;
begin
    execute
        'select count(*) from benevolence_applications
        where tenant_id = app_tenant() and search @@ $1 and deleted_at is null
            and ($2 is null or status = $2)
            and ($3 is null or reason = $3)
            and ($4 is null or member_id = $4)
            and (status <> ''draft'' or not by_member or member_id = $5)
            and ($6 is null or application_date >= $6)
            and ($7 is null or application_date <= $7)'
    into total
    using benevolence_search_query(words), status, reason, member_id, viewer, made_from, made_until;
    return total;
end
$$;

revoke all on function
    cases_search_page(text, text, tsquery, uuid, integer),
    search_cases(text, text, uuid, uuid, uuid[], integer),
    search_ranked(text, boolean, uuid, boolean, boolean, uuid, boolean, uuid, uuid, boolean, integer),
    benevolence_search(
        text, text, text, uuid, uuid, date, date, text, boolean, smallint, integer, bigint, timestamptz, uuid, bigint
    ),
    benevolence_search_count(text, text, text, uuid, uuid, date, date)
    from public;
grant execute on function
    search_ranked(text, boolean, uuid, boolean, boolean, uuid, boolean, uuid, uuid, boolean, integer),
    benevolence_search(
        text, text, text, uuid, uuid, date, date, text, boolean, smallint, integer, bigint, timestamptz, uuid, bigint
    ),
    benevolence_search_count(text, text, text, uuid, uuid, date, date)
    to unionhall_runtime;

alter function cases_search_page(text, text, tsquery, uuid, integer) owner to unionhall_search;
alter function search_cases(text, text, uuid, uuid, uuid[], integer) owner to unionhall_search;
alter function search_ranked(
    text, boolean, uuid, boolean, boolean, uuid, boolean, uuid, uuid, boolean, integer
) owner to unionhall_search;
alter function benevolence_search(
    text, text, text, uuid, uuid, date, date, text, boolean, smallint, integer, bigint, timestamptz, uuid, bigint
) owner to unionhall_search;
alter function benevolence_search_count(text, text, text, uuid, uuid, date, date) owner to unionhall_search;
