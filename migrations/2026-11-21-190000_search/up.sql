-- Search across members, organizations and grievances, in the manner of decision 0013: functions that run as
-- unionhall_search look, name the tenant themselves, and give out ids and ranks alone; the caller reads the rows
-- under its own policies.
--
-- The indexes on organizations are made while nobody can write to the table: there are thousands of rows, and it
-- takes less than a second.

-- The words an organization is found by: those of its name, with and without what divides them (A-1 as a1), and of
-- its city.
create function organizations_lexemes(name text, city text) returns tsvector
    language sql immutable parallel safe
    return array_to_tsvector(
        f_words(name || ' ' || coalesce(city, '')) || f_words(translate(name, '''’-.&', ''))
    );

-- For words and their beginnings, and for words that are spelt alike.
create index organizations_by_search on organizations
    using gin (tenant_id, organizations_lexemes(name, city)) with (fastupdate = off) where deleted_at is null;
create index organizations_by_similarity on organizations
    using gin (tenant_id, f_unaccent(name) gin_trgm_ops) with (fastupdate = off) where deleted_at is null;

create policy organizations_searched on organizations for select to unionhall_search using (true);
grant select (id, tenant_id, name, city, deleted_at, sort_name) on organizations to unionhall_search;

-- What finds the records with all these words, each as it is. Null when there is nothing to look for.
create function search_whole_words(words text) returns tsquery
    language plpgsql immutable strict parallel safe
as $$
begin
    return (
        select string_agg(public.f_quoted_lexeme(token), ' & ')::tsquery
        from unnest(public.f_search_tokens(words)) as token
    );
end
$$;

-- The members that fit best. The ranks are those of the program: 1 is their number, 2 the beginning of it, 3 each
-- of the words, 4 beginnings of words, 6 words that are spelt alike.
create function search_members(words text, only_id uuid, row_limit integer)
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

-- The organizations that fit best. Two words of which each is mistyped share less than half of their trigrams.
create function search_organizations(words text, row_limit integer)
    returns table (id uuid, rank smallint, degree real)
    language plpgsql stable rows 20 set search_path = pg_catalog, public, pg_temp
    set pg_trgm.word_similarity_threshold = 0.4
as $$
declare
    -- So many that match are looked at.
    many constant integer := 2500;
    wanted tsquery := members_search_exact(words);
    known boolean := false;
    place record;
begin
    if wanted is null then
        return;
    end if;
    for place in execute
        'with matching as materialized (
            select id, sort_name, organizations_lexemes(name, city) @@ $2 as whole from organizations
            where tenant_id = app_tenant() and deleted_at is null and organizations_lexemes(name, city) @@ $1
            limit $4
        )
        select id, whole from matching order by whole desc, sort_name, id limit $3'
        using wanted, search_whole_words(words), row_limit, many
    loop
        known := true;
        return query select place.id, case when place.whole then 3 else 4 end::smallint, 1::real;
    end loop;
    if not known then
        return query execute
            'with matching as materialized (
                select id, sort_name, word_similarity($1, f_unaccent(name)) as degree from organizations
                where tenant_id = app_tenant() and deleted_at is null and f_unaccent(name) %> $1
                limit $3
            )
            select id, 6::smallint, degree from matching order by degree desc, sort_name, id limit $2'
            using f_unaccent(words), row_limit, many;
    end if;
end
$$;

-- The grievances that fit best: by number, by words of article and description, newest first, and those of the
-- members given, who were found by name.
create function search_grievances(words text, only_member uuid, of_members uuid[], row_limit integer)
    returns table (id uuid, rank smallint, degree real)
    language plpgsql stable rows 20 set search_path = pg_catalog, public, pg_temp
as $$
declare
    -- So many of the newest are looked through where very many match.
    many constant integer := 2500;
    walk_length constant integer := 3000;
    wanted tsquery := grievances_search_query(words);
    number text[] := regexp_match(btrim(words), '^(?:gr-)?([0-9]{4})-([0-9]{1,8})$', 'i');
    is_number boolean := btrim(words) ~* '^(gr-[0-9-]*|[0-9]{4}-[0-9]*)$';
    ids uuid[];
    matches bigint;
begin
    if number is not null then
        return query
            select grievance.id, 1::smallint, 1::real from grievances as grievance
            where grievance.tenant_id = app_tenant() and grievance.deleted_at is null
                and grievance.year = number[1]::smallint and grievance.place = number[2]::integer
                and (only_member is null or grievance.member_id = only_member);
    end if;
    if wanted is not null then
        execute
            'with matching as materialized (
                select id, year, place from grievances
                where tenant_id = app_tenant() and deleted_at is null and search @@ $1
                    and ($2 is null or member_id = $2)
                limit $4
            )
            select (select count(*) from matching),
                array(select id from matching order by year desc, place desc limit $3)'
        into matches, ids using wanted, only_member, row_limit, many;
        if matches >= many then
            execute
                'select array(
                    select id from (
                        select id, search from grievances
                        where tenant_id = app_tenant() and deleted_at is null
                            and ($2 is null or member_id = $2)
                        order by year desc, place desc limit $4
                    ) as newest
                    where search @@ $1 limit $3
                ) || $5'
            into ids using wanted, only_member, row_limit, walk_length, ids;
        end if;
        return query
            select hit, case when is_number then 2 else 4 end::smallint, 1::real from unnest(ids) as hit;
    end if;
    return query
        select grievance.id, 5::smallint, 1::real
        from unnest(of_members) as named, lateral (
            select g.id from grievances as g
            where g.tenant_id = app_tenant() and g.deleted_at is null and g.member_id = named
                and (only_member is null or g.member_id = only_member)
            order by g.year desc, g.place desc limit row_limit
        ) as grievance
        limit row_limit;
end
$$;

-- What is found of the kinds that may be, each record once with its best rank.
create function search_ranked(
    words text, members_too boolean, only_member uuid, organizations_too boolean,
    grievances_too boolean, only_cases_of uuid, row_limit integer
) returns table (kind text, id uuid, rank smallint, degree real)
    language plpgsql stable security definer rows 20 set search_path = pg_catalog, public, pg_temp
as $$
declare
    named uuid[];
begin
    -- Whoever may find the cases of one member alone finds them by that member's name alone.
    if grievances_too then
        named := array(
            select distinct hit.id from search_members(words, only_cases_of, 10) as hit where hit.rank > 2
        );
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
            select 'grievance', grievance.*
            from search_grievances(words, only_cases_of, named, row_limit) as grievance
            where grievances_too
        ) as hit
        group by hit.kind, hit.id;
end
$$;

revoke all on function search_members, search_organizations, search_grievances, search_ranked from public;
grant execute on function search_ranked to unionhall_runtime;

alter function search_members owner to unionhall_search;
alter function search_organizations owner to unionhall_search;
alter function search_grievances owner to unionhall_search;
alter function search_ranked owner to unionhall_search;
