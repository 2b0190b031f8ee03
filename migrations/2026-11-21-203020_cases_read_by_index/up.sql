-- No filter of the lists of grievances, applications, jobs and contacts reads a whole table, whatever there is in it.
--
-- The indexes are made while nobody can write to their tables: a second for tens of thousands of rows.

-- The grievances on a step, the jobs of a title in the order in which they were entered, and who is, or is not, asked
-- first.
create index grievances_by_step on grievances (tenant_id, current_step, year, place) where deleted_at is null;
create index employments_by_title_and_creation on employments (tenant_id, job_title, created_at, id)
    where deleted_at is null;
create index contacts_by_rank on contacts (tenant_id, is_primary, sort_name, id) where deleted_at is null;

-- The ids of the first `row_limit` cases that a query finds, in the order `ordered`: of the table `of_table` those for
-- which `filters` holds, and of these those behind the place for which `behind` holds. What is named here comes from the
-- functions below, never from who asks; what filters and place are compared with stands in $2 by name.
create function cases_list_page(
    of_table text, columns text, filters text, behind text, ordered text,
    wanted tsquery, told jsonb, row_limit bigint
) returns setof uuid
    language plpgsql stable rows 50 set search_path = pg_catalog, public, pg_temp
as $$
declare
    -- So many matches are many, and that many rows of the list are looked through for them.
    many constant integer := 2500;
    walk_length constant integer := 3000;
    mine text := format('tenant_id = app_tenant() and deleted_at is null and %s', filters);
    by_words text := format(
        'with matching as materialized (select %2$s from %1$I where search @@ $1 and %3$s),
            found as materialized (select * from matching limit $4)
        select (select count(*) from found), array(select id from found where %4$s order by %5$s limit $3)',
        of_table, columns, mine, behind, ordered
    );
    by_walking text := format(
        'with walk as materialized (
                select %2$s, search @@ $1 as fits from %1$I where %3$s and %4$s order by %5$s limit $4
            ),
            found as materialized (select * from walk where fits order by %5$s limit $3)
        select array(select id from found), (select count(*) from found) = $3 or (select count(*) from walk) < $4',
        of_table, columns, mine, behind, ordered
    );
    ids uuid[];
    matches bigint;
    complete boolean;
begin
    -- By the words, which is quick while few match. EXECUTE plans with the values at hand.
    execute by_words into matches, ids using wanted, told, row_limit, many;
    if matches >= many then
        -- Where many match, the first of them are soon met on a walk along the order; or they all lie further on.
        execute by_walking into ids, complete using wanted, told, row_limit, walk_length;
        if not complete then
            execute by_words into matches, ids using wanted, told, row_limit, null::integer;
        end if;
    end if;
    return query select unnest(ids);
end
$$;

-- The ids of the first `row_limit` grievances behind the given place that match, in order. The place is
-- (after_year, after_place) when sorted by number, (after_filed, after_id) when sorted by day of filing.
create or replace function grievances_search(
    words text, status text, step text, member_id uuid, employer_id uuid, representative_id uuid,
    filed_from date, filed_until date,
    sort text, descending boolean,
    after_year smallint, after_place integer, after_filed date, after_id uuid, row_limit bigint
) returns setof uuid
    language plpgsql stable security definer rows 50 set search_path = pg_catalog, public, pg_temp
as $$
declare
    direction text := case when descending then 'desc' else 'asc' end;
    past text := case when descending then '<' else '>' end;
begin
    return query select * from cases_list_page(
        'grievances',
        'id, year, place, filed_date',
        '($2 ->> ''status'' is null or status = $2 ->> ''status'')
        and ($2 ->> ''step'' is null or current_step = $2 ->> ''step'')
        and ($2 ->> ''member'' is null or member_id = ($2 ->> ''member'')::uuid)
        and ($2 ->> ''employer'' is null or employer_id = ($2 ->> ''employer'')::uuid)
        and ($2 ->> ''representative'' is null
            or assigned_representative_id = ($2 ->> ''representative'')::uuid)
        and ($2 ->> ''from'' is null or filed_date >= ($2 ->> ''from'')::date)
        and ($2 ->> ''until'' is null or filed_date <= ($2 ->> ''until'')::date)',
        case sort
            when 'number' then '($2 ->> ''year'' is null
                or (year, place) ' || past || ' (($2 ->> ''year'')::smallint, ($2 ->> ''place'')::integer))'
            when 'filed' then '($2 ->> ''filed'' is null
                or (filed_date, id) ' || past || ' (($2 ->> ''filed'')::date, ($2 ->> ''id'')::uuid))'
        end,
        format(
            case sort when 'number' then 'year %1$s, place %1$s' when 'filed' then 'filed_date %1$s, id %1$s' end,
            direction
        ),
        grievances_search_query(words),
        jsonb_build_object(
            'status', status, 'step', step, 'member', member_id, 'employer', employer_id,
            'representative', representative_id, 'from', filed_from, 'until', filed_until,
            'year', after_year, 'place', after_place, 'filed', after_filed, 'id', after_id
        ),
        row_limit
    );
end
$$;

-- The ids of the first `row_limit` applications behind the given place that match, in order. The place is
-- (after_year, after_place) when sorted by number, (after_amount, after_id) when sorted by amount, and
-- (after_since, after_id) when sorted by since when they stand where they stand.
create or replace function benevolence_search(
    words text, status text, reason text, member_id uuid, made_from date, made_until date,
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
            'status', status, 'reason', reason, 'member', member_id, 'from', made_from, 'until', made_until,
            'year', after_year, 'place', after_place, 'amount', after_amount, 'since', after_since, 'id', after_id
        ),
        row_limit
    );
end
$$;

revoke all on function cases_list_page from public;
alter function cases_list_page owner to unionhall_search;
