-- Takes both functions back to what they were.
create or replace function search_ranked(
    words text, members_too boolean, only_member uuid, organizations_too boolean,
    grievances_too boolean, only_cases_of uuid,
    applications_too boolean, only_applications_of uuid, applicants_by_name boolean,
    row_limit integer
) returns table (kind text, id uuid, rank smallint, degree real)
    language plpgsql stable security definer rows 20 set search_path = pg_catalog, public, pg_temp
as $$
declare
    named uuid[];
    applicants uuid[];
begin
    -- Whoever may find the cases of one member alone finds them by that member's name alone.
    if grievances_too then
        named := array(
            select distinct hit.id from search_members(words, only_cases_of, 10) as hit where hit.rank > 2
        );
    end if;
    if applications_too and applicants_by_name then
        if grievances_too and only_applications_of is not distinct from only_cases_of then
            applicants := named;
        else
            applicants := array(
                select distinct hit.id from search_members(words, only_applications_of, 10) as hit
                where hit.rank > 2
            );
        end if;
    end if;
    return query
        select hit.kind, hit.id, min(hit.rank), max(hit.degree)
        from (
            select 'member' as kind, member.* from search_members(words, only_member, row_limit) as member
            where members_too
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

drop function search_first_named(uuid[], smallint[]);
