-- Words find organizations and contacts off an index, however many there are: by the beginnings of their words, as
-- they find members. The functions that looked at each row stay for the version of the program before this one.
--
-- The index on contacts is made while nobody can write to the table: there are thousands of rows, and it takes less than
-- a second.

-- The words a contact is found by: those of the name, with and without what divides them, of the title, and of the
-- address, whole and in parts.
create function contacts_lexemes(first_name text, last_name text, title text, email text) returns tsvector
    language sql immutable parallel safe
    return array_to_tsvector(
        f_words(first_name || ' ' || last_name || ' ' || coalesce(title, ''))
        || f_words(translate(first_name || ' ' || last_name, '''’-.', ''))
        || case
            when email is null then array[]::text[]
            else f_words(email) || f_unaccent(email)
        end
    );

create index contacts_by_search on contacts
    using gin (tenant_id, contacts_lexemes(first_name, last_name, title, email)) with (fastupdate = off)
    where deleted_at is null;

create policy contacts_searched on contacts for select to unionhall_search using (true);
grant select (
    id, tenant_id, organization_id, first_name, last_name, title, email, is_primary, created_at, deleted_at, sort_name
) on contacts to unionhall_search;
grant select (org_type, created_at) on organizations to unionhall_search;

-- The ids of the first `row_limit` rows behind (after_key, after_id) that a query finds, in order: of the table
-- `of_table`, whose words are `searched`, and of those the ones for which `filters` holds, which knows $2, $3 and $4.
-- What is named here comes from the functions below, never from who asks.
create function search_page(
    of_table text, searched text, filters text, in_text text, in_id uuid, in_flag boolean,
    words text, sort_key text, key_type text, descending boolean, after_key text, after_id uuid, row_limit bigint
) returns uuid[]
    language plpgsql stable set search_path = pg_catalog, public, pg_temp
as $$
declare
    -- So many matches are many, and that many rows of the list are looked through for them.
    many constant integer := 2500;
    walk_length constant integer := 3000;
    wanted tsquery := members_search_exact(words);
    direction text := case when descending then 'desc' else 'asc' end;
    behind text := case when descending then '<' else '>' end;
    mine text := format('tenant_id = app_tenant() and deleted_at is null and %s', filters);
    place text := format('($5 is null or (%1$I, id) %2$s ($5::%3$s, $6))', sort_key, behind, key_type);
    ordered text := format('order by %1$I %2$s, id %2$s', sort_key, direction);
    by_words text := format(
        'with matching as materialized (select id, %1$I from %6$I where %5$s @@ $1 and %2$s),
            found as materialized (select * from matching limit $8)
        select (select count(*) from found), array(select id from found where %3$s %4$s limit $7)',
        sort_key, mine, place, ordered, searched, of_table
    );
    by_walking text := format(
        'with walk as materialized (
                select id, %1$I, %5$s @@ $1 as fits from %6$I where %2$s and %3$s %4$s limit $8
            ),
            found as materialized (select id from walk where fits %4$s limit $7)
        select array(select id from found),
            (select count(*) from found) = $7 or (select count(*) from walk) < $8',
        sort_key, mine, place, ordered, searched, of_table
    );
    ids uuid[];
    matches bigint;
    complete boolean := false;
begin
    if wanted is null then
        return '{}';
    end if;
    -- By the words, which is quick while few match. EXECUTE plans with the values at hand.
    if exists (select from unnest(f_search_tokens(words)) as token where char_length(token) > 2) then
        execute by_words into matches, ids
        using wanted, in_text, in_id, in_flag, after_key, after_id, row_limit, many;
        complete := matches < many;
    end if;
    -- Where many match, the first of them are soon met on a walk along the order; or they all lie further on.
    if not complete then
        execute by_walking into ids, complete
        using wanted, in_text, in_id, in_flag, after_key, after_id, row_limit, walk_length;
        if not complete then
            execute by_words into matches, ids
            using wanted, in_text, in_id, in_flag, after_key, after_id, row_limit, null::integer;
        end if;
    end if;
    return ids;
end
$$;

-- The ids of the first organizations behind a place that match, in order.
create function organizations_search(
    words text, org_type text,
    sort text, descending boolean, after_key text, after_id uuid, row_limit bigint
) returns setof uuid
    language sql stable security definer rows 50 set search_path = pg_catalog, public, pg_temp
begin atomic
    select unnest(search_page(
        'organizations', 'organizations_lexemes(name, city)', '($2 is null or org_type = $2)', org_type, null, null,
        words, case sort when 'name' then 'sort_name' when 'created' then 'created_at' end,
        case sort when 'name' then 'text' when 'created' then 'timestamptz' end,
        descending, after_key, after_id, row_limit
    ));
end;

-- How many organizations match.
create function organizations_search_count(words text, org_type text) returns bigint
    language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
    total bigint;
begin
    execute
        'select count(*) from organizations
        where tenant_id = app_tenant() and deleted_at is null and organizations_lexemes(name, city) @@ $1
            and ($2 is null or org_type = $2)'
    into total using members_search_exact(words), org_type;
    return total;
end
$$;

-- The ids of the first contacts behind a place that match, in order.
create function contacts_search(
    words text, organization_id uuid, is_primary boolean,
    sort text, descending boolean, after_key text, after_id uuid, row_limit bigint
) returns setof uuid
    language sql stable security definer rows 50 set search_path = pg_catalog, public, pg_temp
begin atomic
    select unnest(search_page(
        'contacts', 'contacts_lexemes(first_name, last_name, title, email)',
        '($3 is null or organization_id = $3) and ($4 is null or is_primary = $4)', null, organization_id, is_primary,
        words, case sort when 'name' then 'sort_name' when 'created' then 'created_at' end,
        case sort when 'name' then 'text' when 'created' then 'timestamptz' end,
        descending, after_key, after_id, row_limit
    ));
end;

-- How many contacts match.
create function contacts_search_count(words text, organization_id uuid, is_primary boolean) returns bigint
    language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
    total bigint;
begin
    execute
        'select count(*) from contacts
        where tenant_id = app_tenant() and deleted_at is null
            and contacts_lexemes(first_name, last_name, title, email) @@ $1
            and ($2 is null or organization_id = $2)
            and ($3 is null or is_primary = $3)'
    into total using members_search_exact(words), organization_id, is_primary;
    return total;
end
$$;

revoke all on function
    search_page, organizations_search, organizations_search_count, contacts_search, contacts_search_count
    from public;
grant execute on function
    organizations_search, organizations_search_count, contacts_search, contacts_search_count
    to unionhall_runtime;

alter function search_page owner to unionhall_search;
alter function organizations_search owner to unionhall_search;
alter function organizations_search_count owner to unionhall_search;
alter function contacts_search owner to unionhall_search;
alter function contacts_search_count owner to unionhall_search;
