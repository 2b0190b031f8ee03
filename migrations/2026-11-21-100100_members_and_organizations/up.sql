-- Organizations, members, and the search of members.

-- Text without accents and case: how names are compared, sorted and searched.
-- The dictionary is named with its schema, so the result depends on nothing of the session;
-- that is what lets this be IMMUTABLE although unaccent itself is not. Composed and decomposed letters are one.
create function f_unaccent(text) returns text
    language sql immutable strict parallel safe
    return lower(public.unaccent('public.unaccent'::regdictionary, normalize($1)));

-- The words of a text: folded, cut at 40 characters. Every ASCII character but letters and
-- digits divides words; characters beyond ASCII belong to them whatever the database's locale thinks.
create function f_words(text) returns text[]
    language sql immutable strict parallel safe
    return array(
        select left(word, 40)
        from string_to_table(
            translate(
                public.f_unaccent($1),
                e'\t\n\r !"#$%&''()*+,-./:;<=>?@[\\]^_`{|}~',
                repeat(' ', 35)
            ),
            ' '
        ) as word
        where word <> ''
    );

-- What somebody looks for, as at most eight lexemes: an e-mail address, or the beginning of one, stays whole.
-- Not plain SQL, because the plan of such a function is made anew for every call.
create function f_search_tokens(words text) returns text[]
    language plpgsql immutable strict parallel safe
as $$
begin
    return array(
        with parts as (
            select btrim(part, '<>()[],;:"''') as part
            from string_to_table(
                translate(public.f_unaccent(left(words, 500)), e'\t\n\r', '   '), ' '
            ) as part
        )
        select left(part, 254) as token from parts where part like '%@%' and part <> '@'
        union
        select unnest(public.f_words(part)) from parts where part not like '%@%'
        order by token
        limit 8
    );
end
$$;

-- A lexeme as tsquery reads it back unchanged, whatever characters it holds.
create function f_quoted_lexeme(text) returns text
    language sql immutable strict parallel safe
    return '''' || replace(replace($1, '\', '\\'), '''', '''''') || '''';

-- Organizations.

-- Whether each of the words is somewhere in the name or the city. There are hundreds of organizations, not
-- thousands: looking at each is quick enough.
create function organizations_match(name text, city text, words text[]) returns boolean
    language sql immutable parallel safe
    return cardinality(words) > 0 and not exists (
        select from unnest(words) as word
        where strpos(f_unaccent(name || ' ' || coalesce(city, '')), word) = 0
    );

create table organizations (
    id uuid not null,
    tenant_id uuid not null,
    name text not null,
    org_type text not null,
    address text,
    city text,
    state text,
    zip_code text,
    phone text,
    email text,
    website text,
    version bigint not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    deleted_at timestamptz,
    sort_name text collate "C" not null generated always as (left(f_unaccent(name), 100)) stored,
    constraint organizations_pkey primary key (id),
    constraint organizations_tenant_id_id_key unique (tenant_id, id),
    constraint organizations_tenant_fkey foreign key (tenant_id) references tenants (id),
    constraint organizations_name_check check (char_length(name) between 1 and 255),
    constraint organizations_org_type_check
        check (org_type in ('employer', 'union', 'training_partner', 'jatc')),
    constraint organizations_address_check check (char_length(address) between 1 and 255),
    constraint organizations_city_check check (char_length(city) between 1 and 100),
    constraint organizations_state_check check (char_length(state) between 1 and 50),
    constraint organizations_zip_code_check check (char_length(zip_code) between 1 and 20),
    constraint organizations_phone_check check (char_length(phone) between 1 and 50),
    constraint organizations_email_check
        check (octet_length(email) between 3 and 254 and email like '_%@_%'),
    constraint organizations_website_check check (char_length(website) between 1 and 255),
    constraint organizations_version_check check (version >= 1)
);

create index organizations_by_name on organizations (tenant_id, sort_name, id) where deleted_at is null;
create index organizations_by_creation on organizations (tenant_id, created_at, id) where deleted_at is null;

alter table organizations enable row level security, force row level security;
create policy organizations_of_tenant on organizations
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
grant select, insert, update on organizations to unionhall_runtime;

-- Members.

-- A word for prefix search is a lexeme; so are a name or number without its apostrophes and hyphens
-- (O'Brien is found as obrien), a whole address, and an address's domain with its @.
create function members_lexemes(
    first_name text, middle_name text, last_name text, member_number text, email text
) returns tsvector
    language sql immutable parallel safe
    return array_to_tsvector(
        f_words(
            first_name || ' ' || coalesce(middle_name, '') || ' ' || last_name || ' ' || member_number
            || ' ' ||
            translate(
                first_name || ' ' || coalesce(middle_name, '') || ' ' || last_name || ' ' || member_number,
                '''’-', ''
            )
        )
        || case
            when email is null then array[]::text[]
            else f_words(split_part(email, '@', 1))
                || f_unaccent(email)
                || f_unaccent('@' || split_part(email, '@', 2))
        end
    );

create table members (
    id uuid not null,
    tenant_id uuid not null,
    member_number text collate "C" not null,
    first_name text not null,
    last_name text not null,
    middle_name text,
    address text,
    city text,
    state text,
    zip_code text,
    phone text,
    email text,
    date_of_birth date,
    hire_date date,
    status text not null,
    classification text not null,
    notes text,
    version bigint not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    deleted_at timestamptz,
    -- The tab sorts before every character of a name, so family names that begin alike stay together.
    sort_name text collate "C" not null
        generated always as (left(f_unaccent(last_name || e'\t' || first_name), 100)) stored,
    search tsvector not null
        generated always as (members_lexemes(first_name, middle_name, last_name, member_number, email)) stored,
    constraint members_pkey primary key (id),
    constraint members_tenant_id_id_key unique (tenant_id, id),
    -- Deleted members keep their number: restoring one must never collide.
    constraint members_number_key unique (tenant_id, member_number),
    constraint members_tenant_fkey foreign key (tenant_id) references tenants (id),
    constraint members_number_check check (member_number ~ '^[A-Z0-9]([A-Z0-9-]{0,48}[A-Z0-9])?$'),
    constraint members_first_name_check check (char_length(first_name) between 1 and 100),
    constraint members_last_name_check check (char_length(last_name) between 1 and 100),
    constraint members_middle_name_check check (char_length(middle_name) between 1 and 100),
    constraint members_address_check check (char_length(address) between 1 and 255),
    constraint members_city_check check (char_length(city) between 1 and 100),
    constraint members_state_check check (char_length(state) between 1 and 50),
    constraint members_zip_code_check check (char_length(zip_code) between 1 and 20),
    constraint members_phone_check check (char_length(phone) between 1 and 50),
    constraint members_email_check check (octet_length(email) between 3 and 254 and email like '_%@_%'),
    constraint members_date_of_birth_check check (date_of_birth >= '1900-01-01'),
    constraint members_hire_date_check check (hire_date >= '1900-01-01' and hire_date > date_of_birth),
    constraint members_status_check
        check (status in ('active', 'inactive', 'suspended', 'retired', 'deceased')),
    constraint members_classification_check check (
        classification in (
            'apprentice_1', 'apprentice_2', 'apprentice_3', 'apprentice_4', 'apprentice_5',
            'journeyman', 'foreman', 'retiree', 'honorary'
        )
    ),
    constraint members_notes_check check (char_length(notes) between 1 and 10000),
    constraint members_version_check check (version >= 1)
);

create index members_by_name on members (tenant_id, sort_name, id) where deleted_at is null;
create index members_by_creation on members (tenant_id, created_at, id) where deleted_at is null;
create index members_by_status on members (tenant_id, status, sort_name, id) where deleted_at is null;
create index members_by_classification on members (tenant_id, classification, sort_name, id)
    where deleted_at is null;
-- Without a pending list: a search right after an import is as quick as ever.
create index members_by_search on members using gin (tenant_id, search) with (fastupdate = off)
    where deleted_at is null;

alter table members enable row level security, force row level security;
create policy members_of_tenant on members
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
grant select, insert, update on members to unionhall_runtime;

alter table memberships
    add constraint memberships_member_fkey foreign key (tenant_id, member_id) references members (tenant_id, id),
    add constraint memberships_member_key unique (tenant_id, member_id);

-- The search of members.
--
-- Row-level security lets an index be used only by operators that are marked leak-proof, and those of full
-- text and trigrams are not. So searching is done by functions that run as unionhall_search: a role that
-- nobody can sign in as, that sees of every tenant only what is searched, and whose functions name the
-- tenant themselves. They give out ids alone; the caller reads the rows under its own policies.

create policy members_searched on members for select to unionhall_search using (true);
grant select (id, tenant_id, member_number, status, classification, created_at, deleted_at, sort_name, search)
    on members to unionhall_search;

-- The words that members are found by, numbers aside: for finding the one that a mistyped word means. A word
-- stays when the last member with it is gone. It may be here twice: a unique constraint would make writers
-- wait for each other.
create table member_words (
    tenant_id uuid not null,
    word text collate "C" not null,
    -- The word's letters in alphabetical order: equal for words with two letters swapped.
    letters text collate "C" not null,
    constraint member_words_tenant_fkey foreign key (tenant_id) references tenants (id)
);

create index member_words_by_word on member_words (tenant_id, word);
create index member_words_by_letters on member_words (tenant_id, letters);
create index member_words_by_similarity on member_words using gin (tenant_id, word gin_trgm_ops)
    with (fastupdate = off);

alter table member_words enable row level security, force row level security;
create policy member_words_searched on member_words for select to unionhall_search using (true);
create policy member_words_gathered on member_words for insert to unionhall_search
    with check (tenant_id = app_tenant());
grant select, insert on member_words to unionhall_search;

create function f_letters(text) returns text
    language sql immutable strict parallel safe
    return (
        select string_agg(letter, '' order by letter collate "C") from string_to_table($1, null) as letter
    );

create function members_gather_words() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
begin
    insert into member_words (tenant_id, word, letters)
    select found.tenant_id, found.word, f_letters(found.word)
    from (
        select distinct changed.tenant_id, word
        from changed, unnest(tsvector_to_array(changed.search)) as word
        where char_length(word) between 3 and 40 and word !~ '[0-9@]'
    ) as found
    where not exists (
        select from member_words as known
        where known.tenant_id = found.tenant_id and known.word = found.word
    );
    return null;
end
$$;

create trigger members_gather_words_of_new after insert on members
    referencing new table as changed
    for each statement execute function members_gather_words();
create trigger members_gather_words_of_changed after update on members
    referencing new table as changed
    for each statement execute function members_gather_words();

-- What finds the members with all these words as prefixes. Null when there is nothing to look for.
create function members_search_exact(words text) returns tsquery
    language plpgsql immutable strict parallel safe
as $$
begin
    return (
        select string_agg(public.f_quoted_lexeme(token) || ':*', ' & ')::tsquery
        from unnest(public.f_search_tokens(words)) as token
    );
end
$$;

-- What finds the members that somebody means: all their words as prefixes; where no member has them all, words
-- that are spelt alike too. Null when there is nothing to look for.
create function members_search_query(words text, only_id uuid) returns tsquery
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
    if known then
        return wanted;
    end if;
    select string_agg('(' || f_quoted_lexeme(token) || ':*' || coalesce(alike.lexemes, '') || ')', ' & ')::tsquery
    into wanted
    from unnest(f_search_tokens(words)) as token,
        lateral (
            select string_agg(' | ' || f_quoted_lexeme(word), '') as lexemes
            from (
                select word
                from (
                    select word, degree, max(degree) over () as best
                    from (
                        select word, similarity(word, token) as degree from member_words
                        where only_id is null and tenant_id = tenant and word % token
                        union
                        -- Two letters swapped, as in Jhon: few trigrams are left, but all letters.
                        select word, 1 as degree from member_words
                        where only_id is null and tenant_id = tenant and letters = f_letters(token)
                        union
                        -- Whoever may see one member alone learns nothing of the others' words.
                        select word, similarity(word, token) as degree
                        from members, unnest(tsvector_to_array(search)) as word
                        where tenant_id = tenant and id = only_id and word !~ '[0-9@]' and word % token
                    ) as candidates
                ) as compared
                where degree >= 0.75 * best
                group by word
                order by max(degree) desc, word
                limit 8
            ) as nearest
        ) as alike;
    return wanted;
end
$$;

-- The ids of the first `row_limit` members behind (after_key, after_id) that match, in order.
create function members_search(
    words text, status text, classification text, only_id uuid,
    sort text, descending boolean, after_key text, after_id uuid, row_limit bigint
) returns setof uuid
    language plpgsql stable security definer rows 50 set search_path = pg_catalog, public, pg_temp
as $$
declare
    -- So many matches are many, and that many rows of the list are looked through for them.
    many constant integer := 1000;
    walk_length constant integer := 3000;
    wanted tsquery := members_search_exact(words);
    closest tsquery;
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
    ids uuid[];
    complete boolean := false;
begin
    if wanted is null then
        return;
    end if;
    -- By the words, which is quick while few match. Materialized, or the planner would walk along the order and
    -- read everything when the matches lie at its far end.
    if exists (select from unnest(f_search_tokens(words)) as token where char_length(token) > 2) then
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
    -- Or there are none, and others were meant.
    if matches = 0 then
        closest := members_search_query(words, only_id);
        if closest is distinct from wanted then
            execute by_words into matches, ids
            using closest, status, classification, only_id, after_key, after_id, row_limit, null::integer;
        end if;
    end if;
    return query select unnest(ids);
end
$$;

-- How many members match.
create function members_search_count(
    words text, status text, classification text, only_id uuid
) returns bigint
    language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
    wanted tsquery := members_search_query(words, only_id);
    total bigint;
begin
    execute
        'select count(*) from members
        where tenant_id = app_tenant() and search @@ $1 and deleted_at is null
            and ($2 is null or status = $2)
            and ($3 is null or classification = $3)
            and ($4 is null or id = $4)'
    into total using wanted, status, classification, only_id;
    return total;
end
$$;

revoke all on function members_gather_words from public;
revoke all on function members_search_exact from public;
revoke all on function members_search_query from public;
revoke all on function members_search from public;
revoke all on function members_search_count from public;
grant execute on function members_search, members_search_count to unionhall_runtime;

alter function members_gather_words owner to unionhall_search;
alter function members_search_exact owner to unionhall_search;
alter function members_search_query owner to unionhall_search;
alter function members_search owner to unionhall_search;
alter function members_search_count owner to unionhall_search;

-- After a roster was brought in the planner knows nothing of it for a minute, and reads whole tables meanwhile.
-- Only an owner may analyze, so this runs as one. Whoever is at it already does as well.
create function members_analyze() returns void
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
begin
    analyze public.members;
    analyze public.member_words;
exception when lock_not_available then
    null;
end
$$;
revoke all on function members_analyze() from public;
grant execute on function members_analyze() to unionhall_runtime;
