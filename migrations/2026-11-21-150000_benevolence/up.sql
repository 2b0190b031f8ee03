-- The benevolence fund: applications with what hangs on them, its money, who decides, and by which rules.

-- The number of a level, from the lowest; null for what is none.
create function benevolence_rank(level text) returns integer
    language sql immutable parallel safe
    return array_position(array['vp', 'admin', 'manager', 'president'], level);

-- A number is found whole, without its BF-, and by its place alone; words of the story by their beginnings. Of the
-- member there is nothing in it: who may not see names must not find by them.
create function benevolence_lexemes(year smallint, place integer, description text) returns tsvector
    language sql immutable parallel safe
    return array_to_tsvector(
        f_words(description)
        || array[
            'bf-' || lpad(year::text, 4, '0') || '-' || lpad(place::text, greatest(4, length(place::text)), '0'),
            lpad(year::text, 4, '0') || '-' || lpad(place::text, greatest(4, length(place::text)), '0'),
            lpad(place::text, greatest(4, length(place::text)), '0')
        ]
    );

create table benevolence_applications (
    id uuid not null,
    tenant_id uuid not null,
    year smallint not null,
    place integer not null,
    member_id uuid not null,
    filed_by uuid,
    application_date date not null,
    reason text not null,
    description text not null,
    amount_requested bigint not null,
    notes text,
    status text not null,
    review_level text,
    last_level text,
    question text,
    status_reason text,
    awarded_amount bigint,
    awarded_on date,
    paid_amount bigint,
    since timestamptz not null,
    version bigint not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    deleted_at timestamptz,
    search tsvector not null generated always as (benevolence_lexemes(year, place, description)) stored,
    constraint benevolence_applications_pkey primary key (id),
    constraint benevolence_applications_tenant_id_id_key unique (tenant_id, id),
    constraint benevolence_applications_number_key unique (tenant_id, year, place),
    constraint benevolence_applications_tenant_fkey foreign key (tenant_id) references tenants (id),
    constraint benevolence_applications_member_fkey
        foreign key (tenant_id, member_id) references members (tenant_id, id),
    constraint benevolence_applications_filed_by_fkey
        foreign key (tenant_id, filed_by) references memberships (tenant_id, user_id),
    constraint benevolence_applications_number_check
        check (year between 1 and 9999 and place >= 1 and year = extract(year from application_date)),
    constraint benevolence_applications_reason_check
        check (reason in ('medical', 'death_in_family', 'hardship', 'disaster', 'other')),
    constraint benevolence_applications_description_check check (char_length(description) between 1 and 20000),
    constraint benevolence_applications_amount_check check (amount_requested between 0 and 999999999999),
    constraint benevolence_applications_notes_check check (char_length(notes) between 1 and 10000),
    constraint benevolence_applications_question_check check (char_length(question) between 1 and 2000),
    constraint benevolence_applications_status_reason_check check (char_length(status_reason) between 1 and 2000),
    constraint benevolence_applications_status_check check (status in (
        'draft', 'submitted', 'under_review', 'needs_info', 'approved', 'denied', 'paid', 'withdrawn'
    )),
    -- What climbs has a level and a last level, which it is not above; nothing else has. It begins at the foot.
    constraint benevolence_applications_climb_check check (
        (status in ('submitted', 'under_review', 'needs_info')) = (review_level is not null)
        and (review_level is null) = (last_level is null)
        and (review_level is null or coalesce(benevolence_rank(review_level) <= benevolence_rank(last_level), false))
        and (status <> 'submitted' or review_level = 'vp')
        and (review_level is null or amount_requested > 0)
    ),
    constraint benevolence_applications_asked_check check ((status = 'needs_info') = (question is not null)),
    constraint benevolence_applications_why_check check (
        case
            when status = 'denied' then status_reason is not null
            when status = 'withdrawn' then true
            else status_reason is null
        end
    ),
    -- No more is granted than is asked, no more paid than granted, and what is paid in full is called so.
    constraint benevolence_applications_award_check check (
        (status in ('approved', 'paid')) = (awarded_amount is not null)
        and (awarded_amount is null) = (awarded_on is null)
        and (awarded_amount is null) = (paid_amount is null)
        and (awarded_amount is null or (
            awarded_amount between 1 and amount_requested
            and paid_amount between 0 and awarded_amount
            and (status = 'paid') = (paid_amount = awarded_amount)
        ))
    ),
    -- What was handed in is withdrawn and not deleted.
    constraint benevolence_applications_deleted_check check (deleted_at is null or status = 'draft'),
    constraint benevolence_applications_version_check check (version >= 1)
);

-- One for each filter and each order of the list; by_turn is the queue, by_award what a member was granted in a year.
create index benevolence_applications_by_number on benevolence_applications (tenant_id, year, place)
    where deleted_at is null;
create index benevolence_applications_by_date on benevolence_applications (tenant_id, application_date, year, place)
    where deleted_at is null;
create index benevolence_applications_by_status on benevolence_applications (tenant_id, status, year, place)
    where deleted_at is null;
create index benevolence_applications_by_reason on benevolence_applications (tenant_id, reason, year, place)
    where deleted_at is null;
create index benevolence_applications_by_member on benevolence_applications (tenant_id, member_id, year, place)
    where deleted_at is null;
create index benevolence_applications_by_amount on benevolence_applications (tenant_id, amount_requested, id)
    where deleted_at is null;
create index benevolence_applications_by_since on benevolence_applications (tenant_id, since, id)
    where deleted_at is null;
create index benevolence_applications_by_turn
    on benevolence_applications (tenant_id, status, review_level, since, year, place)
    where deleted_at is null and status in ('draft', 'submitted', 'under_review', 'needs_info', 'approved');
create index benevolence_applications_by_award on benevolence_applications (tenant_id, member_id, awarded_on)
    where awarded_on is not null;
create index benevolence_applications_by_search on benevolence_applications
    using gin (tenant_id, search) with (fastupdate = off) where deleted_at is null;

alter table benevolence_applications enable row level security, force row level security;
create policy benevolence_applications_of_tenant on benevolence_applications
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
grant select, insert, update on benevolence_applications to unionhall_runtime;

-- What hangs on an application. Nothing of it is changed or deleted, save that a payment is taken back. -------------

create table benevolence_reviews (
    id uuid not null,
    tenant_id uuid not null,
    application_id uuid not null,
    level text not null,
    reviewer_id uuid not null,
    reviewer_member_id uuid,
    decision text not null,
    amount bigint,
    words text,
    comments text,
    reviewed_at timestamptz not null,
    constraint benevolence_reviews_pkey primary key (id),
    constraint benevolence_reviews_tenant_id_id_key unique (tenant_id, id),
    constraint benevolence_reviews_tenant_fkey foreign key (tenant_id) references tenants (id),
    constraint benevolence_reviews_application_fkey
        foreign key (tenant_id, application_id) references benevolence_applications (tenant_id, id),
    constraint benevolence_reviews_reviewer_fkey
        foreign key (tenant_id, reviewer_id) references memberships (tenant_id, user_id),
    constraint benevolence_reviews_member_fkey
        foreign key (tenant_id, reviewer_member_id) references members (tenant_id, id),
    constraint benevolence_reviews_level_check check (benevolence_rank(level) is not null),
    constraint benevolence_reviews_decision_check
        check (decision in ('approved', 'denied', 'needs_info', 'deferred')),
    -- An approval names an amount, and everything else says why.
    constraint benevolence_reviews_verdict_check
        check ((decision = 'approved') = (amount is not null) and (decision = 'approved') = (words is null)),
    constraint benevolence_reviews_amount_check check (amount between 1 and 999999999999),
    constraint benevolence_reviews_words_check check (char_length(words) between 1 and 2000),
    constraint benevolence_reviews_comments_check check (char_length(comments) between 1 and 10000),
    constraint benevolence_reviews_ladder_check check (decision <> 'deferred' or level <> 'president')
);

-- A level decides once, and nobody decides at two; questions are no decisions.
create unique index benevolence_reviews_level_key on benevolence_reviews (tenant_id, application_id, level)
    where decision <> 'needs_info';
create unique index benevolence_reviews_reviewer_key on benevolence_reviews (tenant_id, application_id, reviewer_id)
    where decision <> 'needs_info';
create index benevolence_reviews_by_application
    on benevolence_reviews (tenant_id, application_id, reviewed_at, id);

create table benevolence_answers (
    id uuid not null,
    tenant_id uuid not null,
    application_id uuid not null,
    level text not null,
    question text not null,
    answer text not null,
    answered_by uuid,
    answered_at timestamptz not null,
    constraint benevolence_answers_pkey primary key (id),
    constraint benevolence_answers_tenant_id_id_key unique (tenant_id, id),
    constraint benevolence_answers_tenant_fkey foreign key (tenant_id) references tenants (id),
    constraint benevolence_answers_application_fkey
        foreign key (tenant_id, application_id) references benevolence_applications (tenant_id, id),
    constraint benevolence_answers_answered_by_fkey
        foreign key (tenant_id, answered_by) references memberships (tenant_id, user_id),
    constraint benevolence_answers_level_check check (benevolence_rank(level) is not null),
    constraint benevolence_answers_question_check check (char_length(question) between 1 and 2000),
    constraint benevolence_answers_answer_check check (char_length(answer) between 1 and 10000)
);
create index benevolence_answers_by_application
    on benevolence_answers (tenant_id, application_id, answered_at, id);

create table benevolence_payments (
    id uuid not null,
    tenant_id uuid not null,
    application_id uuid not null,
    amount bigint not null,
    method text not null,
    reference text not null,
    paid_on date not null,
    paid_by uuid,
    created_at timestamptz not null,
    reversal_reason text,
    reversed_by uuid,
    reversed_at timestamptz,
    constraint benevolence_payments_pkey primary key (id),
    constraint benevolence_payments_tenant_id_id_key unique (tenant_id, id),
    constraint benevolence_payments_tenant_fkey foreign key (tenant_id) references tenants (id),
    constraint benevolence_payments_application_fkey
        foreign key (tenant_id, application_id) references benevolence_applications (tenant_id, id),
    constraint benevolence_payments_paid_by_fkey
        foreign key (tenant_id, paid_by) references memberships (tenant_id, user_id),
    constraint benevolence_payments_reversed_by_fkey
        foreign key (tenant_id, reversed_by) references memberships (tenant_id, user_id),
    constraint benevolence_payments_amount_check check (amount between 1 and 999999999999),
    constraint benevolence_payments_method_check
        check (method in ('check', 'direct_deposit', 'wire_transfer', 'cash', 'vendor')),
    constraint benevolence_payments_reference_check check (char_length(reference) between 1 and 100),
    constraint benevolence_payments_reversal_reason_check check (char_length(reversal_reason) between 1 and 2000),
    constraint benevolence_payments_reversal_check check (
        (reversed_at is null) = (reversal_reason is null)
        and (reversed_by is null or reversed_at is not null)
    )
);
-- One check, one receipt: what is entered twice is one payment. One that was taken back is made again.
create unique index benevolence_payments_reference_key
    on benevolence_payments (tenant_id, application_id, method, reference) where reversed_at is null;
create index benevolence_payments_by_application
    on benevolence_payments (tenant_id, application_id, created_at, id);

create table benevolence_unmaskings (
    id uuid not null,
    tenant_id uuid not null,
    application_id uuid not null,
    user_id uuid not null,
    reason text not null,
    unmasked_at timestamptz not null,
    constraint benevolence_unmaskings_pkey primary key (id),
    constraint benevolence_unmaskings_tenant_id_id_key unique (tenant_id, id),
    constraint benevolence_unmaskings_tenant_fkey foreign key (tenant_id) references tenants (id),
    constraint benevolence_unmaskings_application_fkey
        foreign key (tenant_id, application_id) references benevolence_applications (tenant_id, id),
    constraint benevolence_unmaskings_user_fkey
        foreign key (tenant_id, user_id) references memberships (tenant_id, user_id),
    constraint benevolence_unmaskings_reason_check check (char_length(reason) between 1 and 2000)
);
create index benevolence_unmaskings_by_application
    on benevolence_unmaskings (tenant_id, application_id, unmasked_at, id);

-- The money --------------------------------------------------------------------------------------------------------

-- One row for each tenant, which whoever moves money holds until their transaction ends.
create table benevolence_funds (
    tenant_id uuid not null,
    deposited bigint not null,
    awarded bigint not null,
    paid bigint not null,
    constraint benevolence_funds_pkey primary key (tenant_id),
    constraint benevolence_funds_tenant_fkey foreign key (tenant_id) references tenants (id),
    -- Never more paid than granted, nor more granted than put in.
    constraint benevolence_funds_check
        check (0 <= paid and paid <= awarded and awarded <= deposited and deposited <= 999999999999)
);

create table benevolence_fund_entries (
    id uuid not null,
    tenant_id uuid not null,
    kind text not null,
    amount bigint not null,
    source text not null,
    entry_date date not null,
    recorded_by uuid,
    created_at timestamptz not null,
    constraint benevolence_fund_entries_pkey primary key (id),
    constraint benevolence_fund_entries_tenant_id_id_key unique (tenant_id, id),
    constraint benevolence_fund_entries_tenant_fkey foreign key (tenant_id) references tenants (id),
    constraint benevolence_fund_entries_recorded_by_fkey
        foreign key (tenant_id, recorded_by) references memberships (tenant_id, user_id),
    constraint benevolence_fund_entries_kind_check check (kind in ('deposit', 'correction')),
    constraint benevolence_fund_entries_amount_check check (amount between 1 and 999999999999),
    constraint benevolence_fund_entries_source_check check (char_length(source) between 1 and 255)
);
create index benevolence_fund_entries_by_day on benevolence_fund_entries (tenant_id, entry_date, id);

-- Who decides, and by which rules ----------------------------------------------------------------------------------

create table benevolence_rules (
    tenant_id uuid not null,
    effective_from date not null,
    one_level_below bigint not null,
    two_levels_below bigint not null,
    three_levels_below bigint not null,
    reserve bigint not null,
    cap_per_member bigint,
    cap_medical bigint,
    cap_death_in_family bigint,
    cap_hardship bigint,
    cap_disaster bigint,
    cap_other bigint,
    naming text not null,
    set_by uuid,
    set_at timestamptz not null,
    constraint benevolence_rules_pkey primary key (tenant_id, effective_from),
    constraint benevolence_rules_tenant_fkey foreign key (tenant_id) references tenants (id),
    constraint benevolence_rules_set_by_fkey
        foreign key (tenant_id, set_by) references memberships (tenant_id, user_id),
    constraint benevolence_rules_thresholds_check check (
        0 <= one_level_below and one_level_below <= two_levels_below
        and two_levels_below <= three_levels_below and three_levels_below <= 999999999999
    ),
    constraint benevolence_rules_reserve_check check (reserve between 0 and 999999999999),
    constraint benevolence_rules_caps_check check (
        cap_per_member between 0 and 999999999999
        and cap_medical between 0 and 999999999999
        and cap_death_in_family between 0 and 999999999999
        and cap_hardship between 0 and 999999999999
        and cap_disaster between 0 and 999999999999
        and cap_other between 0 and 999999999999
    ),
    constraint benevolence_rules_naming_check check (naming in ('shown', 'need_first'))
);

create table benevolence_seats (
    id uuid not null,
    tenant_id uuid not null,
    level text not null,
    user_id uuid not null,
    first_day date not null,
    end_day date,
    constraint benevolence_seats_pkey primary key (id),
    constraint benevolence_seats_tenant_id_id_key unique (tenant_id, id),
    constraint benevolence_seats_tenant_fkey foreign key (tenant_id) references tenants (id),
    constraint benevolence_seats_user_fkey
        foreign key (tenant_id, user_id) references memberships (tenant_id, user_id),
    constraint benevolence_seats_level_check check (benevolence_rank(level) is not null),
    -- A seat that ends on its first day was called off before it began.
    constraint benevolence_seats_days_check check (end_day >= first_day)
);
create index benevolence_seats_by_user on benevolence_seats (tenant_id, user_id, level, first_day);
create index benevolence_seats_by_end on benevolence_seats (tenant_id, end_day);

-- Nobody has the same seat twice on one day. It is no exclusion constraint, because an index of ranges that also
-- compares ids needs an extension that few hosts have; whoever gives the same seat at the same time waits instead.
create function benevolence_seats_refuse_overlap() returns trigger language plpgsql as $$
begin
    perform pg_advisory_xact_lock(
        hashtextextended(concat_ws(' ', 'benevolence_seats', new.tenant_id, new.user_id, new.level), 0));
    if exists (
        select from benevolence_seats other
        where other.tenant_id = new.tenant_id and other.user_id = new.user_id and other.level = new.level
            and other.id <> new.id
            and daterange(other.first_day, other.end_day) && daterange(new.first_day, new.end_day)
    ) then
        raise exception 'the seat is held on some of these days already'
            using errcode = 'exclusion_violation', constraint = 'benevolence_seats_overlap';
    end if;
    return new;
end;
$$;
create trigger benevolence_seats_overlap before insert or update on benevolence_seats
    for each row execute function benevolence_seats_refuse_overlap();

create table benevolence_relations (
    id uuid not null,
    tenant_id uuid not null,
    member_id uuid not null,
    user_id uuid not null,
    kinship text not null,
    declared_by uuid,
    declared_at timestamptz not null,
    ended_at timestamptz,
    constraint benevolence_relations_pkey primary key (id),
    constraint benevolence_relations_tenant_id_id_key unique (tenant_id, id),
    constraint benevolence_relations_tenant_fkey foreign key (tenant_id) references tenants (id),
    constraint benevolence_relations_member_fkey
        foreign key (tenant_id, member_id) references members (tenant_id, id),
    constraint benevolence_relations_user_fkey
        foreign key (tenant_id, user_id) references memberships (tenant_id, user_id),
    constraint benevolence_relations_declared_by_fkey
        foreign key (tenant_id, declared_by) references memberships (tenant_id, user_id),
    constraint benevolence_relations_kinship_check check (
        kinship in ('spouse', 'ancestor', 'descendant', 'sibling', 'in_law', 'household', 'other')
    )
);
create unique index benevolence_relations_key on benevolence_relations (tenant_id, member_id, user_id)
    where ended_at is null;
create index benevolence_relations_by_user on benevolence_relations (tenant_id, user_id) where ended_at is null;

alter table benevolence_reviews enable row level security, force row level security;
alter table benevolence_answers enable row level security, force row level security;
alter table benevolence_payments enable row level security, force row level security;
alter table benevolence_unmaskings enable row level security, force row level security;
alter table benevolence_funds enable row level security, force row level security;
alter table benevolence_fund_entries enable row level security, force row level security;
alter table benevolence_rules enable row level security, force row level security;
alter table benevolence_seats enable row level security, force row level security;
alter table benevolence_relations enable row level security, force row level security;

create policy benevolence_reviews_of_tenant on benevolence_reviews
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
create policy benevolence_answers_of_tenant on benevolence_answers
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
create policy benevolence_payments_of_tenant on benevolence_payments
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
create policy benevolence_unmaskings_of_tenant on benevolence_unmaskings
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
create policy benevolence_funds_of_tenant on benevolence_funds
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
create policy benevolence_fund_entries_of_tenant on benevolence_fund_entries
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
create policy benevolence_rules_of_tenant on benevolence_rules
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
create policy benevolence_seats_of_tenant on benevolence_seats
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
create policy benevolence_relations_of_tenant on benevolence_relations
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());

grant select, insert on benevolence_reviews, benevolence_answers, benevolence_unmaskings, benevolence_fund_entries
    to unionhall_runtime;
grant select, insert on benevolence_payments to unionhall_runtime;
grant update (reversal_reason, reversed_by, reversed_at) on benevolence_payments to unionhall_runtime;
grant select, insert, update on benevolence_funds, benevolence_rules to unionhall_runtime;
grant select, insert on benevolence_seats, benevolence_relations to unionhall_runtime;
grant update (end_day) on benevolence_seats to unionhall_runtime;
grant update (ended_at) on benevolence_relations to unionhall_runtime;

-- Whether what is on record about an application, or about a list of them, would tell this person whose it is: somebody
-- who reviews, in a hall that shows the need before the name, and who has not decided on it nor had it unmasked. It
-- says of a record what the domain says of the application itself; a test holds the two together.
create function benevolence_held_back(
    application uuid, actor uuid, onlooker uuid, onlooking_member uuid, day date
) returns boolean
    language sql stable parallel safe cost 1000
    return
        coalesce((
            select rules.naming = 'need_first' from benevolence_rules rules
            where rules.tenant_id = app_tenant() and rules.effective_from <= day
            order by rules.effective_from desc limit 1
        ), false)
        and exists (
            select from benevolence_seats seat
            where seat.tenant_id = app_tenant() and seat.user_id = onlooker
                and seat.first_day <= day and (seat.end_day is null or day < seat.end_day)
        )
        and case
            when application is null then actor is distinct from onlooker
            else exists (
                select from benevolence_applications held
                where held.tenant_id = app_tenant() and held.id = application
                    and held.status in ('draft', 'submitted', 'under_review', 'needs_info')
                    and held.member_id is distinct from onlooking_member
                    and held.filed_by is distinct from onlooker
                    and not exists (
                        select from benevolence_reviews review
                        where review.tenant_id = held.tenant_id and review.application_id = held.id
                            and review.decision <> 'needs_info'
                            and (review.reviewer_id = onlooker or review.reviewer_member_id = onlooking_member)
                    )
                    and not exists (
                        select from benevolence_unmaskings unmasking
                        where unmasking.tenant_id = held.tenant_id and unmasking.application_id = held.id
                            and unmasking.user_id = onlooker
                    )
            )
        end;

-- The search of applications, for the reasons and in the manner of the search of members. ----------------------------

create policy benevolence_applications_searched on benevolence_applications
    for select to unionhall_search using (true);
grant select (
    id, tenant_id, year, place, member_id, application_date, reason, amount_requested, status, since, deleted_at, search
) on benevolence_applications to unionhall_search;

-- What finds the applications with all these words as prefixes. Null when there is nothing to look for.
create function benevolence_search_query(words text) returns tsquery
    language plpgsql immutable strict parallel safe
as $$
begin
    return (
        with parts as (
            select part
            from string_to_table(translate(public.f_unaccent(left(words, 500)), e'\t\n\r', '   '), ' ') as part
        ),
        tokens as (
            select left(part, 40) as token from parts where part ~ '^(bf-[0-9-]*|[0-9]{4}-[0-9]*)$'
            union
            select unnest(public.f_words(part)) from parts where part !~ '^(bf-[0-9-]*|[0-9]{4}-[0-9]*)$'
            order by token
            limit 8
        )
        select string_agg(public.f_quoted_lexeme(token) || ':*', ' & ')::tsquery from tokens
    );
end
$$;

-- The ids of the first `row_limit` applications behind the given place that match, in order. The place is
-- (after_year, after_place) when sorted by number, (after_amount, after_id) when sorted by amount, and
-- (after_since, after_id) when sorted by since when they stand where they stand.
create function benevolence_search(
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

-- How many applications match.
create function benevolence_search_count(
    words text, status text, reason text, member_id uuid, made_from date, made_until date
) returns bigint
    language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
    total bigint;
begin
    execute
        'select count(*) from benevolence_applications
        where tenant_id = app_tenant() and search @@ $1 and deleted_at is null
            and ($2 is null or status = $2)
            and ($3 is null or reason = $3)
            and ($4 is null or member_id = $4)
            and ($5 is null or application_date >= $5)
            and ($6 is null or application_date <= $6)'
    into total
    using benevolence_search_query(words), status, reason, member_id, made_from, made_until;
    return total;
end
$$;

revoke all on function benevolence_search from public;
revoke all on function benevolence_search_count from public;
grant execute on function benevolence_search, benevolence_search_count to unionhall_runtime;

alter function benevolence_search owner to unionhall_search;
alter function benevolence_search_count owner to unionhall_search;
