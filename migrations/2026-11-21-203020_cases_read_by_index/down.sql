-- Grievances and applications are searched as before.

create or replace function grievances_search(
    words text, status text, step text, member_id uuid, employer_id uuid, representative_id uuid,
    filed_from date, filed_until date,
    sort text, descending boolean,
    after_year smallint, after_place integer, after_filed date, after_id uuid, row_limit bigint
) returns setof uuid
    language plpgsql stable security definer rows 50 set search_path = pg_catalog, public, pg_temp
as $$
declare
    sort_keys text[] := case sort
        when 'number' then array['year', 'place'] when 'filed' then array['filed_date', 'id']
    end;
    direction text := case when descending then 'desc' else 'asc' end;
    behind text := case when descending then '<' else '>' end;
begin
    return query execute format(
        'with found as materialized (
            select id, year, place, filed_date from grievances
            where tenant_id = app_tenant() and search @@ $1 and deleted_at is null
                and ($2 is null or status = $2)
                and ($3 is null or current_step = $3)
                and ($4 is null or member_id = $4)
                and ($5 is null or employer_id = $5)
                and ($6 is null or assigned_representative_id = $6)
                and ($7 is null or filed_date >= $7)
                and ($8 is null or filed_date <= $8)
        )
        select id from found
        where ($9 is null or (year, place) %4$s ($9, $10))
            and ($11 is null or (filed_date, id) %4$s ($11, $12))
        order by %1$I %3$s, %2$I %3$s
        limit $13',
        sort_keys[1], sort_keys[2], direction, behind
    ) using
        grievances_search_query(words), status, step, member_id, employer_id, representative_id,
        filed_from, filed_until, after_year, after_place, after_filed, after_id, row_limit;
end
$$;

create or replace function benevolence_search(
    words text, status text, reason text, member_id uuid, made_from date, made_until date,
    sort text, descending boolean,
    after_year smallint, after_place integer, after_amount bigint, after_since timestamptz, after_id uuid,
    row_limit bigint
) returns setof uuid
    language plpgsql stable security definer rows 50 set search_path = pg_catalog, public, pg_temp
as $$
declare
    sort_keys text[] := case sort
        when 'number' then array['year', 'place']
        when 'amount' then array['amount_requested', 'id']
        when 'since' then array['since', 'id']
    end;
    direction text := case when descending then 'desc' else 'asc' end;
    behind text := case when descending then '<' else '>' end;
begin
    return query execute format(
        'with found as materialized (
            select id, year, place, amount_requested, since from benevolence_applications
            where tenant_id = app_tenant() and search @@ $1 and deleted_at is null
                and ($2 is null or status = $2)
                and ($3 is null or reason = $3)
                and ($4 is null or member_id = $4)
                and ($5 is null or application_date >= $5)
                and ($6 is null or application_date <= $6)
        )
        select id from found
        where ($7 is null or (year, place) %4$s ($7, $8))
            and ($9 is null or (amount_requested, id) %4$s ($9, $11))
            and ($10 is null or (since, id) %4$s ($10, $11))
        order by %1$I %3$s, %2$I %3$s
        limit $12',
        sort_keys[1], sort_keys[2], direction, behind
    ) using
        benevolence_search_query(words), status, reason, member_id, made_from, made_until,
        after_year, after_place, after_amount, after_since, after_id, row_limit;
end
$$;

drop function cases_list_page;
drop index employments_by_title_and_creation;
drop index contacts_by_rank;
drop index grievances_by_step;
