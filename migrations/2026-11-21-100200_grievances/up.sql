-- Grievances, their meetings, and the search of grievances.

-- A number is found whole, without its GR-, and by its place alone; words by their beginnings.
create function grievances_lexemes(
    year smallint, place integer, contract_article text, violation_description text
) returns tsvector
    language sql immutable parallel safe
    return array_to_tsvector(
        f_words(coalesce(contract_article, '') || ' ' || violation_description)
        || array[
            'gr-' || lpad(year::text, 4, '0') || '-' || lpad(place::text, greatest(4, length(place::text)), '0'),
            lpad(year::text, 4, '0') || '-' || lpad(place::text, greatest(4, length(place::text)), '0'),
            lpad(place::text, greatest(4, length(place::text)), '0')
        ]
    );

create table grievances (
    id uuid not null,
    tenant_id uuid not null,
    year smallint not null,
    place integer not null,
    member_id uuid not null,
    employer_id uuid not null,
    filed_date date not null,
    incident_date date,
    contract_article text,
    violation_description text not null,
    remedy_sought text,
    assigned_representative_id uuid,
    notes text,
    current_step text not null,
    employer_answer text not null,
    status text not null,
    status_reason text,
    resolution text,
    resolution_date date,
    settlement_amount bigint,
    version bigint not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    deleted_at timestamptz,
    search tsvector not null generated always as (
        grievances_lexemes(year, place, contract_article, violation_description)
    ) stored,
    constraint grievances_pkey primary key (id),
    constraint grievances_tenant_id_id_key unique (tenant_id, id),
    constraint grievances_number_key unique (tenant_id, year, place),
    constraint grievances_tenant_fkey foreign key (tenant_id) references tenants (id),
    constraint grievances_member_fkey
        foreign key (tenant_id, member_id) references members (tenant_id, id),
    constraint grievances_employer_fkey
        foreign key (tenant_id, employer_id) references organizations (tenant_id, id),
    constraint grievances_representative_fkey
        foreign key (tenant_id, assigned_representative_id) references memberships (tenant_id, user_id),
    constraint grievances_number_check check (year between 1 and 9999 and place >= 1),
    constraint grievances_incident_date_check check (incident_date <= filed_date),
    constraint grievances_contract_article_check check (char_length(contract_article) between 1 and 50),
    constraint grievances_violation_description_check
        check (char_length(violation_description) between 1 and 20000),
    constraint grievances_remedy_sought_check check (char_length(remedy_sought) between 1 and 20000),
    constraint grievances_notes_check check (char_length(notes) between 1 and 10000),
    constraint grievances_status_reason_check check (char_length(status_reason) between 1 and 2000),
    constraint grievances_resolution_check check (char_length(resolution) between 1 and 20000),
    constraint grievances_resolution_date_check check (resolution_date >= filed_date),
    constraint grievances_settlement_amount_check check (settlement_amount between 0 and 999999999999),
    constraint grievances_current_step_check
        check (current_step in ('step_1', 'step_2', 'step_3', 'arbitration')),
    constraint grievances_employer_answer_check check (employer_answer in ('pending', 'denied')),
    constraint grievances_status_check check (
        status in ('open', 'investigation', 'hearing', 'settled', 'withdrawn', 'arbitration', 'closed')
    ),
    -- The last step is arbitration as long as the grievance is alive, and no other step is.
    constraint grievances_progress_check check (
        case
            when status in ('open', 'investigation', 'hearing') then current_step <> 'arbitration'
            when status = 'arbitration' then current_step = 'arbitration'
            else true
        end
    ),
    -- Withdrawn and closed grievances have a reason, and no others.
    constraint grievances_reason_check check ((status in ('withdrawn', 'closed')) = (status_reason is not null)),
    -- Settled grievances have what was agreed, closed ones may have it, and no others.
    constraint grievances_settlement_check check (
        (resolution is null) = (resolution_date is null)
        and (settlement_amount is null or resolution is not null)
        and case
            when status = 'settled' then resolution is not null
            when status = 'closed' then true
            else resolution is null
        end
    ),
    constraint grievances_version_check check (version >= 1)
);

create index grievances_by_number on grievances (tenant_id, year, place) where deleted_at is null;
create index grievances_by_filing on grievances (tenant_id, filed_date, id) where deleted_at is null;
create index grievances_by_status on grievances (tenant_id, status, year, place) where deleted_at is null;
create index grievances_by_member on grievances (tenant_id, member_id, year, place) where deleted_at is null;
create index grievances_by_employer on grievances (tenant_id, employer_id, year, place) where deleted_at is null;
create index grievances_by_representative on grievances (tenant_id, assigned_representative_id, year, place)
    where deleted_at is null;
create index grievances_by_search on grievances using gin (tenant_id, search) with (fastupdate = off)
    where deleted_at is null;

alter table grievances enable row level security, force row level security;
create policy grievances_of_tenant on grievances
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
grant select, insert, update on grievances to unionhall_runtime;

create table grievance_steps (
    id uuid not null,
    tenant_id uuid not null,
    grievance_id uuid not null,
    step text not null,
    meeting_date date not null,
    union_attendees text,
    employer_attendees text,
    notes text,
    outcome text not null,
    resolution text,
    resolution_date date,
    settlement_amount bigint,
    created_at timestamptz not null,
    constraint grievance_steps_pkey primary key (id),
    constraint grievance_steps_tenant_id_id_key unique (tenant_id, id),
    constraint grievance_steps_tenant_fkey foreign key (tenant_id) references tenants (id),
    constraint grievance_steps_grievance_fkey
        foreign key (tenant_id, grievance_id) references grievances (tenant_id, id),
    constraint grievance_steps_step_check check (step in ('step_1', 'step_2', 'step_3', 'arbitration')),
    constraint grievance_steps_outcome_check check (outcome in ('denied', 'settled', 'advanced')),
    constraint grievance_steps_ladder_check check (outcome <> 'advanced' or step <> 'arbitration'),
    constraint grievance_steps_union_attendees_check check (char_length(union_attendees) between 1 and 2000),
    constraint grievance_steps_employer_attendees_check
        check (char_length(employer_attendees) between 1 and 2000),
    constraint grievance_steps_notes_check check (char_length(notes) between 1 and 10000),
    constraint grievance_steps_resolution_check check (char_length(resolution) between 1 and 20000),
    constraint grievance_steps_settlement_amount_check check (settlement_amount between 0 and 999999999999),
    constraint grievance_steps_settlement_check check (
        (outcome = 'settled') = (resolution is not null)
        and (resolution is null) = (resolution_date is null)
        and (settlement_amount is null or resolution is not null)
    )
);

create index grievance_steps_by_meeting on grievance_steps (tenant_id, grievance_id, meeting_date, created_at, id);

alter table grievance_steps enable row level security, force row level security;
create policy grievance_steps_of_tenant on grievance_steps
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
-- What was written down of a meeting stays: nothing of the program's changes it.
grant select, insert on grievance_steps to unionhall_runtime;

-- The search of grievances, for the reasons and in the manner of the search of members.

create policy grievances_searched on grievances for select to unionhall_search using (true);
grant select (
    id, tenant_id, year, place, member_id, employer_id, filed_date, assigned_representative_id, current_step,
    status, deleted_at, search
) on grievances to unionhall_search;

-- What finds the grievances with all these words as prefixes. Null when there is nothing to look for.
create function grievances_search_query(words text) returns tsquery
    language plpgsql immutable strict parallel safe
as $$
begin
    return (
        with parts as (
            select part
            from string_to_table(translate(public.f_unaccent(left(words, 500)), e'\t\n\r', '   '), ' ') as part
        ),
        tokens as (
            select left(part, 40) as token from parts where part ~ '^(gr-[0-9-]*|[0-9]{4}-[0-9]*)$'
            union
            select unnest(public.f_words(part)) from parts where part !~ '^(gr-[0-9-]*|[0-9]{4}-[0-9]*)$'
            order by token
            limit 8
        )
        select string_agg(public.f_quoted_lexeme(token) || ':*', ' & ')::tsquery from tokens
    );
end
$$;

-- The ids of the first `row_limit` grievances behind the given place that match, in order. The place is
-- (after_year, after_place) when sorted by number, (after_filed, after_id) when sorted by day of filing.
create function grievances_search(
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

-- How many grievances match.
create function grievances_search_count(
    words text, status text, step text, member_id uuid, employer_id uuid, representative_id uuid,
    filed_from date, filed_until date
) returns bigint
    language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
    total bigint;
begin
    execute
        'select count(*) from grievances
        where tenant_id = app_tenant() and search @@ $1 and deleted_at is null
            and ($2 is null or status = $2)
            and ($3 is null or current_step = $3)
            and ($4 is null or member_id = $4)
            and ($5 is null or employer_id = $5)
            and ($6 is null or assigned_representative_id = $6)
            and ($7 is null or filed_date >= $7)
            and ($8 is null or filed_date <= $8)'
    into total
    using
        grievances_search_query(words), status, step, member_id, employer_id, representative_id,
        filed_from, filed_until;
    return total;
end
$$;

revoke all on function grievances_search from public;
revoke all on function grievances_search_count from public;
grant execute on function grievances_search, grievances_search_count to unionhall_runtime;

alter function grievances_search owner to unionhall_search;
alter function grievances_search_count owner to unionhall_search;
