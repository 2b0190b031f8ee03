-- The search of members answers as before, and sooner: the words are looked up once, those that are spelt alike
-- are searched for in the same two ways, and up to 2,500 matches are read before the list is walked.
-- Functions alone change; nothing is locked.

-- What finds the members with words that are spelt like these: each as a prefix, or one of the nearest. Null when
-- there is nothing to look for.
create function members_search_alike(words text, only_id uuid) returns tsquery
    language sql stable set search_path = pg_catalog, public, pg_temp
begin atomic
    select string_agg('(' || f_quoted_lexeme(token) || ':*' || coalesce(alike.lexemes, '') || ')', ' & ')::tsquery
    from unnest(f_search_tokens(words)) as token,
        lateral (
            select string_agg(' | ' || f_quoted_lexeme(word), '') as lexemes
            from (
                select word
                from (
                    select word, degree, max(degree) over () as best
                    from (
                        select word, similarity(word, token) as degree from member_words
                        where only_id is null and tenant_id = app_tenant() and word % token
                        union
                        -- Two letters swapped, as in Jhon: few trigrams are left, but all letters.
                        select word, 1 as degree from member_words
                        where only_id is null and tenant_id = app_tenant() and letters = f_letters(token)
                        union
                        -- Whoever may see one member alone learns nothing of the others' words.
                        select word, similarity(word, token) as degree
                        from members, unnest(tsvector_to_array(search)) as word
                        where tenant_id = app_tenant() and id = only_id and word !~ '[0-9@]' and word % token
                    ) as candidates
                ) as compared
                where degree >= 0.75 * best
                group by word
                order by max(degree) desc, word
                limit 8
            ) as nearest
        ) as alike;
end;

-- The ids of the first `row_limit` members behind (after_key, after_id) that a query finds, in order; and whether
-- any is found at all, before that place or behind it. `rare` says that the query may find few: then what it finds is
-- read first.
create function members_search_page(
    wanted tsquery, rare boolean, status text, classification text, only_id uuid,
    sort text, descending boolean, after_key text, after_id uuid, row_limit bigint,
    out ids uuid[], out known boolean
)
    language plpgsql stable set search_path = pg_catalog, public, pg_temp
as $$
declare
    -- So many matches are many, and that many rows of the list are looked through for them.
    many constant integer := 2500;
    walk_length constant integer := 3000;
    sort_key text := case sort
        when 'name' then 'sort_name' when 'number' then 'member_number' when 'created' then 'created_at'
    end;
    key_type text := case sort when 'created' then 'timestamptz' else 'text' end;
    direction text := case when descending then 'desc' else 'asc' end;
    behind text := case when descending then '<' else '>' end;
    filters constant text :=
        'tenant_id = app_tenant() and deleted_at is null
        and ($2 is null or status = $2)
        and ($3 is null or classification = $3)
        and ($4 is null or id = $4)';
    place text := format('($5 is null or (%1$I, id) %2$s ($5::%3$s, $6))', sort_key, behind, key_type);
    ordered text := format('order by %1$I %2$s, id %2$s', sort_key, direction);
    by_words text := format(
        'with matching as materialized (select id, %1$I from members where search @@ $1 and %2$s),
            found as materialized (select * from matching limit $8)
        select (select count(*) from found), array(select id from found where %3$s %4$s limit $7)',
        sort_key, filters, place, ordered
    );
    by_walking text := format(
        'with walk as materialized (select id, search from members where %1$s and %2$s %3$s limit $8),
            found as materialized (select id from walk where search @@ $1 limit $7)
        select array(select id from found),
            (select count(*) from found) = $7 or (select count(*) from walk) < $8',
        filters, place, ordered
    );
    matches bigint;
    complete boolean := false;
begin
    -- By the words, which is quick while few match. Materialized, or the planner would walk along the order and
    -- read everything when the matches lie at its far end. EXECUTE plans with the values at hand.
    if rare then
        execute by_words into matches, ids
        using wanted, status, classification, only_id, after_key, after_id, row_limit, many;
        complete := matches < many;
    end if;
    -- Where many match, the first of them are soon met on a walk along the order.
    if not complete then
        execute by_walking into ids, complete
        using wanted, status, classification, only_id, after_key, after_id, row_limit, walk_length;
        matches := cardinality(ids);
        -- Or they all lie further on, or before the place.
        if not complete or (matches = 0 and after_id is not null) then
            execute by_words into matches, ids
            using wanted, status, classification, only_id, after_key, after_id, row_limit, null::integer;
        end if;
    end if;
    known := matches > 0;
end
$$;

create or replace function members_search(
    words text, status text, classification text, only_id uuid,
    sort text, descending boolean, after_key text, after_id uuid, row_limit bigint
) returns setof uuid
    language plpgsql stable security definer rows 50 set search_path = pg_catalog, public, pg_temp
as $$
declare
    wanted tsquery := members_search_exact(words);
    page record;
begin
    if wanted is null then
        return;
    end if;
    -- One or two letters are the beginning of many words.
    page := members_search_page(
        wanted, exists (select from unnest(f_search_tokens(words)) as token where char_length(token) > 2),
        status, classification, only_id, sort, descending, after_key, after_id, row_limit
    );
    -- Where nobody is found by these words, others were meant.
    if not page.known then
        page := members_search_page(
            members_search_alike(words, only_id), true,
            status, classification, only_id, sort, descending, after_key, after_id, row_limit
        );
    end if;
    return query select unnest(page.ids);
end
$$;

-- What finds the members that somebody means: all their words as prefixes; where no member has them all, words
-- that are spelt alike too. Null when there is nothing to look for.
create or replace function members_search_query(words text, only_id uuid) returns tsquery
    language plpgsql stable set search_path = pg_catalog, public, pg_temp
as $$
declare
    tenant uuid := app_tenant();
    wanted tsquery := members_search_exact(words);
    known boolean;
begin
    if wanted is null then
        return null;
    end if;
    -- EXECUTE plans with the values at hand: how common the words are decides what is quickest. Materialized,
    -- or the planner would look for a first match in the table itself, which takes longest where there is none.
    execute
        'with found as materialized (
            select id from members
            where tenant_id = $1 and search @@ $2 and deleted_at is null and ($3 is null or id = $3)
        )
        select exists (select from found)'
    into known using tenant, wanted, only_id;
    return case when known then wanted else members_search_alike(words, only_id) end;
end
$$;

revoke all on function members_search_alike from public;
revoke all on function members_search_page from public;
alter function members_search_alike owner to unionhall_search;
alter function members_search_page owner to unionhall_search;
