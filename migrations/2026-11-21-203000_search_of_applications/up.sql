-- Search finds applications to the benevolence fund too, and what cases tell even where it is mistyped.
--
-- The words of what was told before are gathered once; the owner sees the cases as a member of unionhall_search.

-- The words that cases are found by, numbers aside, for finding the one that a mistyped word means: in the manner of
-- the words of members. A word stays when the last case with it is gone, and may be here twice.
create table case_words (
    tenant_id uuid not null,
    kind text collate "C" not null,
    word text collate "C" not null,
    -- The word's letters in alphabetical order: equal for words with two letters swapped.
    letters text collate "C" not null,
    constraint case_words_tenant_fkey foreign key (tenant_id) references tenants (id),
    constraint case_words_kind_check check (kind in ('grievance', 'benevolence_application'))
);

create index case_words_by_word on case_words (tenant_id, kind, word);
create index case_words_by_letters on case_words (tenant_id, kind, letters);
create index case_words_by_similarity on case_words using gin (tenant_id, kind, word gin_trgm_ops)
    with (fastupdate = off);

-- The words of a text that may be meant by a mistyped one.
create function f_words_to_mistype(search tsvector) returns table (word text, letters text)
    language sql immutable strict parallel safe
begin atomic
    select word, f_letters(word) from unnest(tsvector_to_array(search)) as word
    where char_length(word) between 3 and 40 and word !~ '[0-9@]';
end;

-- Nobody writes to either table meanwhile, so that no word falls between the gathering and the triggers: a second for
-- tens of thousands of cases.
lock table grievances, benevolence_applications in share row exclusive mode;
insert into case_words (tenant_id, kind, word, letters)
select distinct told.tenant_id, 'grievance', found.word, found.letters
from grievances as told, f_words_to_mistype(told.search) as found;
insert into case_words (tenant_id, kind, word, letters)
select distinct told.tenant_id, 'benevolence_application', found.word, found.letters
from benevolence_applications as told, f_words_to_mistype(told.search) as found;

alter table case_words enable row level security, force row level security;
create policy case_words_searched on case_words for select to unionhall_search using (true);
create policy case_words_gathered on case_words for insert to unionhall_search
    with check (tenant_id = app_tenant());
grant select, insert on case_words to unionhall_search;

create function cases_gather_words() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
begin
    insert into case_words (tenant_id, kind, word, letters)
    select new.tenant_id, tg_argv[0], found.word, found.letters
    from f_words_to_mistype(new.search) as found
    where not exists (
        select from case_words as known
        where known.tenant_id = new.tenant_id and known.kind = tg_argv[0] and known.word = found.word
    );
    return null;
end
$$;

create trigger grievances_gather_words_of_new after insert on grievances
    for each row execute function cases_gather_words('grievance');
create trigger grievances_gather_words_of_changed after update on grievances
    for each row when (old.search is distinct from new.search) execute function cases_gather_words('grievance');
create trigger benevolence_applications_gather_words_of_new after insert on benevolence_applications
    for each row execute function cases_gather_words('benevolence_application');
create trigger benevolence_applications_gather_words_of_changed after update on benevolence_applications
    for each row when (old.search is distinct from new.search)
    execute function cases_gather_words('benevolence_application');

-- What finds the cases that are spelt alike: each word as it is, or one of the nearest that there are. Whoever may find
-- the cases of one member alone learns nothing of the others' words.
create function cases_search_alike(of_kind text, words text, own text[]) returns tsquery
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
                        select word, similarity(word, token) as degree from case_words
                        where own is null and tenant_id = app_tenant() and kind = of_kind and word % token
                        union
                        -- Two letters swapped, as in Jhon: few trigrams are left, but all letters.
                        select word, 1 as degree from case_words
                        where own is null and tenant_id = app_tenant() and kind = of_kind
                            and letters = f_letters(token)
                        union
                        select word, similarity(word, token) as degree
                        from unnest(own) as word
                        where word % token or f_letters(word) = f_letters(token)
                    ) as candidates
                ) as compared
                where degree >= 0.75 * best
                group by word
                order by max(degree) desc, word
                limit 8
            ) as nearest
        ) as alike;
end;

-- The ids of the first cases that a query finds, newest first.
create function cases_search_page(of_table text, wanted tsquery, only_member uuid, row_limit integer) returns uuid[]
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
                and ($2 is null or member_id = $2)
            limit $4
        )
        select (select count(*) from matching),
            array(select id from matching order by year desc, place desc limit $3)',
        of_table
    )
    into matches, ids using wanted, only_member, row_limit, many;
    if matches >= many then
        execute format(
            'select array(
                select id from (
                    select id, search from %I
                    where tenant_id = app_tenant() and deleted_at is null
                        and ($2 is null or member_id = $2)
                    order by year desc, place desc limit $4
                ) as newest
                where search @@ $1 limit $3
            ) || $5',
            of_table
        )
        into ids using wanted, only_member, row_limit, walk_length, ids;
    end if;
    return ids;
end
$$;

-- The cases of a kind that fit best: by number, by the words that were told, newest first, those of the members given,
-- who were found by name, and where there are none of these, by words that are spelt alike.
create function search_cases(
    of_kind text, words text, only_member uuid, of_members uuid[], row_limit integer
) returns table (id uuid, rank smallint, degree real)
    language plpgsql stable rows 20 set search_path = pg_catalog, public, pg_temp
as $$
declare
    of_table text := case of_kind
        when 'grievance' then 'grievances' when 'benevolence_application' then 'benevolence_applications'
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
                and year = $1 and place = $2 and ($3 is null or member_id = $3)',
            of_table
        ) using number[1]::smallint, number[2]::integer, only_member;
        known := found;
    end if;
    if wanted is not null then
        ids := cases_search_page(of_table, wanted, only_member, row_limit);
        return query
            select hit, case when is_number then 2 else 4 end::smallint, 1::real from unnest(ids) as hit;
        known := known or found;
    end if;
    return query execute format(
        'select told.id, 5::smallint, 1::real
        from unnest($1) as named, lateral (
            select id, year, place from %I
            where tenant_id = app_tenant() and deleted_at is null and member_id = named
                and ($2 is null or member_id = $2)
            order by year desc, place desc limit $3
        ) as told
        order by told.year desc, told.place desc
        limit $3',
        of_table
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
    ids := cases_search_page(of_table, cases_search_alike(of_kind, words, own), only_member, row_limit);
    return query select hit, 6::smallint, 0.5::real from unnest(ids) as hit;
end
$$;

-- What is found of the kinds that may be, each record once with its best rank. The function of this name with fewer
-- parameters is what the version of the program before this one asks.
create function search_ranked(
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

revoke all on function
    f_words_to_mistype, cases_search_alike, cases_search_page, search_cases,
    search_ranked(
        text, boolean, uuid, boolean, boolean, uuid, boolean, uuid, boolean, integer
    ) from public;
grant execute on function f_words_to_mistype to unionhall_search;
grant execute on function search_ranked(
    text, boolean, uuid, boolean, boolean, uuid, boolean, uuid, boolean, integer
) to unionhall_runtime;

alter function cases_gather_words owner to unionhall_search;
alter function cases_search_alike owner to unionhall_search;
alter function cases_search_page owner to unionhall_search;
alter function search_cases owner to unionhall_search;
alter function search_ranked(
    text, boolean, uuid, boolean, boolean, uuid, boolean, uuid, boolean, integer
) owner to unionhall_search;
