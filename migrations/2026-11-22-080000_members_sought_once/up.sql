-- Search reads the members that words mean once: for themselves, and for the cases that they are found by. The
-- functions keep their names, arguments, owners and grants, so the version of the program before goes on with them.

-- As before, but that beginnings of words are looked for only where whole words have not filled the page: a member
-- found by both stands by the whole ones anyway.
create or replace function search_members(words text, only_id uuid, row_limit integer)
    returns table (id uuid, rank smallint, degree real)
    language plpgsql stable rows 20 set search_path = pg_catalog, public, pg_temp
as $$
declare
    number text collate "C" := upper(btrim(words));
    wanted tsquery := members_search_exact(words);
    page record;
    known boolean := false;
    place record;
begin
    -- The bounds are told to the planner as values, so that it reads the numbers between them off their index.
    for place in execute
        'select id, member_number = $1 as whole from members
        where tenant_id = app_tenant() and deleted_at is null and ($4 is null or id = $4)
            and member_number >= $1 and member_number < $2
        order by member_number limit $3'
        using number, number || '~', row_limit, only_id
    loop
        known := true;
        return query select place.id, case when place.whole then 1 else 2 end::smallint, 1::real;
    end loop;
    if wanted is null then
        return;
    end if;
    page := members_search_page(
        search_whole_words(words), true, null, null, only_id, 'name', false, null, null, row_limit
    );
    known := known or page.known;
    return query select hit, 3::smallint, 1::real from unnest(page.ids) as hit;
    if cardinality(page.ids) >= row_limit then
        return;
    end if;
    page := members_search_page(
        wanted, exists (select from unnest(f_search_tokens(words)) as token where char_length(token) > 2),
        null, null, only_id, 'name', false, null, null, row_limit
    );
    known := known or page.known;
    return query select hit, 4::smallint, 1::real from unnest(page.ids) as hit;
    if not known then
        page := members_search_page(
            members_search_alike(words, only_id), true, null, null, only_id, 'name', false, null, null, row_limit
        );
        return query
            select member.id, 6::smallint, similarity(member.sort_name, f_unaccent(words))
            from members as member
            where member.tenant_id = app_tenant() and member.id = any(page.ids);
    end if;
end
$$;

-- The first ten of the members found by name, whose cases are found with them.
create function search_first_named(ids uuid[], ranks smallint[]) returns uuid[]
    language sql immutable parallel safe
    return array(
        select hit.id
        from unnest(ids, ranks) with ordinality as hit(id, rank, place)
        where hit.rank > 2
        group by hit.id
        order by min(hit.place)
        limit 10
    );

create or replace function search_ranked(
    words text, members_too boolean, only_member uuid, organizations_too boolean,
    grievances_too boolean, only_cases_of uuid,
    applications_too boolean, only_applications_of uuid, applicants_by_name boolean,
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
            from search_cases('grievance', words, only_cases_of, named, row_limit) as told
            where grievances_too
            union all
            select 'benevolence_application', told.*
            from search_cases('benevolence_application', words, only_applications_of, applicants, row_limit) as told
            where applications_too
        ) as hit
        group by hit.kind, hit.id;
end
$$;

revoke all on function search_first_named from public;
alter function search_first_named owner to unionhall_search;
